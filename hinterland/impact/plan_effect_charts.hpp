// The pictures of a plan's effect.
#pragma once
#include "hinterland/impact/plan_effect.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// People at work there: built, then run.
LinesBlock jobs_over_time(const PlanEffect& effect);
// Permanent jobs of each billion invested, beside other uses. Requires an investment.
BarsBlock uses_bars(const PlanEffect& effect);
MapBlock added_map(const Atlas& atlas, const PlanEffect& effect);

}  // namespace hinterland
