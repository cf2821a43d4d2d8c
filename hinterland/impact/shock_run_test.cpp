// What a run of a shock counts, and what no zone may do.
#include "hinterland/impact/shock_run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hinterland/impact/backup_use.hpp"
#include "tests/random_io_table.hpp"
#include "tests/random_regions.hpp"
#include "tests/seeds.hpp"

using namespace hinterland;

namespace {

struct ShockCase {
  MultiregionalTable table;
  ArioParameters parameters;
  std::vector<ShockLoss> losses;
  PlacedShock shock;
  StandIn zone;  // stands in for one of the losses

  // Value added of a year before.
  [[nodiscard]] double added() const {
    double all = 0;
    for (std::size_t k = 0; k < table.industries; ++k) {
      for (std::size_t r = 0; r < table.regions; ++r) all += table.added[k] * table.output(k, r);
    }
    return all;
  }
};

// Three losses of capacity, each of one industry in one region.
ShockCase shock_case(std::uint64_t seed) {
  RandomStream draw(seed, "zone");
  const auto any = [&](std::size_t count) {
    return static_cast<std::size_t>(static_cast<double>(count) * draw.uniform());
  };
  const std::size_t industries = 2 + any(4), regions = 1 + any(3);
  ShockCase made;
  made.table =
      multiregional_table(random_io_table(seed, industries), random_regions(seed, industries, regions))
          .value();
  for (std::size_t k = 0; k < industries; ++k) made.parameters.stock_days.push_back(1 + 20 * draw.uniform());
  made.parameters.substitution = draw.uniform();
  made.parameters.most_overproduction = 1 + 0.4 * draw.uniform();
  made.parameters.overproduction_days = 20 + 300 * draw.uniform();
  made.parameters.final_weight = 0.5 * draw.uniform();
  made.shock.days = 150;
  made.shock.capital_goods.assign(industries, 1.0 / static_cast<double>(industries));
  for (int i = 0; i < 3; ++i)
    made.losses.push_back({.lost = 0.3 + 0.7 * draw.uniform(),
                           .from_day = 2,
                           .days = 20 + 40 * draw.uniform(),
                           .recovery_days = 20});
  for (const ShockLoss& loss : made.losses)
    made.shock.capacity.push_back(
        {.loss = &loss, .industries = {any(industries)}, .regions = {any(regions)}});
  made.zone.share = Matrix(industries, regions);
  const PlacedLoss& met = made.shock.capacity[any(3)];
  made.zone.share(met.industries[0], met.regions[0]) = draw.uniform();
  return made;
}

double whole_use(const ShockCase& of) {
  PlacedShock shock = of.shock;
  shock.standing_in = of.zone;
  return run_shock(of.table, of.parameters, shock).lost;
}

}  // namespace

TEST_CASE("a loss's course begins, lasts and fades") {
  const ShockLoss loss{.lost = 0.5, .from_day = 10, .days = 20, .recovery_days = 40};
  CHECK(loss.at(9) == 0);
  CHECK(loss.at(10) == 0.5);
  CHECK(loss.at(29) == 0.5);
  CHECK(loss.at(50) == doctest::Approx(0.25));
  CHECK(loss.at(70) == 0);
}

TEST_CASE("what is lost adds up over days, regions and industries; nothing is lost where nothing happens") {
  for (std::uint64_t seed = 1; seed <= seeds(30); ++seed) {
    ShockCase one = shock_case(seed);
    const ShockCourse course = run_shock(one.table, one.parameters, one.shock);
    const double added = one.added();
    CAPTURE(seed);
    double days = 0;
    for (const double day : course.daily) days += (1 - day) * added / kDaysPerYear;
    const auto sum = [](const std::vector<double>& values) {
      return std::accumulate(values.begin(), values.end(), 0.0);
    };
    CHECK(std::abs(days - course.lost) < 1e-9 * added);
    CHECK(std::abs(sum(course.by_region) - course.lost) < 1e-9 * added);
    CHECK(std::abs(sum(course.by_industry) - course.lost) < 1e-9 * added);
    CHECK(course.worst_day() == *std::ranges::min_element(course.daily));
    CHECK(course.final_unmet >= -1e-9 * added);
    CHECK(course.exports_unmet >= -1e-9 * added);
    one.shock.capacity.clear();
    const ShockCourse calm = run_shock(one.table, one.parameters, one.shock);
    CHECK(std::abs(calm.lost) < 1e-9 * added);
    CHECK(std::abs(calm.final_unmet) < 1e-9 * added);
  }
}

TEST_CASE("a backup zone never makes a loss larger, though using all of it may") {
  for (std::uint64_t seed = 1; seed <= seeds(200); ++seed) {
    const ShockCase one = shock_case(seed);
    const double lost = run_shock(one.table, one.parameters, one.shock).lost;
    const BackupUse use = best_use(one.table, one.parameters, one.shock, one.zone, lost);
    CAPTURE(seed);
    PlacedShock with = one.shock;
    with.standing_in = one.zone.scaled(use.used);
    const double lost_with = run_shock(one.table, one.parameters, with).lost;
    CHECK(lost_with <= lost + 1e-9 * one.added());
    CHECK(std::abs(use.avoided - (lost - lost_with)) <= 1e-9 * one.added());
  }
  // An economy in which what the zone takes is missed more elsewhere.
  const ShockCase worse = shock_case(3990);
  const double lost = run_shock(worse.table, worse.parameters, worse.shock).lost;
  CHECK(whole_use(worse) > lost + 0.01 * worse.added());
  const BackupUse use = best_use(worse.table, worse.parameters, worse.shock, worse.zone, lost);
  CHECK(use.used < 1);
}

