// A site's year of hours: what a run pays in the hours in which it runs.
#include "hinterland/cost/site_year.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/base/random.hpp"

using namespace hinterland;

namespace {

constexpr std::size_t kHours = 8760;

// Warm afternoons and dear evenings, with noise: o and u that go together.
SiteHours any_hours(std::uint64_t seed) {
  RandomStream draw(seed, "hours");
  SiteHours hours;
  double mean = 0;
  for (std::size_t hour = 0; hour < kHours; ++hour) {
    const double day = std::sin(2 * M_PI * (static_cast<double>(hour % 24) - 9) / 24);
    hours.overhead.push_back(0.2 + 0.05 * day + 0.01 * draw.uniform());
    hours.price_shape.push_back(1 + 0.4 * day + 0.1 * draw.uniform());
    hours.water.push_back(1 + draw.uniform());
    mean += hours.price_shape.back() / static_cast<double>(kHours);
  }
  for (double& one : hours.price_shape) one /= mean;
  return hours;
}

double cost_of(const HourMeans& means, double level, double k) {
  return level * (means.price_shape + k * means.price_shape_overhead) + means.fixed +
         k * means.fixed_overhead;
}

}  // namespace

TEST_CASE("a year by prefix sums is the hour-by-hour sum of PUE x price") {
  const SiteHours hours = any_hours(1);
  const double level = 0.6, k = 1.3;
  double sum = 0;
  for (std::size_t i = 0; i < kHours; ++i) sum += (1 + k * hours.overhead[i]) * level * hours.price_shape[i];
  const SiteYear year(hours, {level}, k);
  CHECK(std::abs(8760 * cost_of(year.means(), level, k) / sum - 1) < 1e-12);
}

TEST_CASE("what may begin in any hour, and what runs all year, sees the year's mean") {
  const SiteYear year(any_hours(2), {0.6}, 1);
  const auto same = [&](const Run& run) {
    CHECK(year.over(run).price_shape == doctest::Approx(year.means().price_shape));
    CHECK(year.over(run).price_shape_overhead == doctest::Approx(year.means().price_shape_overhead));
  };
  same({.length = {5}, .wait = {}, .start = {}, .ready_hour = {}});
  same({.length = kYear, .wait = {}, .start = {}, .ready_hour = 3.0});
  same({.length = 2.0 * kYear, .wait = {}, .start = {}, .ready_hour = {}});
  // Whole days from any hour of the day are whole days.
  same({.length = {24}, .wait = {}, .start = {}, .ready_hour = 7.0});
}

TEST_CASE("night work pays night prices") {
  const SiteYear year(any_hours(3), {0.6}, 1);
  const HourMeans night = year.over(Run{.length = {6}, .wait = {}, .start = {}, .ready_hour = 23.0});
  const HourMeans noon = year.over(Run{.length = {6}, .wait = {}, .start = {}, .ready_hour = 12.0});
  CHECK(night.price_shape < 0.75);
  CHECK(noon.price_shape > 1.2);
  CHECK(night.overhead < noon.overhead);
}

TEST_CASE("waiting never costs more, and longer waiting never more than shorter") {
  CHECK(rc::check("over a year of starts", [] {
    const SiteYear year(any_hours(4), {0.6}, 1);
    const double length = *rc::gen::inRange(1, 400);
    const auto ready =
        *rc::gen::maybe(rc::gen::map(rc::gen::inRange(0, 24), [](int hour) { return 1.0 * hour; }));
    const auto cost = [&](int wait) {
      const Run run{.length = {length},
                    .wait = {1.0 * wait},
                    .start = {},
                    .ready_hour = ready ? std::optional<double>(*ready) : std::nullopt};
      return cost_of(year.over(run), 0.6, 1);
    };
    const int wait = *rc::gen::inRange(0, 1000);
    RC_ASSERT(cost(wait + 1) <= cost(wait) + 1e-12);
  }));
}

TEST_CASE("the mean over all starts is the mean of runs that each begin at their own") {
  const SiteYear year(any_hours(5), {0.6}, 1);
  double sum = 0;
  for (std::size_t hour = 0; hour < kHours; ++hour) {
    const Hours start{static_cast<double>(hour)};
    sum += year.over(Run{.length = {4}, .wait = {6}, .start = start, .ready_hour = {}}).price_shape;
  }
  const HourMeans all = year.over(Run{.length = {4}, .wait = {6}, .start = {}, .ready_hour = {}});
  CHECK(all.price_shape == doctest::Approx(sum / 8760));
}

TEST_CASE("a wait of days is a wait of days, and a run of days waits too") {
  SiteHours hours = any_hours(8);
  RandomStream draw(8, "weather");
  double level = 0;  // of prices that go up and down over days
  for (double& price : hours.price_shape) {
    level = 0.98 * level + 0.1 * (draw.uniform() - 0.5);
    price += level;
  }
  const SiteYear year(hours, {0.6}, 1);
  for (const auto& [length, wait] : {std::pair{1, 240}, {30, 96}, {72, 96}, {120, 720}, {240, 1440}}) {
    double sum = 0;
    for (std::size_t hour = 0; hour < kHours; ++hour) {
      const Hours start{static_cast<double>(hour)};
      sum += cost_of(
          year.over(Run{.length = {1.0 * length}, .wait = {1.0 * wait}, .start = start, .ready_hour = {}}),
          0.6, 1);
    }
    const Run any{.length = {1.0 * length}, .wait = {1.0 * wait}, .start = {}, .ready_hour = {}};
    CAPTURE(length);
    CAPTURE(wait);
    CHECK(cost_of(year.over(any), 0.6, 1) == doctest::Approx(sum / 8760).epsilon(0.01));
  }
  const auto cost = [&](double length, double wait) {
    return cost_of(year.over(Run{.length = {length}, .wait = {wait}, .start = {}, .ready_hour = {}}), 0.6, 1);
  };
  CHECK(cost(1, 240) < 0.9 * cost(1, 96));
  CHECK(cost(200, 720) < 0.98 * cost(200, 0));
}

