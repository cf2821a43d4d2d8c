#include "hinterland/cli/plan_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hinterland {

namespace {

constexpr double kNoGap = 1e-12;  // nobody waits for less

std::int64_t digits(double gap) {
  return static_cast<std::int64_t>(100 * std::max(0.0, -std::log10(std::max(gap, kNoGap))));
}

}  // namespace

bool PlanWatch::operator()(StudyProgress& step) {
  step.seconds = clock_.seconds();
  const double certified = std::min(1.0, relative_gap(step.plan, step.bound));
  ++steps_;
  if (certified < 1)
    progress_.say(fmt::format("step {}, plan {:.5g}, bound {:.5g}, gap {:.1e}", steps_, step.plan, step.bound,
                              certified));
  else if (step.estimate < kNoLimit)
    progress_.say(
        fmt::format("step {}, gap about {:.1e} by the solver's own estimate", steps_, step.estimate));
  const bool go_on =
      progress_.step("planning", digits(std::min({1.0, certified, step.estimate})), digits(gap_ / 10));
  return limit_.allows_a_step(step.seconds) && go_on;
}

}  // namespace hinterland
