// The faults of a scenario: those that are named, and those that are drawn from failure models.
#pragma once
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/sim/scenario_network.hpp"
#include "hinterland/sim/scenario_world.hpp"

namespace hinterland {

struct ScenarioFaults {
  std::vector<Fault> faults;               // by the time at which they begin
  std::vector<std::vector<Spike>> spikes;  // by pool
};

// `setup` has its pools, its start and its jobs; `lines` are those of each site, where lines are shared. Problems are
// added to `errors`: unknown names, sites without a pool, faults of one kind that overlap at one place.
ScenarioFaults scenario_faults(const Scenario& scenario, const Atlas& atlas, const ScenarioWorld& setup,
                               const SiteLines& lines, Errors& errors);

}  // namespace hinterland
