// A plant through a year: what is summed, and the assumed sea.
#include "hinterland/facility/facility_year.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "hinterland/facility/plant_hour.hpp"
#include "tests/reference_plants.hpp"

using namespace hinterland;

namespace {

// -10 to 30 degC over the year, a swing of 10 K over the day.
WeatherYear some_year() {
  WeatherYear year;
  for (std::size_t i = 0; i < kYearHours; ++i) {
    const auto h = static_cast<double>(i);
    const double t =
        10 - 20 * std::cos(2 * std::numbers::pi * h / 8760) - 5 * std::cos(h * std::numbers::pi / 12);
    year.push_back({.temperature_c = t, .humidity_pct = 60 + 30 * std::sin(h / 50), .pressure_pa = 95000});
  }
  return year;
}

}  // namespace

TEST_CASE("a year is its hours, one by one") {
  const WeatherYear weather = some_year();
  for (const CoolingSystem system :
       {CoolingSystem::airside, CoolingSystem::evaporative, CoolingSystem::chiller}) {
    const Plant plant = example_plant(system);
    const PlantAtLoad loaded = at_load(plant, 0.6);
    const FacilityYear year = run_year(plant, weather, 0.6);
    REQUIRE(year.pue.size() == kYearHours);
    REQUIRE(year.wue_l_per_kwh.size() == kYearHours);
    double chilled = 0;
    for (std::size_t i = 0; i < kYearHours; ++i) {
      const PlantHour hour = run_hour(loaded, weather[i], 0);
      if (year.pue[i] != pue(hour) || year.wue_l_per_kwh[i] != wue(hour)) FAIL("hour " << i << " differs");
      if (hour.chiller_share > 0) chilled += 1;
    }
    CHECK(year.chiller_hours_share == chilled / 8760);
  }
  CHECK(run_year(Plant{}, weather, 1).chiller_hours_share == 1);  // the default plant has no economiser
}

TEST_CASE("means and quantiles of a year") {
  FacilityYear year;
  for (int i = 100; i >= 0; --i) year.pue.push_back(1 + i / 100.0);
  year.wue_l_per_kwh = {1, 3};
  const YearSummary summary = summarize(year);
  CHECK(summary.pue_mean == doctest::Approx(1.5));
  CHECK(summary.pue_p95 == doctest::Approx(1.95));
  CHECK(summary.pue_p99 == doctest::Approx(1.99));
  CHECK(summary.wue_mean == doctest::Approx(2));
}

TEST_CASE("the assumed sea is as warm as the air on average, swings less over the day, and never freezes") {
  const WeatherYear weather = some_year();
  const std::vector<double> sea = sea_from_air(weather);
  REQUIRE(sea.size() == kYearHours);
  for (std::size_t i = 360; i + 361 < kYearHours; i += 97) {
    double sum = 0;
    for (std::size_t k = i - 360; k < i + 360; ++k) sum += weather[k].temperature_c;
    CHECK(std::abs(sea[i] - std::max(sum / 720, -1.8)) < 1e-9);
  }
  CHECK(sea[0] == -1.8);  // January's air is colder than sea water can be
  CHECK(*std::ranges::max_element(sea) < 30);
}

TEST_CASE("a seawater plant takes the assumed sea of each hour") {
  const WeatherYear weather = some_year();
  const Plant plant = example_plant(CoolingSystem::seawater);
  const PlantAtLoad loaded = at_load(plant, 1);
  const std::vector<double> sea = sea_from_air(weather);
  const FacilityYear year = run_year(plant, weather, 1);
  for (std::size_t i = 0; i < kYearHours; ++i) {
    if (year.pue[i] != pue(run_hour(loaded, weather[i], sea[i]))) FAIL("hour " << i << " differs");
    if (run_hour(loaded, weather[i], 35).chiller_share == 0) FAIL("hour " << i << ": a warm sea cools alone");
  }
  CHECK(year.chiller_hours_share < 1);
}
