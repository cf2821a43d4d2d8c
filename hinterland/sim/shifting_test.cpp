// Real carbon of six zones in 2022 through simulator and policies: 3,192 published rows of jobs run now, at their best start,
// and in their best hours.
#include <doctest/doctest.h>

#include <map>

#include "hinterland/base/csv.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/sim/ledger.hpp"
#include "tests/peers_world.hpp"
#include "tests/reference_data.hpp"

namespace hinterland {

namespace {

// One server; g CO2 of each hour as kg, so that a sum over a job's hours is what the rows hold.
SimWorld zone_world(const std::vector<double>& grams) {
  SimWorld world = test::sites_of(1, 1);
  world.pools[0].server_size = {.cores = 1};
  world.pools[0].units_per_server = 1;
  std::vector<UnitRow> rows;
  for (const double one : grams) rows.push_back({.kg = one});
  rows.resize(8760);  // the last hour of the year is not in the file, and no row needs it
  world.forecast.clear();
  world.forecast.emplace_back(rows, UnitRates::Charges{});
  world.actual = world.forecast;
  world.options = {{{PoolIndex{0}}}};
  return world;
}

double grams_of(SimWorld world, Policy policy, bool interruptible, std::int64_t start, std::int64_t hours,
                std::int64_t slack) {
  world.groups[0].deadline = {2 * 8760 * kHour.ms};
  world.groups[0].may_wait = {slack * kHour.ms};
  world.groups[0].interruptible = interruptible;
  test::add_job(world, {start * kHour.ms}, {hours * kHour.ms}, {hours * kHour.ms}, 1, 0);
  SilentProgress progress;
  const SimRun run = simulate(world, policy, progress);
  const Ledger ledger(world, run);
  const JobAccount account = ledger.account(JobIndex{0});
  REQUIRE(account.end == JobEnd::done);
  double grams = account.exact.kg;
  std::int64_t ran = run.outcome.several[0] ? 0 : (account.finish - account.start).ms;
  for (const Attempt& attempt : ledger.attempts(JobIndex{0})) {
    grams += world.actual[0].exact_bill(attempt.from, attempt.until, 1).kg;
    ran += (attempt.until - attempt.from).ms;
  }
  CHECK(ran == hours * kHour.ms);
  return grams;
}

}  // namespace

TEST_CASE("now, the best start and the best hours are those that were published") {
  const auto carbon = reference_text("../checks/shifting/carbon_2022_hourly_g_per_kwh.csv.gz");
  const auto expected = reference_text("../checks/shifting/eurosys24_expected.csv");
  if (!carbon || !expected) return;
  std::map<std::string, std::vector<double>> zones;
  CsvRow row;
  CsvReader hours(*carbon, "carbon");
  REQUIRE(hours.next(row).value());
  const std::vector<std::string> names(row.cells.begin() + 1, row.cells.end());
  while (hours.next(row).value()) {
    for (std::size_t i = 0; i < names.size(); ++i)
      zones[names[i]].push_back(parse_number(row.cells[i + 1]).value());
  }
  std::map<std::string, SimWorld> worlds;
  for (const auto& [name, grams] : zones) worlds.emplace(name, zone_world(grams));
  CsvReader rows(*expected, "expected");
  REQUIRE(rows.next(row).value());
  int checked = 0;
  while (rows.next(row).value()) {
    const auto whole = [&](std::size_t cell) {
      return static_cast<std::int64_t>(parse_number(row.cells[cell]).value());
    };
    const auto grams = [&](Policy policy, bool interruptible) {
      return grams_of(worlds.at(std::string(row.cells[0])), policy, interruptible, whole(3), whole(1),
                      whole(2));
    };
    const auto published = [&](std::size_t cell) {
      return doctest::Approx(parse_number(row.cells[cell]).value()).epsilon(1e-9);
    };
    CAPTURE(row.line);
    CHECK(grams(stay, false) == published(4));
    CHECK(grams(wait_for_green, false) == published(5));
    CHECK(grams(wait_for_green, true) == published(6));
    ++checked;
  }
  CHECK(checked == 3192);
}

}  // namespace hinterland
