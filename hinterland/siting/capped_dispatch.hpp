// The cheapest dispatch that keeps the caps.
//
// With D for all dispatches, c(d) and u_k(d) their cost and their use of cap k, the best mixture
//
//     min sum_d w_d c(d)   where   sum_d w_d u_k(d) <= most_k,  sum_d w_d = 1
//
// is a linear program over D of which few are ever needed (Dantzig & Wolfe 1960, Operations Research 8, 101): at the cap
// prices of those known, the cheapest of all is a minimum-cost flow (dispatch.hpp), and either it lowers the mixture's cost
// or it proves it, by Lagrange's bound c(d) + sum_k p_k (u_k(d) - most_k). Prices may move only within a box about the best
// so far, which grows while they end at its edge (Marsten, Hogan & Blankenship 1975, Operations Research 23, 389): those
// given are nearly right. To serve nobody is among the dispatches, so that every cap can be kept.
#pragma once
#include <functional>
#include <vector>

#include "hinterland/siting/bound.hpp"
#include "hinterland/siting/carry.hpp"
#include "hinterland/siting/dispatch.hpp"

namespace hinterland {

// `capacity` [site] in kW. Begins at the prices of capacity and caps. Costs 2e-7 more than need be at most, or what 60
// dispatches get to. Over cuts of windows runs what `carried` says; where that is empty, windows are dispatched whole.
// `go_on` is asked now and then; false: the cost is infinite.
Dispatch capped_dispatch(const SitingProblem& problem, const std::vector<double>& capacity,
                         const SitingPrices& prices, const Carried& carried,
                         const std::function<bool()>& go_on = {});

}  // namespace hinterland
