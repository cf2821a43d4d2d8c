// Who watches a planner's solve: progress on the terminal, Ctrl-C, and the time limit.
#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

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
  bool operator()(StudyProgress& step) {
    step.seconds = clock_.seconds();
    const auto digits = [](double gap) {
      return static_cast<std::int64_t>(100 * std::max(0.0, -std::log10(std::max(gap, kNoGap))));
    };
    const double certified = std::min(1.0, relative_gap(step.plan, step.bound));
    ++steps_;
    if (certified < 1)
      progress_.say(fmt::format("step {}, plan {:.5g}, bound {:.5g}, gap {:.1e}", steps_, step.plan,
                                step.bound, certified));
    const bool go_on =
        progress_.step("planning", digits(std::min({1.0, certified, step.estimate})), digits(gap_ / 10));
    return limit_.allows_a_step(step.seconds) && go_on;
  }
  [[nodiscard]] bool interrupted() const { return progress_.interrupted(); }

 private:
  static constexpr double kNoGap = 1e-12;  // nobody waits for less

  int steps_ = 0;
  double gap_ = 1;
  TimeLimit limit_;
  Stopwatch clock_;
  TerminalProgress progress_;
};

}  // namespace hinterland
