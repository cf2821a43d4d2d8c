// What the pools of a scenario cost: hourly rates, the line by which bytes move, and given prices of scarce hours.
#pragma once
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cost/rate_year.hpp"
#include "hinterland/sim/scenario_world.hpp"

namespace hinterland {

// The forecast rates of its pools by the figures of an atlas, which may be another than it was made with.
std::vector<UnitRates> pool_rates(const Scenario& scenario, const Atlas& atlas, const RateYear& rates,
                                  const Charges& charges, const ScenarioWorld& setup);

// Money a server-hour in each of the 8,760 hours of the model year, one column a pool, as sums of a unit's millionths since
// the start of the run (SimWorld::scarcity).
Expected<std::vector<std::vector<double>>> read_scarcity(const std::string& file, const ScenarioWorld& setup);

}  // namespace hinterland
