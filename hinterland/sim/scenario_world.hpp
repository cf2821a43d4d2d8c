// From a scenario and an atlas to the world that is simulated: the one place where they meet.
//
//   jobs      of traces and models, what they do not say taken from their class; arrivals count from the first whole hour
//   pools     as many servers as asked for; `load` and `of_demand` from what the jobs would keep busy in the mean
//   options   the pools in which jobs of a class and home may run (cost/allowed.hpp), what moving a GB there costs and takes
//   rates     the price of each pool by the hour, by the basis of its capacity (cost/unit_rates.hpp)
//   faults    as named, and drawn from the failure models
//
// Sizes are whole: cores and GB of memory rounded up, GPUs to eighths of one. With more than 2,048 sizes memory is rounded up
// to 2, 4, 8 ... GB until there are no more.
#pragma once
#include <string>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/progress.hpp"
#include "hinterland/cost/rate_year.hpp"
#include "hinterland/sim/scenario.hpp"
#include "hinterland/sim/world.hpp"
#include "hinterland/work/workload.hpp"

namespace hinterland {

// A pool in which jobs of a class and home may not run, and why.
struct Barred {
  GroupIndex group;
  PoolIndex pool;
  std::string why;
};

// A world, and what only its reader needs.
struct ScenarioWorld {
  SimWorld world;
  std::string policy;
  std::vector<std::string> pool_keys;  // the scenario's names, by pool
  std::vector<Basis> basis;            // by pool
  std::vector<std::string> regions;    // by group
  std::vector<PoolIndex> homes;        // by group
  std::vector<Barred> barred;
  std::string offer;   // how bytes move
  Hours start;         // hour of the model year at which the run starts
  double trace_s = 0;  // CPU seconds spent on reading and making jobs
};

// Fails with all problems: names that the atlas lacks, a class without a pool at home or that nobody may run, jobs larger
// than any pool, faults at sites without a pool, faults of one kind that overlap; what check_world() (simulate.hpp) finds.
Expected<ScenarioWorld> scenario_world(const Scenario& scenario, const Atlas& atlas, const RateYear& rates,
                                       const Charges& charges, const WorkFolders& folders, Progress& progress,
                                       const std::vector<std::string>& workload_assignments = {});

}  // namespace hinterland
