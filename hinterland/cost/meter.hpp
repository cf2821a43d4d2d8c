// What a kWh bears of a site's demand charge, which is paid by the month for its highest kW and caused by no job alone.
//
// The charge is shared by energy. A forecast, which knows no month yet, takes the load factor (mean / highest) at which the
// tariff's all-in price was formed:
//
//   charge / (730 h x load factor)
#pragma once
#include "hinterland/base/quantity.hpp"

namespace hinterland {

using MoneyPerKwMonth = MoneyPerKw;  // of one month

// What a kWh bears if a month's load has this load factor, in (0, 1].
MoneyPerKwh demand_share(MoneyPerKwMonth price, double load_factor);

}  // namespace hinterland
