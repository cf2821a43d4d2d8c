// Who watches a planner's solve: progress on the terminal, Ctrl-C, and the time limit.
#pragma once
#include "hinterland/cli/console.hpp"
#include "hinterland/plan/study_plan.hpp"
#include "hinterland/plan/time_limit.hpp"

namespace hinterland {

// How far it is, by the digits of the gap that are settled.
class PlanWatch {
 public:
  explicit PlanWatch(double seconds) : limit_(seconds) {}

  // Numbers are made from here on.
  void begin_numbers() { limit_.begin_numbers(clock_.seconds()); }
  // Once they are made.
  void begin(double gap, bool opening_costs) {
    gap_ = gap;
    limit_.begin_solving(clock_.seconds(), opening_costs);
  }

  // Whether to go on.
  bool operator()(StudyProgress& step);

  [[nodiscard]] bool interrupted() const { return progress_.interrupted(); }
  [[nodiscard]] bool stop_asking() const { return progress_.stop_asking(); }

 private:
  int steps_ = 0;
  double gap_ = 1;
  TimeLimit limit_;
  Stopwatch clock_;
  TerminalProgress progress_;
};

}  // namespace hinterland