TEST_CASE("a zone that stands in for all that is lost leaves nothing lost") {
  for (std::uint64_t seed = 1; seed <= seeds(20); ++seed) {
    ShockCase one = shock_case(seed);
    one.shock.capacity.resize(1);
    one.shock.standing_in.share = Matrix(one.table.industries, one.table.regions);
    std::ranges::fill(one.shock.standing_in.share.values, 1.0);
    CAPTURE(seed);
    CHECK(std::abs(run_shock(one.table, one.parameters, one.shock).lost) < 1e-9 * one.added());
  }
}

TEST_CASE("a pool serves every place by what it misses, as far as it reaches") {
  ShockCase one = shock_case(9);
  const std::size_t regions = one.table.regions;
  REQUIRE(regions > 1);
  ShockLoss all{.lost = 0.5, .from_day = 0, .days = 150};
  one.shock.capacity = {{.loss = &all, .industries = {0}, .regions = {0, 1}}};
  one.shock.standing_in.power_of_output = Matrix(one.table.industries, regions);
  one.shock.standing_in.power_of_output(0, 0) = 100;
  one.shock.standing_in.power_of_output(0, 1) = 300;
  // They miss 50 and 150 kW: 100 kW are half of it, in both.
  one.shock.standing_in.power = 100;
  const double half = run_shock(one.table, one.parameters, one.shock).lost;
  PlacedShock by_share = one.shock;
  by_share.standing_in = {.share = Matrix(one.table.industries, regions), .power = 0, .power_of_output = {}};
  by_share.standing_in.share(0, 0) = by_share.standing_in.share(0, 1) = 0.25;
  CHECK(half > 0);
  CHECK(half == doctest::Approx(run_shock(one.table, one.parameters, by_share).lost));
  one.shock.standing_in.power = 200;
  CHECK(std::abs(run_shock(one.table, one.parameters, one.shock).lost) < 1e-9 * one.added());
  // One of them alone gets what both would.
  one.shock.capacity[0].regions = {0};
  one.shock.standing_in.power = 50;
  CHECK(std::abs(run_shock(one.table, one.parameters, one.shock).lost) < 1e-9 * one.added());
}

TEST_CASE("what is destroyed is rebuilt, by orders that count as demand") {
  ShockCase one = shock_case(7);
  one.shock.capacity.resize(1);
  one.losses[0].rebuilt = Rebuilt::yes;
  one.losses[0].lost = 0.4;
  one.shock.days = 3000;
  one.shock.rebuilding_days = 30;
  one.shock.capital_per_added = 2;
  const ShockCourse course = run_shock(one.table, one.parameters, one.shock);
  const PlacedLoss& where = one.shock.capacity[0];
  const std::size_t k = where.industries[0], r = where.regions[0];
  CHECK(course.damage == doctest::Approx(0.4 * 2 * one.table.added[k] * one.table.output(k, r)));
  CHECK(course.left_damage < 1e-6 * course.damage);
  CHECK(course.daily[2] < 1);
  // Orders for rebuilding carry the whole above where it was.
  CHECK(*std::ranges::max_element(course.daily) > 1);
  // In half the time half as much is left at any day.
  one.shock.days = 20;
  const double slow = run_shock(one.table, one.parameters, one.shock).left_damage;
  one.shock.rebuilding_days = 15;
  CHECK(run_shock(one.table, one.parameters, one.shock).left_damage < slow);
}

TEST_CASE("what is destroyed within a day is destroyed all the same") {
  ShockCase one = shock_case(5);
  one.losses.resize(1);
  one.shock.capacity.resize(1);
  one.shock.capacity[0].loss = one.losses.data();
  one.losses[0].rebuilt = Rebuilt::yes;
  one.losses[0].from_day = 3;
  const ShockCourse whole = run_shock(one.table, one.parameters, one.shock);
  one.losses[0].from_day = 2.4;  // the first day that begins after it
  const ShockCourse within = run_shock(one.table, one.parameters, one.shock);
  CHECK(whole.damage > 0);
  CHECK(within.damage == whole.damage);
  CHECK(within.lost == whole.lost);
}

TEST_CASE("imports that do not come cost value added, less where home's industries can stand in") {
  ShockCase one = shock_case(12);
  one.shock.capacity.clear();
  ShockLoss loss{.lost = 0.6, .from_day = 1, .days = 100};
  one.shock.imports = {{.loss = &loss, .industries = {0, 1}, .regions = {}}};
  one.parameters.import_substitution = 0;
  const double none = run_shock(one.table, one.parameters, one.shock).lost;
  CHECK(none > 0);
  one.parameters.import_substitution = 0.9;
  CHECK(run_shock(one.table, one.parameters, one.shock).lost < none);
}

TEST_CASE("exports that nobody asks for cost value added where they were made") {
  ShockCase one = shock_case(20);
  one.shock.capacity.clear();
  ShockLoss loss{.lost = 1, .from_day = 0, .days = 150};
  one.shock.exports = {{.loss = &loss, .industries = {0}, .regions = {0}}};
  const ShockCourse course = run_shock(one.table, one.parameters, one.shock);
  CHECK(course.by_industry[0] > 0);
  CHECK(course.by_region[0] > 0);
  CHECK(std::abs(course.exports_unmet) < 1e-9 * one.added());  // nobody asked, so nobody misses it
}
