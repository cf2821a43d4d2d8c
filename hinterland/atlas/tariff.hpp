// Power tariffs by time of use: what a kWh costs against one of the flat period, and when which period runs.
//
//   ratio of an hour = mean of its two half hours' ratios,   a half hour's ratio = that of its period, flat = 1
//
// The level is the site's own power price: an all-in price, in which a monthly charge for the highest demand is spread
// over the energy of a meter that runs at `load_factor`. Periods are those of the atlas's clock, the same on all days of
// a month: weekends and holidays, which some areas price lower, are not in the tables.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/field.hpp"
#include "hinterland/base/id.hpp"
#include "hinterland/base/quantity.hpp"

namespace hinterland {

struct Tariff {
  TariffId id;
  std::string name, name_zh;
  std::optional<double> sharp, peak, valley, deep;  // price / price of the flat period
  std::optional<MoneyPerKw> demand;                 // a month, before tax; not known everywhere
  double load_factor = 1;                           // mean / highest demand behind the sites' all-in price
};

// Which period runs in each half hour of a month's days: S sharp, P peak, F flat, V valley, D deep valley.
struct TariffMonth {
  TariffMonthId id;
  TariffId tariff;
  double month = 1;     // 1 to 12, whole
  std::string periods;  // 48 letters, from midnight
};

Fields<Tariff> tariff_fields();
Fields<TariffMonth> tariff_month_fields();

struct Atlas;

// 8,760 ratios to the flat period's price; all 1 where the tariff has no periods. The loader has checked that a tariff
// has all months or none, and a ratio for each of its periods.
std::vector<double> price_ratios(const Atlas& atlas, const Tariff& tariff);

}  // namespace hinterland