TEST_CASE("and so of every part, ready at one hour of the day, over the turn of the year") {
  SiteHours hours = any_hours(7);
  hours.fixed.assign(kHours, 0.01);
  hours.carbon = hours.water;
  hours.marginal = hours.price_shape;
  const SiteYear year(hours, {0.6}, 1.2);
  HourMeans sum{.price_shape = 0, .carbon = 0, .marginal = 0, .marginal_overhead = 0};
  for (int day = 0; day < 365; ++day) {
    const HourMeans one =
        year.over(Run{.length = {20}, .wait = {4}, .start = Hours{24.0 * day + 22}, .ready_hour = {}});
    for (const auto part :
         {&HourMeans::overhead, &HourMeans::price_shape, &HourMeans::price_shape_overhead, &HourMeans::fixed,
          &HourMeans::fixed_overhead, &HourMeans::carbon, &HourMeans::carbon_overhead, &HourMeans::water}) {
      sum.*part += one.*part / 365;
    }
    *sum.marginal += *one.marginal / 365;
    *sum.marginal_overhead += *one.marginal_overhead / 365;
  }
  const HourMeans all = year.over(Run{.length = {20}, .wait = {4}, .start = {}, .ready_hour = 22.0});
  const auto same = [](double a, double b) { CHECK(a == doctest::Approx(b).epsilon(1e-10)); };
  same(all.overhead, sum.overhead);
  same(all.price_shape, sum.price_shape);
  same(all.price_shape_overhead, sum.price_shape_overhead);
  same(all.fixed, sum.fixed);
  same(all.fixed_overhead, sum.fixed_overhead);
  same(all.carbon, sum.carbon);
  same(all.carbon_overhead, sum.carbon_overhead);
  same(all.water, sum.water);
  same(*all.marginal, *sum.marginal);
  same(*all.marginal_overhead, *sum.marginal_overhead);
}

TEST_CASE("a flattened year has the same means and no better hours") {
  const SiteYear year(any_hours(6), {0.6}, 1);
  const SiteYear flat = year.flattened();
  CHECK(flat.means().price_shape == doctest::Approx(year.means().price_shape));
  CHECK(flat.means().overhead == doctest::Approx(year.means().overhead));
  // Dear hours are warm hours here, so the product of means is less than the mean of products.
  CHECK(flat.means().price_shape_overhead < year.means().price_shape_overhead);
  const Run waits{.length = {3}, .wait = {12}, .start = {}, .ready_hour = {}};
  CHECK(flat.over(waits).price_shape == doctest::Approx(flat.means().price_shape));
}

// 3,192 rows of published figures: the carbon of a job run now, and at its best contiguous start.
TEST_CASE("shifting in real carbon of six zones agrees with published results") {
  const char* const data = std::getenv("HINTERLAND_DATA");
  const std::string folder = data == nullptr ? "" : std::string(data) + "/../checks/shifting";
  const auto curves = read_text(folder + "/carbon_2022_hourly_g_per_kwh.csv.gz");
  const auto expected = read_text(folder + "/eurosys24_expected.csv");
  if (!curves || !expected) {
    MESSAGE("skipped: HINTERLAND_DATA names no folder with the published results beside it");
    CHECK(std::getenv("HINTERLAND_NO_SKIP") == nullptr);
    return;
  }
  std::map<std::string, SiteHours> zones;
  CsvRow row;
  CsvReader hours(*curves, "carbon");
  REQUIRE(hours.next(row).value());
  const std::vector<std::string> names(row.cells.begin() + 1, row.cells.end());
  while (hours.next(row).value()) {
    for (std::size_t i = 0; i < names.size(); ++i)
      zones[names[i]].price_shape.push_back(parse_number(row.cells[i + 1]).value());
  }
  std::map<std::string, SiteYear> years;
  for (auto& [name, one] : zones) {
    REQUIRE(one.price_shape.size() == kHours - 1);
    one.price_shape.push_back(
        0);  // the last hour of the year is not in the file, and no row below may need it
    years.emplace(name, SiteYear(one, {1}, 0));
  }
  CsvReader rows(*expected, "expected");
  REQUIRE(rows.next(row).value());
  int checked = 0;
  while (rows.next(row).value()) {
    const auto number = [&](std::size_t cell) { return parse_number(row.cells[cell]).value(); };
    const Hours length{number(1)}, slack{number(2)}, start{number(3)};
    if (start.value + length.value + slack.value > kYear.value - 1) continue;  // theirs does not wrap
    const SiteYear& year = years.at(std::string(row.cells[0]));
    const auto mean = [&](Hours wait) {
      return year.over(Run{.length = length, .wait = wait, .start = start, .ready_hour = {}}).price_shape;
    };
    CAPTURE(row.line);
    // The file has sums over the job's hours, of a load of 1 kW.
    CHECK(length.value * mean({}) == doctest::Approx(number(4)).epsilon(1e-9));
    CHECK(length.value * mean(slack) == doctest::Approx(number(5)).epsilon(1e-9));
    ++checked;
  }
  CHECK(checked > 3000);
}
