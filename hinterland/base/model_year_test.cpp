#include "hinterland/base/model_year.hpp"

#include <doctest/doctest.h>

#include <numeric>

using namespace hinterland;

TEST_CASE("the model year has 8,760 hours, and each month its own") {
  CHECK(std::accumulate(kMonthDays.begin(), kMonthDays.end(), std::size_t{0}) * 24 == 8760);
  std::array<std::size_t, 12> hours{};
  for (std::size_t hour = 0; hour < 8760; ++hour) ++hours[month_of_hour(hour)];
  for (std::size_t month = 0; month < 12; ++month) CHECK(hours[month] == kMonthDays[month] * 24);
  CHECK(month_of_hour(0) == 0);
  CHECK(month_of_hour(31 * 24 - 1) == 0);
  CHECK(month_of_hour(31 * 24) == 1);
  CHECK(month_of_hour(8759) == 11);
}
