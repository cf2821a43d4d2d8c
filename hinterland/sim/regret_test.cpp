// Days small enough to try every plan: no policy does better than the best of them.
#include <doctest/doctest.h>

#include <limits>

#include "hinterland/sim/books.hpp"
#include "tests/peers_world.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kJobs = 3, kPools = 3, kHoursOfDay = 5;

// What the policy of a plan answers, by turn.
std::array<Placement, kJobs> plan;
Placement planned(const Ask& ask, const View&) { return plan[ask.turn]; }

SimWorld small_day(std::uint64_t seed) {
  test::SplitMix random(seed);
  SimWorld world = test::sites_of(kPools, 1);
  for (SimPool& pool : world.pools) {
    pool.server_size = {.cores = 2};
    pool.units_per_server = 2;
  }
  world.staging.mode = Staging::Mode::line;
  world.groups[0].gb_in_per_unit_hour = 0.02;
  world.groups[0].deadline = {8 * kHour.ms};
  world.groups[0].may_wait = {(kHoursOfDay - 1) * kHour.ms};
  const std::int64_t begin = static_cast<std::int64_t>(random.next() % 8000) * kHour.ms;
  for (std::size_t job = 0; job < kJobs; ++job) {
    const Duration run{static_cast<std::int64_t>(1 + random.next() % 3) * kHour.ms};
    test::add_job(world, {begin}, run, run, 1 + static_cast<std::int64_t>(random.next() % 2),
                  random.next() % kPools);
  }
  return world;
}

std::int64_t bill_of(const SimWorld& world, Policy policy) {
  SilentProgress progress;
  const Books books = keep_books(world, simulate(world, policy, progress));
  REQUIRE(books.imbalances.empty());
  REQUIRE(books.total().done == kJobs);
  return books.total().bill.total();
}

}  // namespace

TEST_CASE("0 < the best plan <= what any policy is billed") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const SimWorld world = small_day(seed);
    std::int64_t best = std::numeric_limits<std::int64_t>::max();
    const std::size_t choices = kPools * kHoursOfDay, plans = choices * choices * choices;
    for (std::size_t one = 0; one < plans; ++one) {
      std::size_t rest = one;
      for (Placement& placement : plan) {
        const std::size_t choice = rest % choices;
        rest /= choices;
        placement = {
            .pool = PoolIndex{choice % kPools},
            .not_before = {world.jobs.arrival[0].ms + static_cast<std::int64_t>(choice / kPools) * kHour.ms},
            .pieces = {}};
      }
      best = std::min(best, bill_of(world, planned));
    }
    CHECK(best > 0);
    for (const PolicyEntry& policy : policies()) {
      CAPTURE(policy.name);
      CHECK(bill_of(world, policy.choose) >= best);
    }
  }
}

TEST_CASE("a run differs from itself by nothing") {
  const SimWorld world = small_day(9);
  CHECK(bill_of(world, cheapest) - bill_of(world, cheapest) == 0);
  SilentProgress progress;
  const SimRun a = simulate(world, stay, progress), b = simulate(world, stay, progress);
  CHECK(a.outcome.start == b.outcome.start);
  CHECK(a.outcome.pool == b.outcome.pool);
}

}  // namespace hinterland
