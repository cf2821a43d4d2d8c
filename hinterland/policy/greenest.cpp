#include "hinterland/policy/least_of.hpp"

namespace hinterland {

Placement greenest(const Ask& ask, const View& view) {
  return at_least_of(ask, view, [&](const Option& option, const PoolState& pool) {
    const auto [start, end] = expected_span(ask, option, pool);
    const UnitRates& rates = view.forecast[option.pool];
    return rates.kg_until(end) - rates.kg_until(start);
  });
}

}  // namespace hinterland
