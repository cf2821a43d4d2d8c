// What pools do to what runs there: they are slow or fast, take their time to start, and have inputs moved to them.
#include <doctest/doctest.h>

#include "hinterland/sim/books.hpp"
#include "hinterland/sim/simulate.hpp"
#include "tests/mixed_jobs.hpp"

namespace hinterland {

namespace {

SimRun run(const SimWorld& world, Policy policy) {
  SilentProgress progress;
  return simulate(world, policy, progress);
}

// One pool of one server of 64 cores, and jobs of all of it.
SimWorld one_server(std::size_t jobs, Duration length) {
  SimWorld world = test::sites_of(1, 1);
  for (std::size_t k = 0; k < jobs; ++k) test::add_job(world, {0}, length, {2 * length.ms}, 64, 0);
  return world;
}

}  // namespace

TEST_CASE("an attempt holds its place for start_up beside its run, and nobody is billed for that") {
  SimWorld world = one_server(3, {100'000});
  const Books before = keep_books(world, run(world, stay));
  world.pools[0].start_up = {5000};
  const SimRun after = run(world, stay);
  CHECK(after.outcome.start == std::vector<Instant>{{0}, {105'000}, {210'000}});
  CHECK(after.end == Instant{315'000});
  const Books books = keep_books(world, after);
  CHECK(books.imbalances.empty());
  CHECK(books.total().unit_ms == before.total().unit_ms);
  CHECK(books.pools[0].unsold_unit_ms == 3 * 64 * 5000);
}

TEST_CASE("a fast pool runs a job sooner and bills it less; how fast counts from where it was measured") {
  SimWorld world = one_server(1, {100'000});
  world.pools[0].speed = 2;
  CHECK(run(world, stay).end == Instant{50'000});
  world.pools[0].speed = 0.5;
  CHECK(run(world, stay).end == Instant{200'000});  // all of what it asked for
  world.pools[0].speed = 0.4;
  const SimRun cut = run(world, stay);
  CHECK(cut.end == Instant{200'000});
  CHECK(cut.outcome.end[0] == JobEnd::cut);
  CHECK(keep_books(world, cut).imbalances.empty());
  world.jobs.measured = {PoolIndex{0}};
  CHECK(run(world, stay).end == Instant{100'000});
}

TEST_CASE("books balance over pools of every manner, whoever is preempted, driven away or lost") {
  for (const Discipline discipline :
       {Discipline::fcfs, Discipline::easy, Discipline::priority, Discipline::fair}) {
    SimWorld world = test::mixed_world(1500, 3, 3, 0.9, 4);
    world.discipline = discipline;
    world.shares = {2, 1};
    world.groups.push_back(world.groups[0]);
    world.groups[1].project = 1;
    world.groups[1].priority = 3;
    world.groups[1].checkpoint = {600'000};
    world.groups[1].gb_in = 3;
    world.groups[1].inputs_gb = 2;
    const auto options = world.options;
    world.options.insert(world.options.end(), options.begin(), options.end());
    for (std::size_t job = 0; job < world.jobs.count(); job += 4) world.jobs.group[job] = GroupIndex{1};
    world.staging.mode = Staging::Mode::held;
    for (std::size_t p = 0; p < 3; ++p) {
      world.pools[p].start_up = {700 * static_cast<std::int64_t>(p)};
      world.pools[p].speed = 1 + 0.3 * static_cast<double>(p);
      world.pools[p].input_bytes_per_s = p == 1 ? 0 : 1e7;
    }
    const std::int64_t span = world.jobs.arrival.back().ms;
    world.faults = {{.kind = FaultKind::site,
                     .cause = "a",
                     .from = {span / 3},
                     .until = {span / 2},
                     .pools = {PoolIndex{0}}},
                    {.kind = FaultKind::server,
                     .cause = "b",
                     .from = {span / 2},
                     .until = {span},
                     .pools = {PoolIndex{1}},
                     .servers = 1}};
    for (std::uint32_t job = 0; job < 200; job += 7)
      world.tries[job] = {{.run = {20'000}, .measured = PoolIndex{0}},
                          {.run = {5000}, .measured = PoolIndex{1}, .wait = {60'000}, .billed = false}};
    REQUIRE(check_world(world));
    const SimRun all = run(world, least_loaded);
    const Books books = keep_books(world, all);
    CAPTURE(static_cast<int>(discipline));
    for (const Imbalance& one : books.imbalances) INFO(one.what);
    CHECK(books.imbalances.empty());
    CHECK(all.over_capacity == 0);
    CHECK(books.total().done > 1400);
    CHECK_FALSE(all.input_moves.empty());
    std::size_t failed = 0, lost = 0;
    for (const Attempt& one : all.outcome.attempts) {
      failed += one.end == AttemptEnd::failed ? 1U : 0U;
      lost += one.end == AttemptEnd::lost ? 1U : 0U;
    }
    CHECK(failed >= world.tries.size());
    CHECK(lost >= world.tries.size());
  }
}

TEST_CASE("who is owed least by its share goes first, whatever it was that came first") {
  // Two projects with all their jobs there from the beginning: what each has had tends to its share.
  SimWorld world = test::sites_of(1, 1);
  world.discipline = Discipline::fair;
  world.shares = {3, 1};
  world.groups.push_back(world.groups[0]);
  world.groups[1].project = 1;
  world.options.push_back(world.options[0]);
  for (std::size_t k = 0; k < 80; ++k) test::add_job(world, {0}, {1000}, {1000}, 64, 0, k < 40 ? 1 : 0);
  const SimRun all = run(world, stay);
  int first = 0, second = 0;
  for (std::size_t k = 0; k < 80; ++k) {
    if (all.outcome.start[k] >= Instant{40'000}) continue;
    ++(world.jobs.group[k] == GroupIndex{0} ? first : second);
  }
  CHECK(first == 30);
  CHECK(second == 10);
}

TEST_CASE("projects without shares, and records that make no sense, are refused") {
  SimWorld world = one_server(2, {1000});
  CHECK(check_world(world));
  const auto refuses = [](const SimWorld& other) { return !check_world(other).has_value(); };
  SimWorld other = world;
  other.discipline = Discipline::fair;
  CHECK(refuses(other));
  other = world;
  other.pools[0].speed = 0;
  CHECK(refuses(other));
  other = world;
  other.changes = {{.at = {5}, .pool = PoolIndex{0}}, {.at = {4}, .pool = PoolIndex{0}}};
  CHECK(refuses(other));
  other.changes = {{.at = {5}, .pool = PoolIndex{1}}};
  CHECK(refuses(other));
  other.changes = {{.at = {5}, .pool = PoolIndex{0}}};
  CHECK_FALSE(refuses(other));
  other.faults = {{.from = {1}, .until = {2}, .pools = {PoolIndex{0}}}};
  CHECK(refuses(other));
  other = world;
  other.tries[0] = {{.run = {0}}};
  CHECK(refuses(other));
  other = world;
  other.jobs.measured = {PoolIndex{0}};
  CHECK(refuses(other));
}

}  // namespace hinterland
