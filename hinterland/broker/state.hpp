// Everything the broker knows, as plain values: the fold of its facts.
//
//   state' = evolve(state, fact)
//
// Nothing here is worked out from prices, rules or the clock, so a snapshot is these values and no more. What is:
// queues, free capacity, who may be placed next, is rebuilt from them (pools.hpp).
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "hinterland/broker/fact.hpp"

namespace hinterland {

enum class TaskPhase : std::uint8_t {
  blocked,     // held, or waiting for other jobs
  unplaced,    // no pool is chosen yet, or not any more
  waiting,     // in the queue of its pool, or not to be begun yet
  running,     // an attempt is launched
  publishing,  // an attempt succeeded; its outputs are being put in place
  done,
  failed,
  cancelled,
  refused,  // by the policy
};
constexpr bool is_final(TaskPhase phase) { return phase >= TaskPhase::done; }

struct TaskState {
  JobNumber job;
  TaskPhase phase = TaskPhase::unplaced;
  std::uint8_t failures = 0, losses = 0;  // of its attempts: by itself; with host or site
  PoolIndex pool;                         // waiting, running
  std::int64_t reserved = 0;              // waiting, running
  Instant not_before;                     // waiting: of its start; unplaced: of its next placing
  std::uint64_t turn = 0;                 // waiting: the order in which tasks were placed
  AttemptId attempt;                      // the last one
  Cause end = Cause::absent;              // of the last that ended; absent: none ever began
  int status = 0;                         // the same
  bool operator==(const TaskState&) const = default;
};

struct JobState {
  ProjectIndex project;
  PlacesIndex places;
  std::uint8_t priority = 0;
  bool held = false, cancelled = false;
  TaskIndex first;
  std::uint32_t tasks = 0;
  std::uint32_t ended = 0, done = 0, running = 0;  // of its tasks
  std::uint32_t attempts = 0;                      // of all of them
  std::uint32_t blockers = 0;                      // jobs that must be done before it and are not
  Instant submitted, deadline;
  Duration request, may_wait;
  Size size;  // of a task, unless State::resized has another
  std::int64_t units = 0;
  double late = 0, gb_in = 0, gb_out = 0;
  std::int64_t money = 0;  // of its ended attempts
  JobQuote quote;          // none: nobody could tell
  Duration ran;            // its ended attempts together, but for those that their site bears
  bool operator==(const JobState&) const = default;
};

// As it is when it was accepted; its tasks have no numbers yet.
JobState new_job(const JobRequest& asked, Instant at);

enum class JobPhase : std::uint8_t { queued, held, running, done, failed, cancelled };
const char* name_of(JobPhase phase);
JobPhase phase_of(const JobState& job);

// An attempt that was launched and has not ended.
struct AttemptState {
  TaskIndex task;
  PoolIndex pool;
  Term term;
  Instant began, due;
  bool confirmed = false;
  HostIndex host;                   // once confirmed
  std::int64_t confirmed_sent = 0;  // by its executor's clock
  InputsMoved inputs;               // what its executor said of them
  OutputsMoved outputs;             // the same
  bool operator==(const AttemptState&) const = default;
};

// GB that an attempt is billed for: in for every attempt, out when it is done. What is counted is billed as it moved, and never
// for more than it weighs; what a job declares beyond that it moves by itself.
inline double billed_gb(const JobState& job, const InputsMoved& inputs, const OutputsMoved& outputs,
                        Cause cause) {
  const auto counted = [](std::int64_t moved, std::int64_t needed, double declared, bool all) {
    const double others = std::max(0.0, declared - gigabytes(needed));
    return gigabytes(std::min(moved, needed)) + (all ? others : 0);
  };
  const bool done = cause == Cause::done;
  const double in =
      inputs.needed > 0 ? counted(inputs.moved, inputs.needed, job.gb_in, inputs.whole) : job.gb_in;
  const double out = outputs.needed > 0 ? counted(outputs.moved, outputs.needed, job.gb_out, done)
                     : done             ? job.gb_out
                                        : 0;
  return in + out;
}

// What an attempt is billed: its hours from when it began, and its bytes.
inline Bill bill_of_attempt(const UnitRates& rates, Instant began, Duration ran, std::int64_t units,
                            double gb, double money_per_gb) {
  Bill bill = rates.bill(began, began + ran, units);
  bill.network = nearest_whole(gb * money_per_gb);
  return bill;
}

inline constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max();

struct PoolFacts {
  std::string name;
  Term term;
  bool lost = true;  // until its executor is heard for the first time
  bool down = false, drained = false;
  Instant warned_from = kNever;
  std::uint32_t condemned_hosts = 0;
  std::int64_t room = kNoBound;   // cores that its executor says are to be had
  std::vector<HourPrice> prices;  // that were heard, in order; none older than kPricesKept when the last came
  PoolDeal deal;
  PoolBuild build;
  bool operator==(const PoolFacts&) const = default;
};

struct ProjectState {
  std::string name;
  std::int64_t share = 1, budget = -1;
  std::int64_t spent = 0, reserved = 0;
  std::int64_t used =
      0;  // unit-seconds that its attempts were given, or it was overtaken by while it had nothing to do
  std::int64_t active = 0;  // tasks that wait or run
  bool operator==(const ProjectState&) const = default;
};

struct HostState {
  PoolIndex pool;
  std::string name;
  bool condemned = false;
  std::vector<TaskIndex>
      failed;  // tasks that failed here by themselves and were done elsewhere, since one was last done here
  bool operator==(const HostState&) const = default;
};

// Whose attempts, of which kind of work, and where: what was metered of them, and billed.
struct MeterKey {
  ProjectIndex project;
  PlacesIndex places;
  PoolIndex pool;
  auto operator<=>(const MeterKey&) const = default;
};
struct Metered {
  std::int64_t attempts = 0, unit_ms = 0;
  std::int64_t moved = 0;    // bytes of inputs
  std::int64_t fetched = 0;  // bytes of outputs, where they are counted
  Bill bill;
  bool operator==(const Metered&) const = default;
};

// How much of what was asked for a task used until it was done: the share of it in 65,536ths, rounded up to five
// significant bits. Requires asked > 0.
inline constexpr std::uint32_t kWholeShare = 65'536;
std::uint32_t share_used(Duration used, Duration asked);
struct UsedKey {
  ProjectIndex project;
  PlacesIndex places;
  std::uint32_t share = 0;
  auto operator<=>(const UsedKey&) const = default;
};

// Where a job's inputs are, all of them, and what they weigh. Pools may have let them go since.
struct InputsAt {
  std::int64_t needed = 0;
  std::vector<PoolIndex> pools;  // each once
  bool operator==(const InputsAt&) const = default;
};

// The submission that came with a key.
struct Keyed {
  JobNumber job;
  std::uint64_t digest = 0;  // 0: nobody said
  bool operator==(const Keyed&) const = default;
};

struct NewSize {
  Size size;
  std::int64_t units = 0;
  bool operator==(const NewSize&) const = default;
};

struct State {
  std::string name;  // the journal's
  std::vector<PoolFacts> pools;
  std::vector<std::string> places;
  std::vector<ProjectState> projects;
  std::vector<HostState> hosts;
  std::vector<JobState> jobs;
  std::vector<TaskState> tasks;
  std::map<AttemptId, AttemptState> attempts;  // that have not ended
  std::map<TaskIndex, NewSize> resized;
  std::map<MeterKey, Metered> metered;                    // attempts that ended, by no fault of their site
  std::map<UsedKey, std::int64_t> used;                   // how many tasks that were done used so much
  std::map<TaskIndex, std::vector<HostIndex>> failed_on;  // hosts, each once; of tasks that are not final
  std::map<JobNumber, InputsAt> inputs_at;                // of jobs that are not over
  std::unordered_map<std::string, Keyed> keys;
  std::map<JobNumber, std::vector<JobNumber>> dependants;  // of jobs that are not done
  std::uint64_t attempts_begun = 0, placements = 0;
  std::uint64_t live = 0;  // tasks that are not final
  std::int64_t served =
      0;           // unit-seconds a share that whoever was served last had been given; it never falls
  Instant latest;  // of all facts that say when
  std::vector<OpenPlaces> open;  // by places; those of which nobody said it are open nowhere
  HouseRules rules;
  bool operator==(const State&) const = default;

  [[nodiscard]] const JobState& job_of(TaskIndex task) const { return jobs[tasks[task].job]; }
  [[nodiscard]] NewSize size_of(TaskIndex task) const {
    const auto found = resized.find(task);
    return found != resized.end() ? found->second : NewSize{job_of(task).size, job_of(task).units};
  }
};

// Requires that the fact follows from the state: that what it names is there, and in the phase that it leaves. A
// journal is checked for that when it is read (check_fact).
void evolve(State& state, const Fact& fact);

}  // namespace hinterland
