// What must hold in every run of a deployment, checked as things happen, apart from the broker:
//
//   acknowledged    a submission that was acknowledged is in the state of every later broker
//   one at a time   no process of a task is begun while another of that task is alive
//   one result      of the attempts of a task only one is ever published, and what is done is published
//   whole results   what is published was written by a process that ended well
//   budget          a project spends no more than its budget and its dearest attempt
//   metered         what projects are charged is what their processes used, and the bytes that moved for them
//   deals           what the journal says of who is paid is what the broker was given
//   moved once      attempts of a job in a pool are charged together for no more bytes than it reads
//   sound           every fact follows from the state before it
//   fold            the broker's state is the fold of its facts, and its queues are those of its state
//   liveness        once nothing fails any more, every submission is answered and every task ends
#pragma once
#include <map>
#include <set>
#include <string>
#include <utility>

#include "hinterland/broker/broker.hpp"
#include "tests/broker_simulation/simulation.hpp"
#include "tests/broker_simulation/stage.hpp"

namespace hinterland::test {

// Of a unit in pool `pool`, in every hour of which no price is heard: so what an attempt costs can be worked out without the broker's rates.
constexpr double money_per_unit_hour(std::size_t pool) {
  return 1e6 * (1 + 0.25 * static_cast<double>(pool));
}

constexpr double money_per_gb(std::size_t pool) { return 1000.0 * static_cast<double>(1 + pool); }

class Laws {
 public:
  explicit Laws(const Stage& stage) : stage_(stage) {}

  void process_begun(AttemptId attempt, TaskIndex task);
  void process_ended(AttemptId attempt, Cause cause, Ms ran);
  // It died with its site.
  void process_vanished(AttemptId attempt) { alive_.erase(attempt); }
  void bytes_moved(AttemptId attempt, std::int64_t bytes) { moved_[attempt] += bytes; }
  void bytes_fetched(AttemptId attempt, std::int64_t bytes) { fetched_[attempt] += bytes; }
  void published(AttemptId attempt, TaskIndex task);
  // Before `durable` takes it in.
  void fact_kept(const Fact& fact, const State& durable);
  void state_kept(const State& durable);
  void at_the_end(const BrokerWorld& world, const Broker& broker, const State& folded);

  void broken(std::string law, const std::string& what);
  [[nodiscard]] bool hold() const { return verdict.law.empty(); }

  Verdict verdict;

 private:
  struct Metered {
    std::int64_t units = 0;
    PoolIndex pool;
    ProjectIndex project;
    JobNumber job;
    Instant began;
    std::int64_t reads = 0;  // bytes
  };
  [[nodiscard]] double money_of(const Metered& attempt, Duration ran) const;
  [[nodiscard]] static double moving_money(const Metered& attempt, std::int64_t bytes);
  void meter(const fact::Finished& finished);

  const Stage& stage_;
  std::map<AttemptId, TaskIndex> alive_;  // processes
  std::map<AttemptId, Ms> ran_;
  std::set<AttemptId> ended_well_;
  std::map<TaskIndex, AttemptId> published_;
  std::map<AttemptId, Metered> begun_;
  std::map<AttemptId, std::int64_t> moved_, fetched_;                // bytes
  std::map<std::pair<PoolIndex, JobNumber>, std::int64_t> charged_;  // the same
  std::map<ProjectIndex, double> used_;                              // money
  std::map<std::pair<PoolIndex, Instant>, double> heard_;            // prices of hours
  double dearest_ = 0;
  double finished_ = 0;
};

}  // namespace hinterland::test
