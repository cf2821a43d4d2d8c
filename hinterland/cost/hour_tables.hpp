// A site's hours as lists and as tables of month x hour of the day: what is drawn, not what is charged.
#pragma once
#include <span>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cost/site_year.hpp"

namespace hinterland {

// 8,760 values each. Price and carbon are of a kWh that reaches the servers: PUE(h) x what a kWh at the meter costs or emits.
std::vector<double> pue_by_hour(const Site& site, const SiteYear& year);
std::vector<double> price_by_hour(const Site& site, const SiteYear& year);  // money / IT kWh
std::vector<double> carbon_by_hour(const Atlas& atlas, const Site& site,
                                   const SiteYear& year);  // kg / IT kWh, location

// The means over each month's days of each hour of the day: 12 x 24, January first. Requires 8,760 values.
std::vector<double> month_by_hour(std::span<const double> hours);

}  // namespace hinterland
