#include "hinterland/report/month_by_hour.hpp"

#include <fmt/format.h>

#include <array>

#include "hinterland/base/model_year.hpp"

namespace hinterland {

HeatBlock month_by_hour(Words caption, std::string unit, const std::vector<double>& values) {
  static constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  HeatBlock heat{.caption = std::move(caption), .unit = std::move(unit)};
  for (std::size_t month = 0; month < 12; ++month) {
    heat.rows.emplace_back(kMonths[month], fmt::format("{}月", month + 1));
  }
  for (int hour = 0; hour < 24; ++hour) heat.columns.emplace_back(std::to_string(hour));
  heat.values.assign(std::size_t{12} * 24, 0);
  std::array<double, 12> days{};
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t month = month_of_hour(i % kYearHours);
    heat.values[month * 24 + i % 24] += values[i];
    days[month] += 1.0 / 24;
  }
  for (std::size_t cell = 0; cell < heat.values.size(); ++cell) heat.values[cell] /= days[cell / 24];
  return heat;
}

}  // namespace hinterland
