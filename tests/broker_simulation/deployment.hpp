// Users, the broker's process with its journal and the store of outputs, and what goes wrong with them.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "tests/broker_simulation/executor.hpp"

namespace hinterland::test {

class Deployment {
 public:
  Deployment(std::uint64_t seed, Mistake mistake);
  Verdict run();

 private:
  // --- users: a submission is repeated until it is answered (users.cpp)
  enum class Wish : std::uint8_t { none, cancel, hold, retry };
  struct Submission {
    event::Submit event;
    std::optional<JobNumber> number;  // once answered
    Wish wish = Wish::none;
  };
  void make_submissions(std::size_t projects);
  void submit(std::size_t index);
  void answered(const effect::Respond& answer);
  void wish(std::size_t index);
  void raise_budgets();
  Cause fate_of(TaskIndex task);
  [[nodiscard]] Executor::Reads reads_of(TaskIndex task) const;

  // --- the broker's process
  [[nodiscard]] Instant wall() const { return {clock_.at(stage_.now())}; }
  void start();
  void wake(Ms delay);
  void decide();
  void take(Step step);
  void sync();
  void die();
  void keep(const Fact& fact);
  void tell(Event event);  // reaches the broker, if there is one
  void perform(const Effect& effect);
  void perform(const effect::Respond& answer);
  void perform(const effect::Publish& publish);
  template <class ToExecutor>
  void perform(const ToExecutor& effect);

  // --- sites
  struct Site {
    std::unique_ptr<Executor> executor;
    Ms cut_until = 0;  // from the network
    Ms heard = 0;
    bool thought_dead = false;
  };
  void beat(std::size_t site);
  void report(std::size_t site, Event event);
  void trouble();
  [[nodiscard]] bool cut(std::size_t site) const { return sites_[site].cut_until > stage_.now(); }

  // --- mistakes
  [[nodiscard]] bool too_early(const Effect& effect) const;
  void give_up_silent_sites();
  void give_up_unconfirmed();
  void believe_stale(event::Ended& ended);
  static void charge_what_was_there(Event& event);

  [[nodiscard]] bool all_over() const;
  [[nodiscard]] std::string unfinished() const;
  [[nodiscard]] bool waits_for_failed(JobNumber job) const;

  Stage stage_;
  Laws laws_;
  Mistake mistake_;
  const BrokerWorld& world_;
  std::uint64_t salt_;

  std::vector<Submission> submissions_;
  std::map<TaskIndex, int> tries_;
  std::vector<Site> sites_;

  State durable_;  // the fold of what is on the disk
  std::unique_ptr<Broker> broker_;
  std::vector<Event> inbox_;
  std::vector<Step> unsynced_;
  bool syncing_ = false;
  int life_ = 0;  // of the broker's process
  Ms wake_at_ = 0;
  DriftingClock clock_;
  std::map<AttemptId, TaskIndex> launched_;
};

}  // namespace hinterland::test
