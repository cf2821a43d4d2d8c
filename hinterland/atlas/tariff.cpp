#include "hinterland/atlas/tariff.hpp"

#include <array>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/model_year.hpp"

namespace hinterland {

Fields<Tariff> tariff_fields() {
  return {
      field("id", &Tariff::id).naming().documented("short name of the tariff"),
      field("name", &Tariff::name).naming().documented("English name of its area"),
      field("name_zh", &Tariff::name_zh).naming().documented("Chinese name of its area"),
      field("sharp_ratio", &Tariff::sharp).above(0, 20).documented("sharp peak price / flat price"),
      field("peak_ratio", &Tariff::peak).above(0, 20).documented("peak price / flat price"),
      field("valley_ratio", &Tariff::valley).within(0, 20).documented("valley price / flat price"),
      field("deep_ratio", &Tariff::deep).within(0, 20).documented("deep valley price / flat price"),
      field("demand_$_per_kw_month", &Tariff::demand)
          .within(0, 1e6)
          .documented("charge for a kW of the month's highest demand, before tax"),
      field("load_factor", &Tariff::load_factor)
          .above(0, 1)
          .documented("mean / highest demand at which the sites' all-in price was formed"),
  };
}

Fields<TariffMonth> tariff_month_fields() {
  return {
      field("id", &TariffMonth::id).naming().documented("tariff and month, such as guizhou-01"),
      field("tariff", &TariffMonth::tariff).refers("tariffs").naming().documented("the tariff"),
      field("month", &TariffMonth::month).within(1, 12).naming().documented("1 is January"),
      field("periods", &TariffMonth::periods)
          .documented("48 letters, one a half hour from midnight, standard time: S sharp, P peak, F flat, V "
                      "valley, D deep"),
  };
}

namespace {

double ratio_of(const Tariff& tariff, char period) {
  switch (period) {
    case 'S': return tariff.sharp.value_or(1);
    case 'P': return tariff.peak.value_or(1);
    case 'V': return tariff.valley.value_or(1);
    case 'D': return tariff.deep.value_or(1);
    default: return 1;
  }
}

}  // namespace

std::vector<double> price_ratios(const Atlas& atlas, const Tariff& tariff) {
  std::array<const TariffMonth*, 12> months{};
  for (const TariffMonth& one : atlas.tariff_months) {
    if (one.tariff == tariff.id) months.at(static_cast<std::size_t>(one.month) - 1) = &one;
  }
  std::vector<double> ratios;
  ratios.reserve(kYearHours);
  for (std::size_t month = 0; month < 12; ++month) {
    std::array<double, 24> day{};
    for (std::size_t hour = 0; hour < 24; ++hour) {
      const auto half = [&](std::size_t at) {
        return months[month] == nullptr ? 1 : ratio_of(tariff, months[month]->periods.at(at));
      };
      day[hour] = (half(2 * hour) + half(2 * hour + 1)) / 2;
    }
    for (std::size_t one = 0; one < kMonthDays[month]; ++one)
      ratios.insert(ratios.end(), day.begin(), day.end());
  }
  return ratios;
}

}  // namespace hinterland
