// Bytes on their way: what moves once, what moves again, who waits for whom, and what faults do to it.
#include <doctest/doctest.h>

#include <algorithm>

#include "hinterland/sim/books.hpp"
#include "tests/naive_flows.hpp"
#include "tests/peers_world.hpp"

namespace hinterland {

namespace {

Placement to_the_second(const Ask& ask, const View&) {
  return {.pool = PoolIndex{1}, .not_before = ask.now, .pieces = {}};
}

// Two sites of many servers; jobs of one core and one hour that bring 1 GB each, 1,000 millionths of money and 1,000 ms a GB.
SimWorld two_sites(std::size_t jobs, std::int64_t apart_ms) {
  SimWorld world = test::sites_of(2, 100);
  for (auto& options : world.options) {
    for (Option& option : options) {
      if (option.money_per_gb > 0) option.money_per_gb = option.ms_per_gb = 1000;
    }
  }
  world.staging.mode = Staging::Mode::line;
  world.groups[0].gb_in_per_unit_hour = 1;
  for (std::size_t job = 0; job < jobs; ++job)
    test::add_job(world, {static_cast<std::int64_t>(job) * apart_ms}, kHour, kHour, 1, 0);
  return world;
}

// The same over a shared line of 1 GB/s out of the first site.
void share_lines(SimWorld& world) {
  Staging& staging = world.staging;
  staging.mode = Staging::Mode::shared;
  const LinkIndex out = staging.network.add_link(1e9), back = staging.network.add_link(1e9);
  const FlowClass there = staging.network.add_class({out}), home = staging.network.add_class({back});
  staging.flow_class = {FlowClass{}, there, home, FlowClass{}};
}

struct Result {
  SimRun run;
  Books books;
};
Result run(const SimWorld& world, Policy policy) {
  SilentProgress progress;
  Result result{simulate(world, policy, progress), {}};
  result.books = keep_books(world, result.run);
  for (const Imbalance& one : result.books.imbalances) MESSAGE(one.what, ": ", one.difference);
  CHECK(result.books.imbalances.empty());
  return result;
}

}  // namespace

TEST_CASE("by line each transfer takes its own time; results come home after the job") {
  SimWorld world = two_sites(2, 0);
  world.groups[0].gb_out_per_unit_hour = 3;
  world.groups[0].deadline = {kHour.ms + 3'500};
  const auto [run, books] = ::hinterland::run(world, to_the_second);
  CHECK(run.outcome.start[0] == Instant{1000});
  CHECK(run.outcome.start[1] == Instant{1000});
  CHECK(Ledger(world, run).account(JobIndex{0}).delivered == Instant{1000 + kHour.ms + 3000});
  CHECK(books.total().late == 2);
  CHECK(books.total().bill.network == 2 * 4000);
  CHECK(books.total().moved_gb == doctest::Approx(8));
}

TEST_CASE("on a shared line two transfers take twice the time, and what they carry is metered") {
  SimWorld world = two_sites(2, 0);
  share_lines(world);
  world.groups[0].gb_out_per_unit_hour = 3;
  const auto [run, books] = ::hinterland::run(world, to_the_second);
  CHECK(run.outcome.start[0] == Instant{2000});
  CHECK(run.outcome.start[1] == Instant{2000});
  CHECK(run.outcome.delivered[0] == Instant{2000 + kHour.ms + 6000});
  CHECK(run.link_gb[0] == doctest::Approx(2));
  CHECK(run.link_gb[1] == doctest::Approx(6));
}

TEST_CASE("jobs start when an obviously right network has brought their data, to the millisecond") {
  SimWorld world = two_sites(0, 0);
  share_lines(world);
  test::SplitMix random(4);
  naive::Flows slow(world.staging.network);
  std::int64_t now = 0;
  for (std::uint32_t job = 0; job < 300; ++job) {
    now += static_cast<std::int64_t>(random.next() % 900);
    const Duration length{static_cast<std::int64_t>(1 + random.next() % (2 * 3600)) * 1000};
    test::add_job(world, {now}, length, length, 1, 0);
    slow.advance(static_cast<double>(now) / 1000);
    slow.begin(world.staging.flow_class[1], 1e9 * static_cast<double>(length.ms) * kPerHour, job);
  }
  slow.advance(1e9);
  const auto [run, books] = ::hinterland::run(world, to_the_second);
  for (std::uint32_t job = 0; job < 300; ++job) {
    const double there_ms = slow.ended().at(job) * 1000,
                 start_ms = static_cast<double>(run.outcome.start[job].ms);
    CHECK(start_ms - there_ms > -1e-3);
    CHECK(start_ms - there_ms < 1 + 1e-3);
  }
}

TEST_CASE("data that jobs share move once; who comes meanwhile waits for them") {
  for (const bool shared_line : {false, true}) {
    CAPTURE(shared_line);
    SimWorld world = two_sites(3, 4000);
    if (shared_line) share_lines(world);
    world.groups[0].gb_in_per_unit_hour = 0;
    world.groups[0].shared_gb = 10;
    world.staging.cache_gb = 50;
    const auto [run, books] = ::hinterland::run(world, to_the_second);
    for (const Instant start : run.outcome.start) CHECK(start == Instant{10'000});
    CHECK(books.total().moved_gb == 10);
    CHECK(books.total().bill.network == 10'000);
  }
}

TEST_CASE("a site keeps shared data up to its bound, and drops what was used least recently") {
  // Three homes' data of 10 GB each at the fourth site, which keeps two of them.
  const auto moved = [](const std::vector<std::size_t>& homes, double cache_gb) {
    SimWorld world = test::sites_of(4, 100);
    world.staging.mode = Staging::Mode::line;
    world.staging.cache_gb = cache_gb;
    world.groups[0].shared_gb = 10;
    std::int64_t at = 0;
    for (const std::size_t home : homes) test::add_job(world, {at += 10 * kHour.ms}, kHour, kHour, 1, home);
    SilentProgress progress;
    const auto fourth = [](const Ask& ask, const View&) {
      return Placement{.pool = PoolIndex{3}, .not_before = ask.now, .pieces = {}};
    };
    const Books books = keep_books(world, simulate(world, fourth, progress));
    CHECK(books.imbalances.empty());
    return books.total().moved_gb;
  };
  CHECK(moved({0, 1, 0, 1, 0, 1}, 25) == 20);
  CHECK(moved({0, 1, 2, 0}, 25) == 40);     // the first was the oldest when the third came
  CHECK(moved({0, 1, 0, 2, 0}, 25) == 30);  // it had been used since: the second goes
  CHECK(moved({0, 0, 0}, 5) == 30);         // larger than the bound: nobody keeps them
  CHECK(moved({0, 0, 0}, 10) == 10);
  CHECK(moved({3, 3}, 25) == 0);  // at home nothing moves
}

TEST_CASE("a link that is cut holds jobs; a site that is lost on the way sends them back") {
  SimWorld world = two_sites(1, 0);
  share_lines(world);
  world.groups[0].gb_in_per_unit_hour = 10;
  world.faults.push_back({.kind = FaultKind::link,
                          .cause = "digger",
                          .from = {4000},
                          .until = {9000},
                          .pools = {},
                          .left = 0,
                          .links = {LinkIndex{0}}});
  CHECK(::hinterland::run(world, to_the_second).run.outcome.start[0] == Instant{15'000});
  world.faults[0].left = 0.5;
  CHECK(::hinterland::run(world, to_the_second).run.outcome.start[0] == Instant{12'500});

  world.faults[0] = {.kind = FaultKind::site,
                     .cause = "flood",
                     .from = {4000},
                     .until = kNever,
                     .pools = {PoolIndex{1}},
                     .links = {}};
  const auto elsewhere = [](const Ask& ask, const View& view) {
    return Placement{.pool = PoolIndex{view.pools[1].up ? 1U : 0U}, .not_before = ask.now, .pieces = {}};
  };
  const auto [run, books] = ::hinterland::run(world, elsewhere);
  CHECK(run.outcome.start[0] == Instant{4000});
  CHECK(run.outcome.pool[0] == PoolIndex{0});
  CHECK(books.total().moved_gb == doctest::Approx(10));  // in vain, and billed
  CHECK(run.link_gb[0] == doctest::Approx(4));
}

TEST_CASE("a spike is billed, on the meter, and nobody foresaw it") {
  SimWorld world = two_sites(1, 0);
  const Bill plain = ::hinterland::run(world, stay).books.total().bill;
  world.actual[0] = UnitRates(world.forecast[0].rows(), world.forecast[0].charges(), {{{0}, {kHour.ms}, 3}});
  const Bill spiked = ::hinterland::run(world, stay).books.total().bill;
  CHECK(spiked.energy == doctest::Approx(3.0 * static_cast<double>(plain.energy)).epsilon(1e-3));
  CHECK(spiked.capacity == plain.capacity);
  CHECK(spiked.kwh == plain.kwh);
}

}  // namespace hinterland
