// Why no plan can do what was asked: a smallest set of rules that cannot all be kept.
//
// Rules are caps, limits, hazards to survive, power limits, and the largest sizes of new buildings. Each is taken away
// in turn; if what is left still cannot be kept, it stays away (the deletion filter: Chinneck & Dravnieks 1991, ORSA
// Journal on Computing 3, 157). What remains is smallest in that any one of it taken away would make a plan possible.
#pragma once
#include <string>
#include <vector>

#include "hinterland/plan/study_plan.hpp"

namespace hinterland {

// "cap co2", "limit west.least_share", "survive drought-2011", "largest sizes of new buildings", "power limits". Empty
// where even without any rule some demand is not served, for that is cheaper than capacity for a few hours; or where
// the watch stopped it. `setup` is the study's numbers without rows of cuts.
std::vector<std::string> smallest_conflict(const StudyProblem& setup, const StudyOptions& options);

}  // namespace hinterland
