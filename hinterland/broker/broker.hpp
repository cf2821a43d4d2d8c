// The broker's core: it decides, and nothing else. No clock, no file, no thread and no randomness is in here.
//
//   step = broker.decide(now, events)        facts and effects, and the state is evolve(state, facts)
//
// Whoever calls it makes the facts durable and then performs the effects, never the other way round. The facts of a
// step are kept all or not at all, and steps in their order: what a pool's loss ends must not be ended without the
// loss. After a crash a new broker is made from the state that the durable facts fold to, and resume() says again
// what may not have been done.
//
// The contract:
//   1  A submission acknowledged is never lost.
//   2  A task gets a second attempt only after the first's lease has ended or its death is confirmed.
//   3  Only one attempt's outputs are ever published.
// 1 holds since Respond is an effect of the fact Accepted. 2, since only Finished makes a task free to be placed, and
// only a report of its executor, or the end of the pool's lease, gives that. 3, since the fact Finished with
// Next::publish, of which a task can have one, comes before Publish.
//
// Leases. Each pool has one for all that runs in it: its executor asks (Heartbeat) and is granted time from when it
// asked, by its own clock; the broker counts longer than any clock drifts (BrokerRules). A lease that was lost, or an
// executor that began anew, gets a new term: what was launched under an older one is not begun once the executor
// knows the newer.
//
// Within one step, and so within one instant, the order is the simulator's (sim/simulate.hpp):
//   1. attempts that ended  2. sites that go or come back, leases that are over, wishes of users
//   3. tasks that are free again are placed anew, in their order  4. those whose time has come join their queues
//   5. one pass of the discipline in each pool where anything happened  6. submissions, one by one
#pragma once
#include <span>
#include <vector>

#include "hinterland/broker/current_rates.hpp"
#include "hinterland/broker/effect.hpp"
#include "hinterland/broker/pools.hpp"

namespace hinterland {

struct Step {
  std::vector<Fact> facts;
  std::vector<Effect> effects;
};

class Broker {
 public:
  // `world` outlives it; its pools and places begin with those of the state. Throws std::logic_error, here and below,
  // where it would decide what does not follow from its state: its own bug, found before it is written.
  Broker(const BrokerWorld& world, State state);

  // The first step of a process. `now` is no earlier than state().latest, and from then on advances as time passes: a
  // clock that is set must not move it, or all leases would be over at once.
  Step resume(Instant now);
  Step decide(Instant now, std::span<const Event> events);
  // When to call decide() even if nothing is heard; kNever: not.
  [[nodiscard]] Instant next_wake() const;

  // What the job would be quoted if it were submitted now; nullopt: it would be denied, or go nowhere.
  [[nodiscard]] std::optional<JobQuote> quote(const JobRequest& request) const;

  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] const Pools& pools() const { return pools_; }
  [[nodiscard]] const CurrentRates& rates() const { return rates_; }
  [[nodiscard]] bool is_short_of_money(TaskIndex task) const {
    const auto poor = short_of_money_.find(state_.job_of(task).project);
    return poor != short_of_money_.end() && poor->second.contains(task);
  }
  [[nodiscard]] Instant now() const { return now_; }  // of the last step

 private:
  void record(Fact fact);
  void effect(const Effect& effect) { step_.effects.push_back(effect); }
  void answer(std::uint64_t client, Denial denial, JobNumber job = {});

  // reports.cpp: what executors say
  void hear(const event::Heartbeat& heard);
  void hear(const event::Moving& staging);
  void hear(const event::Began& began);
  void hear(const event::Ended& ended);
  void hear(const event::Published& published);
  struct End {
    Cause cause = Cause::done;
    int status = 0;
    Duration ran;
  };
  void reconcile(const event::Heartbeat& heard);
  void take_in(AttemptId id, const InputsMoved& inputs, Instant at);
  [[nodiscard]] bool is_unwanted(const AttemptState& attempt) const;
  void stop_staging();
  [[nodiscard]] Cause cause_of(const event::Ended& ended, const AttemptState& attempt) const;
  void finish(AttemptId id, const End& end);
  [[nodiscard]] Bill bill_of(const AttemptState& attempt, const End& end) const;
  [[nodiscard]] Next next_of(Cause cause, const AttemptState& attempt);
  void enlarge(TaskIndex task);
  void condemn_the_guilty(TaskIndex task);
  HostIndex host_named(PoolIndex pool, const std::string& name);
  [[nodiscard]] Instant lease_end() const;
  void launch(AttemptId id, const AttemptState& attempt);
  [[nodiscard]] std::vector<std::string> hosts_to_avoid(const AttemptState& attempt) const;

  // sites.cpp: what becomes of pools
  void hear(const event::SiteDown& site);
  void hear(const event::Warning& warning);
  void hear(const event::Drain& drain);
  void hear(const event::Pardon& pardon);
  void hear(const event::Prices& prices);
  void hear(const event::Room& room);
  void hear(const event::Access& asked);
  void watch_leases();
  void end_all(PoolIndex pool, Cause cause);
  void empty_queue(PoolIndex pool);
  void open_or_close(PoolIndex pool);
  [[nodiscard]] Instant lost_from(PoolIndex pool) const;

  // quoting.cpp
  [[nodiscard]] std::optional<JobQuote> quote(const JobState& job) const;

  // wishes.cpp: what users want
  void hear(const event::SetProject& project);
  void hear(const event::Hold& hold);
  void hear(const event::Cancel& cancel);
  void hear(const event::Retry& retry);
  void hear(const event::Submit& submit);
  [[nodiscard]] Denial deny(const JobRequest& job) const;
  void withdraw_all(JobNumber job);
  void collect_free_tasks(JobNumber job);

  // placing.cpp: where tasks go
  void place_those_who_are_free();
  void place(TaskIndex task, bool arrives);
  void find_fitting(const JobState& job, const Size& size, std::vector<Option>& out) const;
  [[nodiscard]] Ask ask_for(const JobState& job, const NewSize& size, std::span<const Option> options,
                            bool began_before) const;
  void count_inputs_there(JobNumber job, Ask& ask);
  void start(TaskIndex task);
  [[nodiscard]] std::vector<Candidate> candidates(const Ask& ask) const;
  // The task may be in the phase unplaced now; if so it will be placed. `evicted`: with many others, so in its time.
  void free_task(TaskIndex task, bool evicted = false);

  const BrokerWorld& world_;
  std::vector<Fact> names_;  // of pools and places that the journal does not know yet
  State state_;
  CurrentRates rates_;
  Pools pools_;
  std::map<std::pair<PoolIndex, std::string>, HostIndex> hosts_;
  std::vector<Instant> lease_until_;  // by pool: none runs on there after that
  Instant now_;
  Step step_;
  // Unplaced tasks: to be placed now; as many a second as the rules allow; when their time comes; and by project,
  // when it has money again.
  std::set<TaskIndex> free_, evicted_;
  std::set<std::pair<Instant, TaskIndex>> later_;
  std::map<ProjectIndex, std::set<TaskIndex>> short_of_money_;
  std::set<ProjectIndex> money_moved_;  // of this step
  std::set<PoolIndex> leaving_;         // of this step: whose queues tasks leave
  bool stops_staging_ = false;          // of this step: a pool was drained or a job held
  std::vector<Option> fitting_;         // scratch
  std::vector<Instant> inputs_there_;   // scratch
  double allowance_ = 0;                // how many of the evicted may be placed now
  Instant allowed_at_;
};

}  // namespace hinterland
