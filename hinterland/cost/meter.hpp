// What a site pays by the month and no job alone has caused: it stays on the site's meter and is shared by a rule.
//
//   demand charge   price x the month's highest kW, however briefly drawn
//                   shared by energy: each kWh of the month bears charge / kWh of the month
//   95th percentile price x the rate that 5 % of the month's samples exceed
//                   shared by bytes: each GB of the month bears bill / GB of the month
//
// The shares of a month add up to its bill: for whoever bills what was metered. A forecast, which knows no month yet, takes the load factor (mean / highest) at
// which the tariff's all-in price was formed: charge / (730 h x load factor) a kWh.
#pragma once
#include <span>
#include <vector>

#include "hinterland/base/quantity.hpp"

namespace hinterland {

using MoneyPerKwMonth = MoneyPerKw;  // of one month

// The charge for a month in which `kilowatts` were drawn, a value a metering interval. Nothing drawn: nothing charged.
Money demand_charge(std::span<const Kilowatts> kilowatts, MoneyPerKwMonth price);

// What a kWh bears if a month's load has this load factor, in (0, 1].
MoneyPerKwh demand_share(MoneyPerKwMonth price, double load_factor);

// The rate that at most 5 % of the samples exceed (nearest rank: the ceil(0.95 n)-th smallest); 0 for no samples.
GbPerHour percentile_95(std::span<const GbPerHour> samples);

// Each user's part of a bill in proportion to what it used; the parts add up to the bill. All use nothing: they share
// equally.
std::vector<Money> shared_by_use(Money bill, std::span<const double> use);

}  // namespace hinterland
