// What one more unit of a pool would have been worth in each slot of a day, by the planner: the day as a siting problem of given
// capacities (siting/problem.hpp), a slot an hour of it, and its tasks as work that may wait.
//
// Tasks that may run in the same pools and come in the same slots are one demand; it may wait as long as the one of them that may
// wait longest, and is cut into pieces at will. So these are prices of something a little easier than the day: whatever prices are
// used, a bound at them holds (clairvoyant.hpp), and at these it is high.
#pragma once
#include <vector>

#include "hinterland/replay/day_work.hpp"

namespace hinterland {

// [slot x pools + pool] millionths of money for a unit-hour, at least 0; empty: the planner takes no such day.
std::vector<double> planned_scarcity(const DayWork& day);

}  // namespace hinterland
