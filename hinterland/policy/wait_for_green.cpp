#include "hinterland/policy/wait_at_home.hpp"

namespace hinterland {

Placement wait_for_green(const Ask& ask, const View& view) {
  const UnitRates& rates = view.forecast[ask.home];
  return wait_at_home(ask, view, [&](Instant t) { return rates.kg_until(t); });
}

}  // namespace hinterland
