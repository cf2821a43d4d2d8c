// The hours in which the work runs, at home and at the best site, and what annual means would have said instead.
#pragma once
#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

FactsBlock hours_block(const Atlas& atlas, const RateYear& rates, const Verdict& verdict);

// "12 h, begun at 15 July 20:00, the cheapest start of the 12 h it may wait".
Words describe_run(const Run& run, const SiteYear& year);

}  // namespace hinterland
