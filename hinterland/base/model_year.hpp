// The model year: 8,760 hours in local standard time, without leap day; hour 0 is 1 January 00:00-01:00.
#pragma once
#include <array>
#include <cstddef>

namespace hinterland {

inline constexpr std::size_t kYearHours = 8760;
inline constexpr std::array<std::size_t, 12> kMonthDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

// The hour at which a month, from 0, begins; month 12 begins at 8,760.
constexpr std::size_t first_hour(std::size_t month) {
  std::size_t days = 0;
  for (std::size_t earlier = 0; earlier < month; ++earlier) days += kMonthDays[earlier];
  return 24 * days;
}

// The month, from 0, in which an hour of the year lies; requires hour < 8760.
constexpr std::size_t month_of_hour(std::size_t hour) {
  std::size_t month = 0;
  for (std::size_t day = hour / 24; day >= kMonthDays[month]; ++month) day -= kMonthDays[month];
  return month;
}

}  // namespace hinterland
