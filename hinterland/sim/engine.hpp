// The engine of simulate(): one loop over the instants at which anything happens (simulate.hpp has their order).
//
// `Queue` is the discipline (policy/queues.hpp). Most jobs run once and leave a start, a pool and an end in the columns of
// the outcome; only those that are stopped, or run in pieces, have an entry in `again_` and rows of attempts.
#pragma once
#include <queue>
#include <unordered_map>
#include <vector>

#include "hinterland/sim/checkpoints.hpp"
#include "hinterland/sim/pool.hpp"
#include "hinterland/sim/simulate.hpp"
#include "hinterland/sim/stager.hpp"

namespace hinterland {

template <class Queue>
class Engine {
 public:
  Engine(const SimWorld& world, Policy policy);
  SimRun run(Progress& progress);

 private:
  // What a job that does not run straight through needs to be known of.
  struct Again {
    Duration kept;  // work that need not be done again
    std::vector<Piece> pieces;
    std::size_t piece = 0;  // the one that runs, or comes next
    int stopped = 0;        // by faults

    void run_through() {  // in no pieces any more
      pieces.clear();
      piece = 0;
    }
  };
  // A job that is not yet in its queue: its data move, or its time has not come.
  struct Coming {
    Instant at;
    JobIndex job;
    PoolIndex pool;
    bool operator>(const Coming& other) const { return at != other.at ? at > other.at : job > other.job; }
  };
  // What a discipline sees of a pool.
  struct Room {
    Engine& engine;
    PoolIndex pool;
    [[nodiscard]] const Size& free() const { return engine.states_[pool].free; }
    void start(const Waiting& job) { engine.start(pool, job); }
    [[nodiscard]] std::vector<Runner> runners(std::uint8_t below, Instant now) const {
      return engine.runners_of(pool, below, now);
    }
    void preempt(std::size_t place) { engine.preempt(pool, place); }
  };

  [[nodiscard]] Instant next_instant() const;
  void end_jobs();
  void begin_and_end_faults();
  void join_those_who_are_there();
  void pass_where_touched();
  void arrivals();

  // The job goes where the policy says. Jobs whose data are there and whose time has come join at once: into the queue with
  // `arrives`, else with those of this instant.
  void place(JobIndex job, bool arrives);
  Ask ask_of(JobIndex job);
  void ready(JobIndex job, PoolIndex pool, Instant at, bool arrives);
  [[nodiscard]] Waiting waiting_of(JobIndex job) const;
  void start(PoolIndex pool, const Waiting& job);
  void end(PoolIndex pool, std::size_t place);
  void finish(JobIndex job, PoolIndex pool, JobEnd end);
  void stop_by_fault(PoolIndex pool, std::size_t place, FaultKind kind);
  void preempt(PoolIndex pool, std::size_t place);
  Again& again_of(JobIndex job, const Running& runner);
  void record(const Running& runner, PoolIndex pool, AttemptEnd end, FaultKind fault, Duration lost);
  [[nodiscard]] WorkDone done_by(const Running& runner) const;
  [[nodiscard]] Duration work_left(JobIndex job, Duration kept) const;
  [[nodiscard]] std::vector<Runner> runners_of(PoolIndex pool, std::uint8_t below, Instant now) const;

  void begin_fault(std::size_t fault);
  void set_capacity(PoolIndex pool);
  void drive_all_away(PoolIndex pool, FaultKind kind);
  void break_servers(std::size_t fault, PoolIndex pool);
  void curtail(PoolIndex pool);

  // After the runners of a pool have changed.
  void retime(PoolIndex pool) {
    if (const Instant next = pools_[pool].next_end(); next != ends_.at(pool)) ends_.set(pool, next);
  }
  void touch(PoolIndex pool) {
    if (touched_[pool]) return;
    touched_[pool] = true;
    touched_pools_.push_back(pool);
  }
  [[nodiscard]] double own_gb(JobIndex job, double per_unit_hour) const {
    const SimJobs& jobs = world_.jobs;
    return per_unit_hour * static_cast<double>(world_.sizes[jobs.size[job]].units) *
           (static_cast<double>(jobs.run[job].ms) * kPerHour);
  }

  const SimWorld& world_;
  Policy policy_;
  Instant now_;
  SimRun run_;
  std::vector<Size> plain_sizes_;
  std::vector<PoolState> states_;
  std::vector<Pool<Queue>> pools_;
  Tournament ends_;  // by pool: when its next job ends
  std::priority_queue<Coming, std::vector<Coming>, std::greater<>> coming_;
  std::unordered_map<std::uint32_t, PoolIndex> moving_;    // jobs whose data move as flows, and whereto
  std::unordered_map<std::uint32_t, Instant> not_before_;  // of those
  std::unordered_map<std::uint32_t, Again> again_;
  Stager stager_;
  std::vector<Coming> joining_;        // those of this instant
  std::vector<JobIndex> driven_away_;  // by the faults of this instant
  std::vector<bool> touched_;
  std::vector<PoolIndex> touched_pools_;
  std::vector<std::pair<Instant, std::size_t>>
      fault_events_;  // 2 f: fault f ends; 2 f + 1: it begins; in their order
  std::size_t next_fault_ = 0;
  std::vector<bool> active_;
  JobIndex next_job_;
  std::uint64_t placed_ = 0;
  std::vector<Option> fitting_;  // scratch: the options that are large enough
  Size smallest_;                // of all pools' sizes, part by part: what fits into it fits everywhere
};

}  // namespace hinterland
