#include <limits>

#include "hinterland/policy/least_of.hpp"

namespace hinterland {

// Energy over the hours in which it is expected to run, capacity, moving, and what being late costs. A pool whose least
// conceivable price (the cheapest hour of the year) is no less than the best so far is not looked at further.
Placement cheapest(const Ask& ask, const View& view) {
  const double run_hours = static_cast<double>(ask.request.ms) * kPerHour;
  const auto units = static_cast<double>(ask.units);
  const Option* best = nullptr;
  double least = std::numeric_limits<double>::infinity();
  bool best_is_up = false;
  for (const Option& option : ask.options) {
    const PoolState& pool = view.pools[option.pool];
    if (best_is_up && !pool.up) continue;
    const UnitRates& rates = view.forecast[option.pool];
    const bool first = best == nullptr || pool.up > best_is_up;
    const double fixed = units * rates.charges().capacity * run_hours + moving_money(ask, option);
    if (!first && fixed + units * rates.least_money() * run_hours >= least) continue;
    const auto [start, end] = expected_span(ask, option, pool);
    const double price =
        fixed + late_money(ask, end) + units * (rates.money_until(end) - rates.money_until(start));
    if (!first && price >= least) continue;
    best = &option;
    least = price;
    best_is_up = pool.up;
  }
  return at(best, ask);
}

}  // namespace hinterland
