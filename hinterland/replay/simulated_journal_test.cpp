// A day that the simulator made up, written as a broker's journal, read and run again: error 0, whatever it was.
#include "hinterland/replay/simulated_journal.hpp"

#include <doctest/doctest.h>

#include "hinterland/replay/replay_result.hpp"
#include "hinterland/replay/test_day.hpp"
#include "hinterland/sim/books.hpp"
#include "tests/mixed_jobs.hpp"

namespace hinterland {

namespace {

// Mixed jobs in contention, at real sites; rates are the atlas's, so that the journal alone gives them again.
SimWorld mixed_day(std::size_t jobs, std::uint64_t seed, Discipline discipline) {
  SimWorld world = test::mixed_world(jobs, 4, 5, 0.95, seed);
  const char* const sites[] = {"metro-shanghai", "guian", "zhongwei", "zhangjiakou"};
  for (std::size_t p = 0; p < world.pools.size(); ++p) {
    world.pools[p].site = SiteId{sites[p]};
    world.pools[p].server = ServerId{"cpu-server"};
    const Site& site = china().sites.at(world.pools[p].site);
    const SiteYear& year = rates().at(site.id);
    world.forecast[p] = unit_rates(server_terms(china().servers.at(world.pools[p].server)),
                                   site_levels(china(), site, year), year, {.basis = Basis::built}, {},
                                   static_cast<double>(world.pools[p].units_per_server), 4000);
  }
  world.actual = world.forecast;
  world.discipline = discipline;
  world.groups[0].gb_out_per_unit_hour = 0.01;
  if (discipline == Discipline::fair) {
    world.shares = {1, 2};
    world.groups.push_back(world.groups[0]);
    world.groups[1].project = 1;
    const auto options = world.options;
    world.options.insert(world.options.end(), options.begin(), options.end());
    for (std::size_t job = 0; job < world.jobs.count(); job += 3) world.jobs.group[job] = GroupIndex{1};
  }
  return world;
}

void add_outages(SimWorld& world) {
  const std::int64_t span = world.jobs.arrival.back().ms;
  for (std::int64_t k = 0; k < 4; ++k)
    world.faults.push_back({.kind = FaultKind::site,
                            .cause = "fault",
                            .from = {span * (k + 1) / 6},
                            .until = {span * (k + 1) / 6 + span / 25},
                            .pools = {PoolIndex{static_cast<std::size_t>(k)}}});
}

SimulatedHouse house_of(const SimWorld& world, const char* policy) {
  SimulatedHouse house{
      .journal = "simulated", .currency = "CNY", .rules = {.policy = policy, .first_hour = 4000}};
  for (std::size_t p = 0; p < world.pools.size(); ++p) {
    house.pools.push_back("pool-" + std::to_string(p));
    house.pricing.push_back({.server = "cpu-server", .basis = Basis::built});
  }
  return house;
}

std::vector<Facts> written(const SimWorld& world, const SimRun& run, const char* policy) {
  std::vector<Facts> steps;
  const auto done = write_simulated(world, run, house_of(world, policy), [&](Facts facts) -> Expected<void> {
    steps.push_back(std::move(facts));
    return {};
  });
  REQUIRE(done);
  return steps;
}

}  // namespace

TEST_CASE("a simulated day comes out the same when it is run again from its journal") {
  for (const Discipline discipline : {Discipline::fcfs, Discipline::easy, Discipline::fair}) {
    for (const char* policy : {"cheapest", "least-loaded", "nearest", "wait-for-cheap"}) {
      for (const bool outages : {false, true}) {
        CAPTURE(std::string(policy));
        CAPTURE(static_cast<int>(discipline));
        CAPTURE(outages);
        SimWorld world = mixed_day(2500, 3, discipline);
        world.groups[0].may_wait = {3 * kHour.ms};
        if (outages) add_outages(world);
        SilentProgress silent;
        const SimRun run = simulate(world, find_policy(policy, "")->choose, silent);
        const auto day = test::day_of(written(world, run, policy));
        REQUIRE(day);
        const auto setup = day_world(*day, china(), rates());
        REQUIRE(setup);
        const auto result = replay(*day, *setup, silent);
        REQUIRE(result);
        const Fidelity& all = result->fidelity;
        CHECK(all.tasks > 2000);
        CHECK(all.compared == all.tasks);
        CHECK(all.same_pool == all.tasks);
        CHECK(all.start.worst == 0);
        CHECK(all.finish.worst == 0);
        CHECK(all.makespan == all.makespan_replayed);
        CHECK(all.bill == all.bill_replayed);
        CHECK(all.cost.worst == 0);
        CHECK(all.energy.worst == 0);
        // And it is the simulator's own bill, kept apart from all this.
        const Books books = keep_books(world, run);
        Bill own = books.total().bill;
        for (const ExtraMove& move : run.extra_moves)
          own.network -= nearest_whole(move.gb * world.option_to(move.pool, move.job).money_per_gb);
        CHECK(all.bill.energy == own.energy);
        CHECK(all.bill.capacity == own.capacity);
        CHECK(all.bill.kwh == own.kwh);
      }
    }
  }
}

TEST_CASE("what a journal cannot say is refused by its name") {
  SimWorld world = mixed_day(200, 1, Discipline::fcfs);
  world.faults.push_back({.kind = FaultKind::server,
                          .cause = "disks",
                          .from = {1000},
                          .until = {2000},
                          .pools = {PoolIndex{0}},
                          .servers = 1});
  world.staging.mode = Staging::Mode::line;
  world.actual[0] = UnitRates(world.forecast[0].rows(), world.forecast[0].charges(),
                              {{.from = {0}, .until = {kHour.ms}, .factor = 2}});
  SilentProgress silent;
  const SimRun run = simulate(world, cheapest, silent);
  const auto refused = write_simulated(world, run, house_of(world, "cheapest"),
                                       [](const Facts&) -> Expected<void> { return {}; });
  REQUIRE_FALSE(refused);
  std::string all;
  for (const Error& error : refused.error()) all += describe(error) + "\n";
  CHECK(all.contains("a part of a pool"));
  CHECK(all.contains("before a job has its place"));
  CHECK(all.contains("nobody foresaw"));
}

}  // namespace hinterland
