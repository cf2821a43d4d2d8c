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

// What a site charges whatever the hour, and what scales its hours.
struct SiteLevels {
  SiteTerms terms;  // all but what the hours decide: pue, power_price, location, water
  double overhead = 1, water = 1;
  MoneyPerKwh power_price;
  KgPerKwh location;
};
SiteLevels site_levels(const Atlas& atlas, const Site& site, const SiteYear& year);

// The terms of hours whose means are `hours` (site_year.hpp).
SiteTerms site_terms(const SiteLevels& levels, const HourMeans& hours);
SiteTerms site_terms(const Atlas& atlas, const Site& site, const SiteYear& year, const HourMeans& hours);

// The terms of a site whose new servers are used, and whose racks are filled, as those of `other`.
SiteTerms used_as(SiteTerms terms, const Site& other);

}  // namespace hinterland
