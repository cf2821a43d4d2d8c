// Warehouses by Lagrange's relaxation, branch and bound.
//
// With a price u_i for serving customer i, the relaxation without "each customer is served" comes apart by warehouses:
//     L(u) = sum_i u_i + min { sum_j rho_j y_j : sum_j capacity_j y_j >= all demand, 0 <= y <= 1 }
//     rho_j = fixed_j + min { sum_i (c_ij - u_i) x_ij : sum_i demand_i x_ij <= capacity_j, 0 <= x <= 1 }
// both of which take what is worth most for its size first (Beasley 1988, European J. of Operational Research 33, 314).
// Each u says of a warehouse what opening or closing it would add: beyond the best choice's cost, no better one does. What
// a choice of warehouses costs, a transport problem, HiGHS says.
#pragma once
#include <functional>

#include "hinterland/siting/location.hpp"

namespace hinterland {

// Stops where bound and cost meet, or when `go_on` says so: asked between steps and choices.
LocationAnswer search_warehouses(const Warehouses& problem, double gap, const std::function<bool()>& go_on);

}  // namespace hinterland
