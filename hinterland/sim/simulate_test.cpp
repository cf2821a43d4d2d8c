// Whole runs against goldens made elsewhere, and the laws that hold in every run.
#include "hinterland/sim/simulate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

#include "hinterland/sim/books.hpp"
#include "hinterland/sim/engine.hpp"
#include "hinterland/sim/pinned.hpp"
#include "tests/peers_world.hpp"

namespace hinterland {

namespace {

SimRun run(const SimWorld& world, Policy policy) {
  SilentProgress progress;
  return simulate(world, policy, progress);
}

template <class Queue>
SimRun run_engine(const SimWorld& world, Policy policy) {
  SilentProgress progress;
  return Engine<Queue>(world, policy).run(progress);
}

}  // namespace

TEST_CASE("completion times are those of an independent program") {
  for (const auto& [jobs, seconds] : {std::pair{10'000, 63'872'328L}, std::pair{100'000, 3'137'803'939L}}) {
    const SimWorld world = test::peers_world(static_cast<std::size_t>(jobs));
    REQUIRE(can_run_pinned(world, stay));
    const SimRun pinned = run(world, stay);
    const Books books = keep_books(world, pinned);
    CHECK(books.sum_completion_ms == seconds * 1000);
    CHECK(books.imbalances.empty());
    // The same by the long way, and by a discipline that cannot overtake jobs of one size.
    CHECK(run_engine<FcfsQueue>(world, stay).outcome.start == pinned.outcome.start);
    CHECK(run_engine<EasyQueue>(world, stay).outcome.start == pinned.outcome.start);
    CHECK(run_engine<PriorityQueue>(world, stay).outcome.start == pinned.outcome.start);
  }
}

TEST_CASE("and of a million jobs") {
  const SimWorld world = test::peers_world(1'000'000);
  const Books books = keep_books(world, run(world, stay));
  CHECK(books.sum_completion_ms == 284'195'621'051'000);
  CHECK(books.imbalances.empty());
}

TEST_CASE("bills and meters agree under every policy") {
  SimWorld world = test::peers_world(20'000);
  for (auto& pool : world.pools) pool.background_servers = 1;
  world.staging.mode = Staging::Mode::line;
  world.groups[0].gb_in_per_unit_hour = 2;
  world.groups[0].gb_out_per_unit_hour = 1;
  world.groups[0].may_wait = {6 * kHour.ms};
  world.groups[0].late_per_hour = 50'000;
  for (const PolicyEntry& policy : policies()) {
    CAPTURE(policy.name);
    const SimRun result = run(world, policy.choose);
    const Books books = keep_books(world, result);
    for (const Imbalance& one : books.imbalances) MESSAGE(one.what, " ", one.difference, " ", one.allowed);
    CHECK(books.imbalances.empty());
    CHECK(books.total().done == 20'000);
  }
}

TEST_CASE("a world that does not hang together is refused, all of it said") {
  SimWorld world = test::peers_world(100);
  CHECK(check_world(world));
  world.jobs.run[3] = {};
  world.jobs.home[4] = PoolIndex{77};
  std::swap(world.options[0][0], world.options[0][1]);
  world.faults.push_back({.kind = FaultKind::site,
                          .cause = "flood",
                          .from = {5},
                          .until = {5},
                          .pools = {PoolIndex{12}},
                          .links = {}});
  world.staging.mode = Staging::Mode::shared;
  world.staging.flow_class.assign(100, FlowClass{3});
  world.pools[9].background_servers = 10;
  const auto checked = check_world(world);
  REQUIRE(!checked);
  const auto said = [&](std::string_view what) {
    return std::ranges::any_of(checked.error(),
                               [&](const Error& error) { return error.what.contains(what); });
  };
  CHECK(said("job 4 has no time"));
  CHECK(said("job 5 names no size, group or pool"));
  CHECK(said("options are out of order"));
  CHECK(said("flood ends before it begins"));
  CHECK(said("flood names no pool"));
  CHECK(said("site-0 and site-1 are not connected"));
  CHECK(said("site-9: no server is left for jobs"));
}

TEST_CASE("late jobs and lost work are counted by what caused them") {
  SimWorld world = test::sites_of(1, 1);
  world.pools[0].server_size = {.cores = 4};
  world.pools[0].units_per_server = 4;
  world.groups[0].deadline = {15};
  world.groups[0].retries = 3;
  test::add_job(world, {0}, {10}, {10}, 4, 0);  // stopped at 4 by the flood, begins again at 6: done at 16
  test::add_job(world, {5}, {2}, {2}, 4, 0);  // waits in the flood and behind the first: done at 18, in time
  test::add_job(world, {5}, {3}, {3}, 4, 0);  // done at 21: late, and it met the flood
  test::add_job(world, {7}, {9}, {9}, 4, 0);  // done at 30: late, for it waited
  world.faults.push_back({.kind = FaultKind::site,
                          .cause = "flood",
                          .from = {4},
                          .until = {6},
                          .pools = {PoolIndex{0}},
                          .links = {}});
  const SimRun result = run(world, stay);
  const BookCell total = keep_books(world, result).total();
  CHECK(total.done == 4);
  CHECK(total.late == 3);
  CHECK(total.late_by[static_cast<std::size_t>(FaultKind::site)] == 2);
  CHECK(total.late_by[kLateByWaiting] == 1);
  CHECK(total.lost_unit_ms[static_cast<std::size_t>(FaultKind::site)] == 4 * 4);
  // A job that is stopped more often than it may be begun again is lost.
  world.groups[0].retries = 0;
  CHECK(keep_books(world, run(world, stay)).total().lost == 1);
}

}  // namespace hinterland
