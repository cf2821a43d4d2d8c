// What a plan's effects rest on, and what they do not say, in words.
#pragma once
#include <vector>

#include "hinterland/impact/plan_effect.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

std::vector<Paragraph> plan_effect_limits(const PlanEffect& effect);

}  // namespace hinterland
