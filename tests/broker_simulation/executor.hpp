// An executor as the broker's protocol wants it (broker/event.hpp, effect.hpp): it runs attempts of one pool while its lease
// lasts by its own clock, moves what they read first and what they leave at the end, begins none twice, and what it forgets it
// forgets by beginning a new life.
#pragma once
#include <functional>
#include <map>
#include <set>
#include <string>

#include "tests/broker_simulation/laws.hpp"

namespace hinterland::test {

class Executor {
 public:
  using Tell = std::function<void(Event)>;

  // What tasks read: the same of a job's. And how much each of them leaves.
  struct Reads {
    JobNumber job;
    std::int64_t bytes = 0, writes = 0;
  };
  // `fate(task)` is what an attempt of the task comes to.
  Executor(PoolIndex pool, Stage& stage, Laws& laws, Tell tell, std::function<Cause(TaskIndex)> fate,
           std::function<Reads(TaskIndex)> reads);

  void hear(const effect::Grant& grant);
  void hear(const effect::Launch& launch);
  void hear(const effect::Kill& kill);
  void hear(const effect::Forget& forget);
  void beat();

  // Its own process begins anew. What it runs goes on if it adopts it, and dies else.
  void restart(bool adopts);
  // The same, and what had ended is not known any more.
  void forget();

  bool down = false;  // it neither hears nor speaks

 private:
  struct Process {
    TaskIndex task;
    std::string host;
    Ms began = 0, ran = 0;
    bool alive = true, begun = false, over = false;  // over: what it leaves is brought back
    Cause cause = Cause::done;
    InputsMoved inputs;
    OutputsMoved outputs;
  };
  [[nodiscard]] Ms clock() const { return clock_.at(stage_.now()); }
  void stop(AttemptId id, Process& process, Cause cause);
  void report(AttemptId id, const Process& process);
  void begin(AttemptId id);
  // Moves a part of what the attempt reads, unless another moves it, and begins it when all is there.
  void bring_inputs(AttemptId id);
  void tell_inputs(AttemptId id, const Process& process);
  // Brings back a part of what it left, and says that it is done when all is there.
  void bring_outputs(AttemptId id);
  void stop_when_lease_ends();

  PoolIndex pool_;
  Stage& stage_;
  Laws& laws_;
  Tell tell_;
  std::function<Cause(TaskIndex)> fate_;
  std::function<Reads(TaskIndex)> reads_;
  DriftingClock clock_;
  Ms born_ = 0, lease_end_ = 0;  // by its clock
  Term term_;
  std::map<AttemptId, Process> known_;
  // On its disk, so they outlive everything: bytes of what jobs read, and how many moved for whom.
  std::map<JobNumber, std::int64_t> here_;
  std::map<AttemptId, std::int64_t> ledger_;
  std::set<AttemptId> never_;  // will not be begun in this term
};

}  // namespace hinterland::test
