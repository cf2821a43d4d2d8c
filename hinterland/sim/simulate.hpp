// The simulator: a trace of jobs through pools of servers, exact to the millisecond and the same every time.
//
// Order within one instant, from which every result follows (tests/naive_simulator.hpp obeys it too):
//   1. all jobs that end at this instant end, in every pool
//      inputs that jobs wait for in their places are there (held_inputs.hpp)
//   2. faults that end, then faults that begin, in the order of the list; what was recorded of pools (pool_change.hpp); jobs that
//      a lost site drives away, running, waiting or on their way, and those that try again, are placed anew in the order of the
//      trace
//   3. data arrive and times come: those jobs join the queues of their pools, in the order of the trace
//   4. one pass of the discipline in each pool where anything happened, in the order of the pools
//   5. arrivals of this instant, one by one in the order of the trace: each is placed by the policy, and if its data are
//      there and its time has come it joins its queue, and starts if the discipline lets it
//
// A job that asks for less than it needs is ended when its request is used up. A job that a fault stopped goes on from its
// last checkpoint. Integers decide when anything happens; doubles only price it, and choose between pools.
#pragma once
#include "hinterland/base/progress.hpp"
#include "hinterland/sim/load_meter.hpp"
#include "hinterland/sim/stager.hpp"
#include "hinterland/sim/world.hpp"

namespace hinterland {

enum class JobEnd : std::uint8_t {
  not_reached,  // the run was interrupted before it arrived
  stuck,        // still waiting, moving or running when nothing more could happen
  refused,      // by the policy
  done,
  cut,   // ended at its request
  lost,  // stopped by faults more often than it may be begun again
};
const char* name_of(JobEnd end);
// Whether it ran to an end of its own, and has results.
inline bool ended(JobEnd end) { return end == JobEnd::done || end == JobEnd::cut; }

// Why an attempt ended.
enum class AttemptEnd : std::uint8_t { done, cut, paused, preempted, fault, unfinished, failed, lost };

// One attempt of a job that had more than one.
struct Attempt {
  JobIndex job;
  PoolIndex pool;
  AttemptEnd end = AttemptEnd::done;
  FaultKind fault = FaultKind::server;  // if end is fault
  Instant from, until;                  // that it held its place
  Duration lost;                        // of its work, which has to be done again
  Instant billed_from, billed_until;    // without what it waited for its inputs, and a pool's start_up

  // Whether the job's owner pays for it. What a fault of the site ends, the site bears.
  [[nodiscard]] bool billed() const {
    return end != AttemptEnd::fault && end != AttemptEnd::unfinished && end != AttemptEnd::lost;
  }
};

// 11 bytes a job beside the trace: the rest follows from these and the trace in O(1), and where a job had several attempts
// from their list.
struct SimOutcome {
  std::vector<Instant> start;  // of its first attempt
  std::vector<PoolIndex> pool;
  std::vector<JobEnd> end;
  std::vector<bool> several;       // it has attempts in the list, all of them
  std::vector<Instant> delivered;  // when its results were home; empty unless links are shared
  std::vector<Duration>
      staged;  // how long a job of one attempt waited for its inputs; empty unless Mode::held
  std::vector<Attempt> attempts;  // in the order in which they ended
  std::vector<std::pair<JobIndex, Refusal>> refusals;
};

struct SimRun {
  SimOutcome outcome;
  std::vector<LoadMeter> meters;          // by pool: what was busy, from the events alone
  std::vector<double> moved_gb;           // [from pool x pools + to pool]
  std::vector<double> link_gb;            // by link; shared mode
  std::vector<double> network_metered;    // by pool: millionths of money that moving to and from it cost
  std::vector<ExtraMove> extra_moves;     // beside those that follow from where each job ran in the end
  std::vector<ExtraMove> input_moves;     // Mode::held: of inputs, and who pays for them
  std::vector<ExtraMove> unbilled_moves;  // the same for attempts that nobody pays for; on no meter
  Instant end;                            // the last thing that happened
  std::int64_t reached = 0;               // jobs that arrived
  std::int64_t events = 0;
  std::int64_t over_capacity = 0;  // jobs that began where they did not fit: our own bug
  bool interrupted = false;
};

// Requires a world that check_world() accepts, as scenario_world() has seen to. Progress is told of jobs.
SimRun simulate(const SimWorld& world, Policy policy, Progress& progress);

// Whether jobs, sizes, options, faults and network agree with each other; all problems listed.
Expected<void> check_world(const SimWorld& world);

}  // namespace hinterland
