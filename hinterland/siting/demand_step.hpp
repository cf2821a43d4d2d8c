// Step 1 of the elimination: prompt demand rows, each a division.
//
// With theta = x / z of an arc, z = energy + network + price - demand price, Theta their sum with that of the unserved:
//     Theta ddemand = kw - sum c + sum theta dprice
// What is left couples the sites of an hour through the matrix  diag(sum theta) - sum theta theta' / Theta, of which
// off the diagonal -theta_p theta_q / Theta is added to `matrix`, and of the diagonal only the row's excess over it,
// theta_s theta_unserved / Theta, to `excess`: nothing cancels.
#pragma once
#include "hinterland/siting/newton.hpp"

namespace hinterland {

// Takes the last step of the group's arcs and demand prices; `before` [site] are the cells' prices until then. Adds to
// the group's matrix [sites x sites, each pair in either triangle], excess and right side [site] of the predictor.
void factor_demands(Newton& newton, std::uint32_t group, const Lanes* before, Lanes* matrix, Lanes* excess,
                    Lanes* right, PassSums& sums);

// The predictor's demand prices, and right sides [site] of the corrector.
void predict_demands(Newton& newton, std::uint32_t group, Lanes* right, Lanes* right_per_mu, PassSums& sums);

// The corrector's steps.
void correct_demands(Newton& newton, std::uint32_t group, PassSums& sums);

}  // namespace hinterland
