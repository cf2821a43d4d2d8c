// A dispatch for whoever has no time: valid, not the cheapest.
//
// Hour by hour each prompt demand takes the room that is cheapest for it, by energy, network and the prices given;
// then each hub, in the order of their windows, takes for each of its deferrals the cheapest room that is left in its
// window. What finds none is unserved. Where caps would be broken, so much of everything is left unserved as keeps
// them. The same result every time; O(hours x demands x sites).
#pragma once
#include <vector>

#include "hinterland/siting/bound.hpp"
#include "hinterland/siting/dispatch.hpp"

namespace hinterland {

// `capacity` [site] in kW. Prices of capacity and caps only guide; the dispatch says the former of scarcity.
Dispatch dispatch_quickly(const SitingProblem& problem, const std::vector<double>& capacity,
                          const SitingPrices& prices);

}  // namespace hinterland
