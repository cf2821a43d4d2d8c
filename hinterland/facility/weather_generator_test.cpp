// The weather generator: repeatable, physical, and true to the normals it is given. How near it comes to measured
// weather is generated_weather_test.cpp.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "hinterland/base/model_year.hpp"
#include "hinterland/facility/climate.hpp"
#include "hinterland/facility/day_shape.hpp"
#include "hinterland/facility/monthly_curve.hpp"
#include "hinterland/facility/psychrometrics.hpp"
#include "hinterland/facility/sample_climate.hpp"

using namespace hinterland;

namespace {

// A made-up continental place, about as dry and as variable as the north of China.
Climate some_climate() {
  Climate climate{.latitude_deg = 40, .longitude_deg = 115, .utc_offset_h = 8, .months = {}};
  for (std::size_t m = 0; m < 12; ++m) {
    const double season = -std::cos(2 * 3.14159265 * (static_cast<double>(m) + 0.5) / 12);
    climate.months[m] = {.mean_c = 10 + 15 * season,
                         .daily_sd_c = 3 - season,
                         .interannual_sd_c = 1.3,
                         .daily_max_c = 16 + 15 * season,
                         .daily_min_c = 5 + 15 * season,
                         .vapour_pressure_hpa = 9 * std::exp(1.1 * season),
                         .station_pressure_hpa = 950 - 8 * season};
  }
  return climate;
}

bool same_bytes(const WeatherYear& a, const WeatherYear& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(WeatherHour)) == 0;
}

}  // namespace

TEST_CASE("a curve has its knots' months as means, and passes round the year") {
  CHECK(rc::check("any twelve values", [] {
    Months values{};
    for (double& value : values) value = *rc::gen::inRange(-300, 300) / 10.0;
    const std::vector<double> curve = monthly_curve(values, 200);
    RC_ASSERT(curve.size() == kYearHours);
    for (std::size_t m = 0; m < 12; ++m) {
      double sum = 0;
      for (std::size_t i = first_hour(m); i < first_hour(m + 1); ++i) sum += curve[i];
      RC_ASSERT(std::abs(sum / static_cast<double>(first_hour(m + 1) - first_hour(m)) - values[m]) < 1e-6);
    }
    RC_ASSERT(std::abs(curve.front() - curve.back()) <
              60.0 * 40 / 700);  // an hour's step of the steepest curve
  }));
}

TEST_CASE("constant months are a constant curve") {
  const std::vector<double> curve = monthly_curve({7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}, 30);
  CHECK(std::ranges::all_of(curve, [](double value) { return std::abs(value - 7) < 1e-12; }));
}

TEST_CASE("a day is coldest after sunrise and warmest at 15.2 h of the sun, with mean 0") {
  // At the clock's own meridian the sun is at most 17 minutes off the clock.
  const std::vector<double> shape = day_shape(40, 120, 8);
  for (const std::size_t day : {std::size_t{20}, std::size_t{171}, std::size_t{300}}) {
    const auto first = shape.begin() + static_cast<std::ptrdiff_t>(day * 24);
    const auto warmest = std::max_element(first, first + 24) - first;
    const auto coldest = std::min_element(first, first + 24) - first;
    CHECK(warmest >= 15);
    CHECK(warmest <= 16);
    CHECK(coldest >= (day == 171 ? 4 : 6));
    CHECK(coldest <= (day == 171 ? 6 : 9));
    double sum = 0;
    for (auto hour = first; hour != first + 24; ++hour) sum += *hour;
    CHECK(std::abs(sum) < 1e-12);
  }
}

TEST_CASE("a place west of its clock's meridian warms later by the clock") {
  const std::vector<double> east = day_shape(40, 120, 8), west = day_shape(40, 90, 8);
  for (std::size_t i = 0; i < 24 - 2; ++i) CHECK(west[3984 + i + 2] == doctest::Approx(east[3984 + i]));
}

TEST_CASE("polar nights and days have a shape too") {
  for (const double latitude : {-90.0, -70.0, 70.0, 90.0}) {
    for (const double value : day_shape(latitude, 0, 0)) REQUIRE(std::isfinite(value));
  }
}

TEST_CASE("the same climate, seed and year are the same bytes; any other is another year") {
  const Climate climate = some_climate();
  const WeatherYear one = generate_weather(climate, 7, 3);
  CHECK(same_bytes(one, generate_weather(climate, 7, 3)));
  CHECK_FALSE(same_bytes(one, generate_weather(climate, 8, 3)));
  CHECK_FALSE(same_bytes(one, generate_weather(climate, 7, 4)));
  CHECK(same_bytes(typical_weather(climate, 7), typical_weather(climate, 7)));
}

