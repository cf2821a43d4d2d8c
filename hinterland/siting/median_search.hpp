// Medians by Lagrange's relaxation, branch and bound.
//
// With a price u_i for the service of node i, the relaxation without "each node is served once" comes apart by medians:
//     L(u) = sum_i u_i + the p least of rho_j,   rho_j = sum_i min(0, d_ij - u_i)
// is at most the optimum for any u (Narula, Ogbu & Samuelsson 1977, Operations Research 25, 709). The medians it takes, improved by exchanging one for
// another while that helps (Teitz & Bart 1968, Operations Research 16, 955), are a choice. In no choice better than the
// best is a node j with L + rho_j - (the p-th least) beyond it; in each is one with L - rho_j + (the next least) beyond.
#pragma once
#include <functional>

#include "hinterland/siting/location.hpp"

namespace hinterland {

// Requires 1 <= medians <= nodes, and distances that are finite, symmetric and at least 0. Stops where bound and cost
// meet, or when `go_on` says so.
LocationAnswer search_medians(const Medians& problem, double gap, const std::function<bool()>& go_on);

}  // namespace hinterland
