// The result of a plan as a file, and in words.
//
// A result (data/schema/plan.schema.json) holds capacities, the prices that its bound is computed from (of several
// solves, where opening costs something), the cuts that became rows, and what is carried over midnight. Everything else
// in it follows from these and the study (verify_result.hpp). Flows are not in it.
#pragma once
#include <string>
#include <vector>

#include "hinterland/plan/study_plan.hpp"

namespace hinterland {

// [ColumnKind] the field of a site that says how much of it there is.
inline constexpr const char* kCapacityFields[] = {"kept_kw", "filled_kw", "new_kw"};

std::string plan_json(const Study& study, const Atlas& atlas, const Charges& charges, const StudyPlan& plan);

// "30 %", "120 MW": what a limit asks for, or has.
std::string limit_text(const LimitRow& row, double value);

// What this plan does not do of what was asked, in words.
std::vector<std::string> because(const Study& study, const StudyPlan& plan);

// "if drought-2011 takes guian and shaoguan, 120 MW of web from guangdong ... must find room at ...": a cut in words.
std::string in_words(const Study& study, const StudyPlan& plan, const SurvivalCut& cut);

}  // namespace hinterland
