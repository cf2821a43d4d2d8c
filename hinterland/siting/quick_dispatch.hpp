// A dispatch for whoever has no time: valid, not the cheapest.
//
// Hour by hour each prompt demand takes the room that is cheapest for it, by energy, network and the scarcity given;
// then each hub, in the order of their windows, takes for each of its deferrals the cheapest room that is left in its
// window. What finds none is unserved. Where caps would be broken, so much of everything is left unserved as keeps
// them. The same result every time; O(hours x demands x sites).
#pragma once
#include <vector>

#include "hinterland/siting/dispatch.hpp"

namespace hinterland {

// `capacity` [site] in kW; `scarcity` [hour x sites + site], money per kW, only guides, and is what the dispatch
// says of scarcity.
Dispatch dispatch_quickly(const SitingProblem& problem, const std::vector<double>& capacity,
                          const std::vector<double>& scarcity);

}  // namespace hinterland
