// A recorded day as the world that the simulator runs: the one place where they meet.
//
//   pools     as the journal says, and how they changed; rates of their sites by the atlas, with the prices that were heard.
//             What starting takes there, how fast they are and how fast inputs come are the atlas's (sites.csv: start_up_s, speed,
//             input_mbps), which knows nothing of that until somebody fits it (fit.hpp)
//   jobs      a task is a job, in the order in which they were placed: what was asked for, and how long it ran where it ran.
//             Attempts that failed, or that a machine took along, are tries before it (Try)
//   groups    tasks for which the same was asked, of one project
//   inputs    move to pools that were seen to have a path: where a job's inputs did move, as much as then, else all of them
//
// Not modelled: budgets, holds and jobs that come after others (their tasks come when they came; those that never could begin come
// never), how many tasks a second are
// placed anew, hosts to be avoided, sizes that grew (the last counts), rules that changed (the last count), what a failed host
// did to a task where it had not been placed (it is taken to fail there as well).
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/cost/rate_year.hpp"
#include "hinterland/replay/day.hpp"
#include "hinterland/sim/world.hpp"

namespace hinterland {

struct DayWorld {
  SimWorld world;
  PolicyEntry policy;            // by which the day was run
  std::vector<TaskIndex> tasks;  // [sim's job]
  std::vector<bool> over;        // [sim's job]: its task has ended: it is held against what was
  std::vector<bool> done;        // [sim's job]: it ended well: its results were moved
  // Tasks that were placed, and then held, or made to wait for other jobs, and still are when the journal ends: they are not in it.
  std::int64_t blocked = 0;
  std::string currency;
};

// Fails with all problems: sites, server types and a policy that are not known, times and sizes that no simulation takes.
Expected<DayWorld> day_world(const Day& day, const Atlas& atlas, const RateYear& rates);

}  // namespace hinterland
