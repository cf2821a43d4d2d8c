// Why a plan does not do all that was asked: no plan could, for some rules cannot all be kept; or leaving work unserved
// is the cheaper.
//
// Rules are caps, limits, hazards to survive, power limits, and the largest sizes of new buildings. What they allow is
// asked at a price of unserved work that is beyond what any capacity costs. If not everything can be served then, each
// rule is taken away in turn; if what is left still cannot be kept, it stays away (the deletion filter: Chinneck &
// Dravnieks 1991, ORSA Journal on Computing 3, 157). What remains is a conflict: without any one of it, the others can
// be kept. Its rules are taken away and the next one is looked for, until all that is left can be kept.
#pragma once
#include "hinterland/plan/study_plan.hpp"

namespace hinterland {

// Fills in `conflicts` or `unserved_by_choice` of a plan of `setup`, which are the study's numbers without rows of cuts.
// Rules are named as "cap co2", "limit west.least_share", "survive drought-2011", "largest sizes of new buildings",
// "power limits". Neither where the watch stopped it: the plan then counts as stopped. Of `options` the watch is used:
// which rules are named depends on the study alone.
void explain(StudyPlan& plan, const StudyProblem& setup, const StudyOptions& options);

}  // namespace hinterland
