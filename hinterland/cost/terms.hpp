// From the atlas's records to the terms of a price: the one place where they meet.
#pragma once
#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cost/price.hpp"
#include "hinterland/cost/site_year.hpp"
#include "hinterland/work/workload.hpp"

namespace hinterland {

ServerTerms server_terms(const Server& server);
ServerShape server_shape(const Server& server);

// How much of the modelled overhead the site really has, its modelled mean being `modelled`:
// (metered PUE - 1) / modelled, or the site's overhead_ratio where none is metered.
double overhead_level(const Site& site, double modelled);
// The same of water: metered WUE / modelled, 1 where none is metered.
double water_level(const Site& site, double modelled_l_per_kwh);

// The terms of hours whose means are `hours` (site_year.hpp).
SiteTerms site_terms(const Atlas& atlas, const Site& site, const SiteYear& year, const HourMeans& hours);

// The terms of a site whose new servers are used, and whose racks are filled, as those of `other`.
SiteTerms used_as(SiteTerms terms, const Site& other);

}  // namespace hinterland
