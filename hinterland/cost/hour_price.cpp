#include "hinterland/cost/hour_price.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace hinterland {

void take_news(std::vector<HourPrice>& kept, std::span<const HourPrice> news, Instant at) {
  for (const HourPrice& price : news) {
    const auto place = std::ranges::lower_bound(kept, price.hour, {}, &HourPrice::hour);
    if (place != kept.end() && place->hour == price.hour) {
      *place = price;
    } else {
      kept.insert(place, price);
    }
  }
  std::erase_if(kept, [&](const HourPrice& price) { return at - price.hour > kPricesKept; });
}

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
