// The cheapest dispatch that keeps the caps.
//
// A mixture of two that are optimal at cap prices just too low and just high enough, near those given; so near each other
// that the mixture costs 2e-7 too much at most, or 1e-5 apart. Where several caps bind, their prices rise and fall
// together. Nothing is ever unserved for want of looking further: at last caps are kept by leaving work unserved.
#pragma once
#include <functional>
#include <vector>

#include "hinterland/siting/bound.hpp"
#include "hinterland/siting/carry.hpp"
#include "hinterland/siting/dispatch.hpp"

namespace hinterland {

// `capacity` [site] in kW. Begins at the prices of capacity and caps. Over cuts of windows runs what `carried` says;
// where that is empty, windows are dispatched whole. `go_on` is asked now and then; false: the cost is infinite.
Dispatch capped_dispatch(const SitingProblem& problem, const std::vector<double>& capacity,
                         const SitingPrices& prices, const Carried& carried,
                         const std::function<bool()>& go_on = {});

}  // namespace hinterland
