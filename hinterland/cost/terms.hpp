// From the atlas's records to the terms of a price: the one place where they meet.
#pragma once
#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cost/price.hpp"
#include "hinterland/work/workload.hpp"

namespace hinterland {

ServerTerms server_terms(const Server& server);
ServerShape server_shape(const Server& server);
SiteTerms site_terms(const Atlas& atlas, const Site& site);

// The terms of a site whose new servers are used, and whose racks are filled, as those of `other`.
SiteTerms used_as(SiteTerms terms, const Site& other);

}  // namespace hinterland
