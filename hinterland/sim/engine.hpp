// The engine of simulate(): one loop over the instants at which anything happens (simulate.hpp has their order).
//
// `Queue` is the discipline (policy/queues.hpp). Most jobs run once and leave a start, a pool and an end in the columns of
// the outcome; only those that are stopped, or run in pieces, have an entry in `again_` and rows of attempts.
#pragma once
#include <queue>
#include <unordered_map>
#include <vector>

#include "hinterland/policy/fair_queue.hpp"
#include "hinterland/policy/fair_share.hpp"
#include "hinterland/sim/checkpoints.hpp"
#include "hinterland/sim/held_inputs.hpp"
#include "hinterland/sim/pool.hpp"
#include "hinterland/sim/simulate.hpp"
#include "hinterland/sim/stager.hpp"

namespace hinterland {

struct FairProject {
  std::int64_t share = 1, used = 0, active = 0;
};
// Whose turn it is (FairQueue).
struct SimShares {
  const SimWorld* world;
  const std::vector<FairProject>* projects;
  [[nodiscard]] std::size_t owner_of(JobIndex job) const {
    return world->groups[world->jobs.group[job]].project;
  }
  [[nodiscard]] bool before(std::size_t a, std::size_t b) const { return is_served_before(*projects, a, b); }
};
using SimFairQueue = FairQueue<SimShares>;

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
    std::size_t tried = 0;  // of SimWorld::tries

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
    [[nodiscard]] std::vector<Runner> runners(std::uint8_t below, Instant /*now*/) const {
      return engine.runners_of(pool, below);
    }
    void preempt(std::size_t place) { engine.preempt(pool, place); }
  };

  [[nodiscard]] Instant next_instant() const;
  void end_jobs();
  void hand_out_inputs();
  void begin_and_end_faults();
  void place_those_driven_away();
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
  [[nodiscard]] WorkDone done_by(const Running& runner, PoolIndex pool) const;
  [[nodiscard]] Duration ran_by(const Running& runner, PoolIndex pool) const;
  Running take_out(PoolIndex pool, std::size_t place, bool billed);
  [[nodiscard]] Duration work_left(JobIndex job, Duration kept) const;
  [[nodiscard]] std::vector<Runner> runners_of(PoolIndex pool, std::uint8_t below) const;

  // A job's attempt as it stands: of those before its last one, SimWorld::tries tells.
  struct Run {
    Duration length;
    double speed = 1;
  };
  [[nodiscard]] const Try* try_of(JobIndex job) const;
  [[nodiscard]] Run run_of(JobIndex job, PoolIndex pool) const;
  [[nodiscard]] Duration takes(JobIndex job, PoolIndex pool, Duration kept, Duration request) const;
  void try_again(const Running& runner, PoolIndex pool, const Try& tried);

  // engine_changes.cpp
  void make_changes();
  void open_or_close(const PoolChange& change);
  void empty_queue(PoolIndex pool);
  void drop_those_warned_of(const Ask& ask);

  // Discipline fair.
  void begins_to_count(JobIndex job) {
    if (!projects_.empty()) comes_back(project_of(job), served_);
  }
  void counts_no_more(JobIndex job) {
    if (!projects_.empty()) --project_of(job).active;
  }
  void has_run(const Running& runner, Duration ran) {
    if (!projects_.empty())
      has_taken(project_of(runner.job), world_.sizes[runner.size].units,
                runner.due - (runner.whole < kNever ? runner.whole : runner.began), ran);
  }
  FairProject& project_of(JobIndex job) { return projects_[world_.groups[world_.jobs.group[job]].project]; }

  void begin_fault(std::size_t fault);
  void set_capacity(PoolIndex pool);
  void drive_all_away(PoolIndex pool, FaultKind kind);
  void break_servers(std::size_t fault, PoolIndex pool);
  void curtail(PoolIndex pool);

  // After the runners of a pool have changed.
  void retime(PoolIndex pool) {
    const Instant next = silent_.empty() || !silent_[pool] ? pools_[pool].next_end() : kNever;
    if (next != ends_.at(pool)) ends_.set(pool, next);
  }
  void touch(PoolIndex pool) {
    if (touched_[pool]) return;
    touched_[pool] = true;
    touched_pools_.push_back(pool);
  }
  [[nodiscard]] std::span<const UnitRates> forecast() const {
    return forecast_.empty() ? std::span<const UnitRates>(world_.forecast) : forecast_;
  }

  const SimWorld& world_;
  Policy policy_;
  Instant now_;
  SimRun run_;
  std::vector<Size> plain_sizes_;
  std::vector<PoolState> states_;
  std::vector<FairProject> projects_;  // discipline fair
  SimShares shares_{&world_, &projects_};
  std::int64_t served_ = 0;
  std::vector<Pool<Queue>> pools_;
  Tournament ends_;  // by pool: when its next job ends
  std::priority_queue<Coming, std::vector<Coming>, std::greater<>> coming_;
  std::unordered_map<std::uint32_t, PoolIndex> moving_;    // jobs whose data move as flows, and whereto
  std::unordered_map<std::uint32_t, Instant> not_before_;  // of those
  std::unordered_map<std::uint32_t, Again> again_;
  Stager stager_;
  HeldInputs inputs_;
  std::vector<Coming> joining_;        // those of this instant
  std::vector<JobIndex> driven_away_;  // by what happens at this instant
  std::priority_queue<std::pair<Instant, JobIndex>, std::vector<std::pair<Instant, JobIndex>>, std::greater<>>
      again_later_;  // who tries again when
  std::vector<bool> touched_;
  std::vector<PoolIndex> touched_pools_;
  std::vector<std::pair<Instant, std::size_t>>
      fault_events_;  // 2 f: fault f ends; 2 f + 1: it begins; in their order
  std::size_t next_fault_ = 0;
  std::vector<bool> active_;
  JobIndex next_job_;
  std::uint64_t placed_ = 0;
  // Of changes: those that come next; by pool what jobs are held against, whether it is silent, when it may go, what was heard
  // of prices, and what they make of the forecast. Empty where nothing was recorded.
  std::size_t next_change_ = 0;
  std::vector<Size> built_;
  std::vector<bool> silent_;
  std::vector<Instant> warned_from_;
  std::vector<std::vector<HourPrice>> prices_;
  std::vector<UnitRates> forecast_;
  std::vector<Option> fitting_;  // scratch: the options that are large enough
  Size smallest_;                // of all pools' sizes, part by part: what fits into it fits everywhere
};

}  // namespace hinterland
