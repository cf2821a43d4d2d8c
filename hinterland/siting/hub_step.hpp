// Step 3 of the elimination: deferral rows, and the prices of hubs.
//
// A deferral's row is a division, as a prompt demand's. What it leaves couples the sites of its hub; the hours that a
// hub spreads over couple it to the hubs that share them:
//     [diag(sum_t theta_out + sum_j theta_in) - sum_j theta_in theta_in' / Theta_j] dhub
//       - sum_t theta_out H^-1 theta_out' dhub'  =  right + sum_t theta_out solved + (sum_t theta_out H^-1 B) (dC, dnu)
// symmetric, positive definite, in blocks of rows x rows; blocks further apart than `band` share no hour. A row
// that no hub of a block uses is one of the unit matrix.
#pragma once
#include "hinterland/siting/newton.hpp"

namespace hinterland {

// Takes the last step of the block's deferrals; its block row, its part of the border columns, and the predictor's
// right side. Needs the hours factored.
void factor_block(Newton& newton, std::uint32_t block, PassSums& sums);

// The predictor's deferral prices, and right sides of the corrector. Needs the hours predicted.
void predict_hub(Newton& newton, std::uint32_t hub, PassSums& sums);

// The corrector's right side, once mu is known and the hours are prepared.
void prepare_hub(Newton& newton, std::uint32_t hub);

// The corrector's steps.
void correct_hub(Newton& newton, std::uint32_t hub, PassSums& sums);

// Takes the step of the hub's prices, before the cells take theirs.
void take_hub_prices(Newton& newton, std::uint32_t hub);

}  // namespace hinterland