TEST_CASE("a typical year's months have the means of the normals, which a drawn year's have not") {
  const Climate climate = calibrated(some_climate());
  const auto furthest = [&](const WeatherYear& year) {
    double degrees = 0, vapour = 0;
    std::size_t hour = 0;
    for (std::size_t m = 0; m < 12; ++m) {
      const std::size_t hours = 24 * kMonthDays[m];
      double warm = 0, wet = 0;
      for (std::size_t i = 0; i < hours; ++i, ++hour) {
        warm += year[hour].temperature_c;
        wet += year[hour].humidity_pct / 100 * saturation_pressure(year[hour].temperature_c);
      }
      const auto n = static_cast<double>(hours);
      degrees = std::max(degrees, std::abs(warm / n - climate.months[m].mean_c));
      vapour = std::max(vapour, std::abs(wet / n / (100 * climate.months[m].vapour_pressure_hpa) - 1));
    }
    return std::pair(degrees, vapour);
  };
  for (const std::uint64_t seed : {1U, 2U, 7U}) {
    const auto [degrees, vapour] = furthest(typical_weather(climate, seed));
    CHECK(degrees < 0.01);
    CHECK(vapour < 0.001);
    CHECK(furthest(generate_weather(climate, seed)).first > 0.5);
  }
  CHECK_FALSE(same_bytes(typical_weather(climate, 7), typical_weather(climate, 7, 1)));
}

TEST_CASE("streams are one a purpose: what offsets draw moves no hour") {
  Climate steady = some_climate(), restless = steady;
  for (MonthNormal& month : restless.months) month.interannual_sd_c = 4;
  const WeatherYear a = generate_weather(steady, 1), b = generate_weather(restless, 1);
  // The difference is a curve between mid-months, so it changes little from hour to hour; the noise would not.
  double steepest = 0;
  for (std::size_t i = 1; i < kYearHours; ++i) {
    const double now = b[i].temperature_c - a[i].temperature_c;
    const double before = b[i - 1].temperature_c - a[i - 1].temperature_c;
    steepest = std::max(steepest, std::abs(now - before));
  }
  CHECK(steepest < 6 * 4 * 2 / (30.0 * 24));
}

TEST_CASE("every hour is possible weather") {
  for (const WeatherHour& hour : generate_weather(calibrated(some_climate()), 3)) {
    REQUIRE(std::isfinite(hour.temperature_c));
    REQUIRE(hour.humidity_pct > 0);
    REQUIRE(hour.humidity_pct <= 100);
    REQUIRE(hour.pressure_pa > 90000);
  }
}

TEST_CASE("over many years the months' means are the normals") {
  const Climate climate = calibrated(some_climate());
  std::vector<WeatherYear> years;
  for (std::uint64_t year = 0; year < 60; ++year) years.push_back(generate_weather(climate, 5, year));
  const Climate found = sample_climate(years, 40, 115, 8);
  for (std::size_t m = 0; m < 12; ++m) {
    CAPTURE(m);
    const MonthNormal &given = climate.months[m], &drawn = found.months[m];
    // 1.3 K / sqrt(60) is a standard error of the mean; four of them.
    CHECK(std::abs(drawn.mean_c - given.mean_c) < 0.7);
    CHECK(std::abs(drawn.daily_sd_c / given.daily_sd_c - 1) < 0.15);
    // Not less than half: offsets are interpolated. The hours' own wandering may give more than was asked for.
    CHECK(drawn.interannual_sd_c > 0.5 * given.interannual_sd_c);
    CHECK(std::abs(drawn.vapour_pressure_hpa / given.vapour_pressure_hpa - 1) < 0.06);
    CHECK(std::abs(drawn.station_pressure_hpa - given.station_pressure_hpa) < 1e-3);
    CHECK(std::abs((drawn.daily_max_c - drawn.daily_min_c) - 11) < 1.5);
  }
}

TEST_CASE("calibration is needed, repeats, and starts from the normals alone") {
  const Climate raw = some_climate(), once = calibrated(raw);
  CHECK(calibrate_vapour(once) == calibrate_vapour(raw));
  CHECK(std::ranges::any_of(
      once.months, [](const MonthNormal& month) { return std::abs(month.vapour_correction) > 0.01; }));
}
