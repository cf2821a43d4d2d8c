// Step 2 of the elimination: the prices of an hour's sites, and the passes over hours.
//
// What demands left (demand_step.hpp), the hubs' outflows and the cells' conductance G give one symmetric M-matrix H an
// hour, whose diagonal is built as row excess plus what stands off it:
//     H dprice = right + sum_hubs theta dhub + B (dC, dnu),    B = [-a w1 | G intensity]
// H is inverted: it is small, and hubs (step 3) and border (step 4) both ask for it.
#pragma once
#include "hinterland/siting/newton.hpp"

namespace hinterland {

// Takes the last step of everything in the group's hours and factors them: inverse, `solved` of the predictor, and what
// the border's system gets from them.
void factor_hours(Newton& newton, std::uint32_t group, PassSums& sums);

// The predictor in these hours, and right sides of the corrector.
void predict_hours(Newton& newton, std::uint32_t group, PassSums& sums);

// `solved` of the corrector, and the border's right side from it.
void prepare_hours(Newton& newton, std::uint32_t group, PassSums& sums);

// The corrector's step.
void correct_hours(Newton& newton, std::uint32_t group, PassSums& sums);

}  // namespace hinterland
