// What energy costs in one hour, as somebody said who knows better than the model year.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "hinterland/base/time.hpp"
#include "hinterland/cost/unit_rates.hpp"

namespace hinterland {

struct HourPrice {
  static constexpr std::int64_t kUntold = -1;

  Instant hour;                           // its beginning, a whole hour
  std::int64_t money_per_kwh = 0;         // millionths, all that a kWh costs; negative in a glut
  std::int64_t co2_kg_per_kwh = kUntold;  // millionths; kUntold: as in the model year
  bool operator==(const HourPrice&) const = default;
};

// What was heard is kept for so long after its hour: bills look no further back.
inline constexpr Duration kPricesKept{1440 * kHour.ms};

// What is heard at that time comes into what is kept, which is in order, each hour once; what is too old leaves it.
void take_news(std::vector<HourPrice>& kept, std::span<const HourPrice> news, Instant at);

// The same rates, with a busy unit's energy and CO2 in these hours as they say: row = kWh x what one costs, or emits.
// The rates of a year repeat, so hours a year apart are one: of those the last counts.
UnitRates with_prices(const UnitRates& rates, std::span<const HourPrice> prices);

}  // namespace hinterland
