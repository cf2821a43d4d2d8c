#include "hinterland/cost/hour_price.hpp"

#include <utility>
#include <vector>

namespace hinterland {

UnitRates with_prices(const UnitRates& rates, std::span<const HourPrice> prices) {
  std::vector<UnitRow> rows = rates.rows();
  const auto hours = static_cast<std::int64_t>(rows.size());
  for (const HourPrice& price : prices) {
    UnitRow& row = rows[static_cast<std::size_t>((price.hour.ms / kHour.ms) % hours)];
    row.energy = row.kwh * static_cast<double>(price.money_per_kwh) / kMillion;
    if (price.co2_kg_per_kwh != HourPrice::kUntold)
      row.kg = row.kwh * static_cast<double>(price.co2_kg_per_kwh) / kMillion;
  }
  return {std::move(rows), rates.charges(), rates.spikes()};
}

}  // namespace hinterland
