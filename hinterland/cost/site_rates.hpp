// The rates of a server at a site, by the hour: what a year of the site (site_year.hpp) at its levels (terms.hpp) makes of the
// full price (price.hpp), cut into units. Whoever only reads rates includes unit_rates.hpp, and knows no atlas.
#pragma once
#include <vector>

#include "hinterland/cost/price.hpp"
#include "hinterland/cost/site_year.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/cost/unit_rates.hpp"

namespace hinterland {

// The rates of 1 / `units_per_server` of a server at a site. `start` is the hour of the model year at which the run starts.
UnitRates unit_rates(const ServerTerms& server, const SiteLevels& levels, const SiteYear& year,
                     const Deal& deal, const Charges& charges, double units_per_server, std::size_t start,
                     std::vector<Spike> spikes = {});

}  // namespace hinterland
