// What it takes to trust a result of a plan (plan_result.hpp): nothing but the study.
//
// Objective, bound, peaks and all else that follows from the capacities and prices of the result is worked out anew, by
// dispatching; why a plan does not do all that was asked follows from no price, nor that there is no plan: what the
// result says of that is solved anew. That a search was stopped is taken on trust.
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

// Fails if the text is no result; all that is missing is listed.
Expected<ResultOrigin> read_origin(const std::string& json, const std::string& file);

// The places at which the result differs from what follows from its capacities and prices: "sites[3].peak_kw: 12.5
// there, 12.25 worked out". Numbers are the same within 1e-9 of themselves. Fails if the result does not fit the study.
Expected<std::vector<std::string>> verify_result(const std::string& json, const std::string& file,
                                                 const Study& study, const Atlas& atlas,
                                                 const Charges& charges, const StudyProblem& setup,
                                                 const StudyOptions& solving = {});

}  // namespace hinterland
