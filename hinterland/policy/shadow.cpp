#include <cmath>

#include "hinterland/policy/least_of.hpp"

namespace hinterland {

namespace {

// Millionths of money of one unit busy over the span, by given scarcity; the year repeats.
double scarcity_over(const View& view, PoolIndex pool, Instant start, Instant end) {
  if (view.scarcity.empty() || view.scarcity[pool].empty()) return 0;
  const std::vector<double>& sums = view.scarcity[pool];
  const auto until = [&](Instant t) {
    const auto hours = static_cast<double>(t.ms) * kPerHour;
    const auto year_hours = static_cast<double>(sums.size() - 1);
    const double years = std::floor(hours / year_hours), within = hours - years * year_hours;
    const auto hour = std::min(static_cast<std::size_t>(within), sums.size() - 2);
    const double part = within - static_cast<double>(hour);
    return years * sums.back() + sums[hour] + part * (sums[hour + 1] - sums[hour]);
  };
  return until(end) - until(start);
}

}  // namespace

// Capacity is not charged by its basis here: what a scarce hour is worth stands in the given prices, and a pool that is
// never full has none.
Placement shadow(const Ask& ask, const View& view) {
  return at_least_of(ask, view, [&](const Option& option, const PoolState& pool) {
    const auto [start, end] = expected_span(ask, option, pool);
    const UnitRates& rates = view.forecast[option.pool];
    const double unit =
        rates.money_until(end) - rates.money_until(start) + scarcity_over(view, option.pool, start, end);
    return static_cast<double>(ask.units) * unit + moving_money(ask, option) + late_money(ask, end);
  });
}

}  // namespace hinterland
