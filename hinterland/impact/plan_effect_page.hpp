// What a plan does to the regions, as a page: jobs and for whom, what of the money stays, and what else it could have bought.
#pragma once
#include "hinterland/impact/plan_effect.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page plan_effect_page(const Atlas& atlas, const PlanEffect& effect);

std::string plan_effect_json(const Atlas& atlas, const PlanEffect& effect);

}  // namespace hinterland
