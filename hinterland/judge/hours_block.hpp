// The hours in which the work runs, at home and at the best site, and what annual means would have said instead.
#pragma once
#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

FactsBlock hours_block(const Atlas& atlas, const RateYear& rates, const Verdict& verdict);

// "ready at 22:00 each day; it takes the cheapest 12 h within 8 h".
std::string describe_run(const Run& run);

// A site's year as months by hours of the day: PUE, and the price and the carbon of a kWh that reaches the servers.
HeatBlock pue_map(const RateYear& rates, const Site& site);
HeatBlock price_map(const Atlas& atlas, const RateYear& rates, const Site& site);
HeatBlock carbon_map(const Atlas& atlas, const RateYear& rates, const Site& site);

}  // namespace hinterland
