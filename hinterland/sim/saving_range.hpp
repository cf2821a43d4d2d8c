// How sure is what a policy saves? All cited ranges of the atlas drawn at once, and the whole run done anew, with the policy
// and with everybody at home: policies see the drawn prices too, so what moves may change.
//
// Drawn are the figures with a range of the sites that have a pool, of their grids, of the server types, of the line by which
// bytes move, and of the country; how they hang together: cost/draw_plan.hpp. Jobs, sizes of pools and hours (weather, tariff
// periods) stay as they are.
#pragma once
#include <cstdint>

#include "hinterland/sim/sim_result.hpp"

namespace hinterland {

// Draws in which either run leaves other jobs undone than the other are not counted. Stops early if `progress` says so.
SavingRange draw_savings(const Scenario& scenario, const ScenarioWorld& setup, const Atlas& atlas,
                         const RateYear& rates, const Charges& charges, const PolicyEntry& policy,
                         std::int64_t draws, std::uint64_t seed, Progress& progress);

}  // namespace hinterland
