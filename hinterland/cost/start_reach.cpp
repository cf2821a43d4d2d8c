#include "hinterland/cost/start_reach.hpp"

#include <algorithm>
#include <array>

#include "hinterland/base/model_year.hpp"

namespace hinterland {

namespace {

constexpr int kHours = static_cast<int>(kYearHours);

}  // namespace

// Once around the year from its cheapest hour, beyond which no reach goes. On the stack: no page is asked of the system again.
StartReaches::StartReaches(std::span<const double> costs)
    : before_(kYearHours), after_(kYearHours, static_cast<std::int16_t>(kHours)) {
  const auto cheapest = static_cast<std::size_t>(std::ranges::min_element(costs) - costs.begin());
  struct Start {
    double cost;
    std::int16_t since;  // the cheapest
  };
  std::array<Start, kYearHours + 1> not_undercut;  // ever dearer
  not_undercut[0] = {.cost = costs[cheapest], .since = 0};
  std::size_t last = 0;
  const auto hour_at = [&](std::size_t since) {
    return cheapest + since < kYearHours ? cheapest + since : cheapest + since - kYearHours;
  };
  for (std::size_t since = 1; since <= kYearHours; ++since) {
    const std::size_t hour = hour_at(since);
    const double cost = costs[hour];
    const auto at = static_cast<std::int16_t>(since);
    for (; cost < not_undercut[last].cost; --last) {
      const std::int16_t undercut = not_undercut[last].since;
      after_[hour_at(static_cast<std::size_t>(undercut))] = static_cast<std::int16_t>(at - undercut);
    }
    before_[hour] = static_cast<std::int16_t>(at - not_undercut[last].since);
    not_undercut[++last] = {.cost = cost, .since = at};
  }
}

void StartReaches::count_all(int wait, std::span<std::int32_t> runs) const {
  const auto hours = static_cast<std::int16_t>(std::min(wait + 1, kHours));
  const auto least = [](std::int16_t a, std::int16_t b) { return a < b ? a : b; };
  for (std::size_t hour = 0; hour < kYearHours; ++hour) {
    const std::int16_t before = before_[hour], after = after_[hour];
    const auto past = static_cast<std::int16_t>(before + after - hours);
    const std::int16_t count = least(least(before, after), least(hours, past));
    runs[hour] = count > 0 ? count : std::int16_t{0};
  }
}

void StartReaches::count_days(int wait, int ready_hour, std::span<std::int32_t> runs) const {
  const int waits = std::min(wait, kHours - 1);
  const auto days_until = [&](int past) { return (past - ready_hour + 23) / 24; };  // ready before that hour
  for (int hour = 0; hour < kHours; ++hour) {
    const auto place = static_cast<std::size_t>(hour);
    const int at = hour + kHours;  // a year on: above 0
    const int first = std::max(at - waits, at - before_[place] + 1),
              last = std::min(at, at + after_[place] - 1 - waits);
    runs[place] = last < first ? 0 : days_until(last + 1) - days_until(first);
  }
}

}  // namespace hinterland
