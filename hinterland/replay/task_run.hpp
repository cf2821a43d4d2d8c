// How a task fared, in the journal or in a simulation of it: the same numbers for both, so that one can be held against the other.
//
//   finish - arrival = waiting + lost + staging + start_up + running
//
//   waiting    no attempt held a place
//   lost       attempts held one that were not the last: they failed, or went with their machine or pool
//   staging    of the last attempt: from when it had its place until its inputs were there
//   start_up   of it: what it held its place beside that and its run, until somebody heard that it was over
//   running    of it: by the clock of who ran it
//
// Bills are those of all its attempts that somebody pays for (bill_of_attempt() in broker/state.hpp), with the prices that were
// known when each ended.
#pragma once
#include <array>
#include <string_view>
#include <vector>

#include "hinterland/replay/day_world.hpp"
#include "hinterland/sim/simulate.hpp"

namespace hinterland {

enum class TimePart : std::uint8_t { waiting, lost, staging, start_up, running };
inline constexpr std::array kTimeParts = {TimePart::waiting, TimePart::lost, TimePart::staging,
                                          TimePart::start_up, TimePart::running};
std::string_view name_of(TimePart part);

struct TaskRun {
  bool ended = false;  // if not, the rest says nothing
  PoolIndex pool;      // of its last attempt
  Instant start = kNever, finish = kNever;
  std::array<Duration, kTimeParts.size()> parts{};
  Bill bill;
};

// By the journal; [sim's job]. Of tasks that are not over: not ended.
std::vector<TaskRun> recorded_runs(const Day& day, const DayWorld& setup);

// The same attempts, billed by the world's rates: what of a bill is the atlas's, and not the time's.
std::vector<Bill> billed_anew(const Day& day, const DayWorld& setup);

// What was recorded, at the world's prices too: as is everything that a regret holds against it.
std::vector<TaskRun> at_these_prices(const Day& day, const DayWorld& setup, std::vector<TaskRun> recorded);

// By a simulation of the world.
std::vector<TaskRun> simulated_runs(const DayWorld& setup, const SimRun& run);

}  // namespace hinterland
