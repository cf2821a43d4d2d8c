// The result of a plan as a file, and what it takes to trust it: nothing but the study.
//
// A result (data/schema/plan.schema.json) holds capacities, the prices that its bound is computed from (of several
// solves, where opening costs something), the cuts that became rows, and what is carried over midnight. Everything else
// in it, objective, bound, peaks, what is left unserved, follows from these and the study: verify_result() works it out
// anew and compares. Flows are not in it: it dispatches. Only why a plan does not do all that was asked follows from no
// price, nor that there is no plan: what the result says of that is solved anew.
#pragma once
#include <string>
#include <vector>

#include "hinterland/plan/study_plan.hpp"

namespace hinterland {

// What a result says it was made from.
struct ResultOrigin {
  std::string study;
  std::vector<std::string> assignments;
  double carbon_price = 0, water_price = 0;  // money a kg, a litre
};

std::string plan_json(const Study& study, const Atlas& atlas, const Charges& charges, const StudyPlan& plan);

// Fails if the text is no result; all that is missing is listed.
Expected<ResultOrigin> read_origin(const std::string& json, const std::string& file);

// The places at which the result differs from what follows from its capacities and prices: "sites[3].peak_kw: 12.5
// there, 12.25 worked out". Numbers are the same within 1e-9 of themselves. That a search was stopped is taken on trust.
// Fails if the result does not fit the study.
Expected<std::vector<std::string>> verify_result(const std::string& json, const std::string& file,
                                                 const Study& study, const Atlas& atlas,
                                                 const Charges& charges, const StudyProblem& setup,
                                                 const StudyOptions& solving = {});

// "30 %", "120 MW": what a limit asks for, or has.
std::string limit_text(const LimitRow& row, double value);

// What this plan does not do of what was asked, in words.
std::vector<std::string> because(const Study& study, const StudyPlan& plan);

// "if drought-2011 takes guian and shaoguan, 120 MW of web from guangdong ... must find room at ...": a cut in words.
std::string in_words(const Study& study, const StudyPlan& plan, const SurvivalCut& cut);

}  // namespace hinterland
