// A simulated day as the journal that a broker would have kept of it, step by step: one an instant at which anything happened, its
// facts in the order of the simulator (sim/simulate.hpp). Run again by replay it comes out the same, to the millisecond and to the
// millionth; that is what it is for, and what its test holds it to.
//
// A broker knows less than the simulator may be told to do: what has no fact is refused, by its name. These are faults other than
// of whole sites, transfers that take time before a job has its place, checkpoints that something was kept of, runs in pieces,
// work that gave way, prices that nobody foresaw, given scarcity.
//
// A task that a fault drove away while it waited is written as placed where it ran in the end: nobody kept where it waited.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "hinterland/journal/journal.hpp"
#include "hinterland/sim/simulate.hpp"

namespace hinterland {

// What the simulator does not know of its world.
struct SimulatedHouse {
  std::string journal;               // its name
  std::vector<std::string> pools;    // by pool
  std::vector<PoolPricing> pricing;  // by pool
  std::string currency;
  HouseRules rules;  // the queue is the world's
};

// Calls `take` with the facts of each step, in order, until it fails.
Expected<void> write_simulated(const SimWorld& world, const SimRun& run, const SimulatedHouse& house,
                               const std::function<Expected<void>(Facts facts)>& take);

}  // namespace hinterland
