#include "hinterland/sim/held_inputs.hpp"

#include <doctest/doctest.h>

#include <map>
#include <numeric>

#include "hinterland/base/random.hpp"

namespace hinterland {

namespace {

// `groups` of one GB each, and pools whose paths carry 100 MB a second; group k's jobs are 4 k to 4 k + 3.
SimWorld world_of(std::size_t groups, std::size_t pools = 1) {
  SimWorld world;
  world.staging.mode = Staging::Mode::held;
  for (std::size_t p = 0; p < pools; ++p)
    world.pools.push_back({.server_size = {.cores = 8}, .servers = 1, .input_bytes_per_s = 1e8});
  for (std::size_t k = 0; k < groups; ++k) {
    world.groups.push_back({.name = "g", .gb_in = 1, .inputs_gb = 1});
    for (int j = 0; j < 4; ++j) world.jobs.group.emplace_back(k);
  }
  return world;
}

HeldInputs::Waiter waiter(std::size_t job, std::size_t place, std::size_t pool = 0) {
  return {PoolIndex{pool}, place, JobIndex{job}};
}

double gb_of(const std::vector<ExtraMove>& moves) {
  return std::accumulate(moves.begin(), moves.end(), 0.0,
                         [](double sum, const ExtraMove& one) { return sum + one.gb; });
}

}  // namespace

TEST_CASE(
    "the first of a group has its inputs moved and pays; the others wait for the same bytes, or find them "
    "there") {
  const SimWorld world = world_of(1);
  HeldInputs inputs(world);
  CHECK(inputs.there(GroupIndex{0}, {0}).empty());
  CHECK_FALSE(inputs.begin(waiter(0, 0), {1000}));
  CHECK_FALSE(inputs.begin(waiter(1, 1), {4000}));
  CHECK(inputs.next_end() == Instant{11'000});
  CHECK(inputs.arrived({10'999}).empty());
  const auto there = inputs.arrived({11'000});
  REQUIRE(there.size() == 2);
  CHECK(there[0].job == JobIndex{0});
  CHECK(there[1].job == JobIndex{1});
  CHECK(inputs.begin(waiter(2, 2), {12'000}));
  CHECK(inputs.next_end() == kNever);
  REQUIRE(inputs.moves().size() == 1);
  CHECK(inputs.moves()[0].job == JobIndex{0});
  CHECK(inputs.moves()[0].gb == 1);
  REQUIRE(inputs.there(GroupIndex{0}, {12'000}).size() == 1);
  CHECK(inputs.there(GroupIndex{0}, {12'000})[0] == Instant{12'000});
}

TEST_CASE("two groups share a path evenly, and what ends gives its part to the other") {
  const SimWorld world = world_of(2);
  HeldInputs inputs(world);
  CHECK_FALSE(inputs.begin(waiter(0, 0), {0}));
  CHECK_FALSE(inputs.begin(waiter(4, 1), {5000}));  // the first has half of its GB
  CHECK(inputs.next_end() == Instant{15'000});
  REQUIRE(inputs.arrived({15'000}).size() == 1);
  CHECK(inputs.next_end() == Instant{20'000});
  CHECK(inputs.arrived({20'000}).size() == 1);
}

TEST_CASE("whoever is stopped pays for what moved for him, or nobody does, and the rest moves for the next") {
  const SimWorld world = world_of(1);
  HeldInputs inputs(world);
  inputs.begin(waiter(0, 0), {0});
  inputs.begin(waiter(1, 1), {1000});
  inputs.stop(PoolIndex{0}, 0, JobIndex{0}, true, {3000});
  CHECK(inputs.next_end() == Instant{10'000});  // it goes on for the other
  inputs.stop(PoolIndex{0}, 1, JobIndex{1}, false, {5000});
  CHECK(inputs.next_end() == kNever);
  CHECK_FALSE(inputs.begin(waiter(2, 0), {50'000}));
  CHECK(inputs.next_end() == Instant{55'000});
  CHECK(inputs.arrived({55'000}).size() == 1);
  CHECK(gb_of(inputs.moves()) == doctest::Approx(0.8));
  CHECK(gb_of(inputs.unbilled()) == doctest::Approx(0.2));
}

TEST_CASE("pools are apart, one without a path moves nothing, and what was measured counts") {
  SimWorld world = world_of(1, 3);
  world.pools[1].input_bytes_per_s = 0;
  world.groups[0].moves_gb = {-1, -1, 0};
  HeldInputs inputs(world);
  CHECK_FALSE(inputs.begin(waiter(0, 0, 0), {0}));
  CHECK(inputs.begin(waiter(1, 0, 1), {0}));
  CHECK(inputs.begin(waiter(2, 0, 2), {0}));  // all of it was there
  CHECK(inputs.arrived({10'000}).size() == 1);
  CHECK(gb_of(inputs.moves()) == 1);
}

TEST_CASE("whatever comes, goes and is stopped, each byte moves once and is somebody's") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    RandomStream random(seed, "held inputs");
    const std::size_t groups = 1 + random.next() % 5;
    const SimWorld world = world_of(groups);
    HeldInputs inputs(world);
    std::map<std::size_t, std::size_t> waits;  // job by place
    std::vector<bool> whole(groups);
    Instant now{};
    for (std::size_t place = 0; place < 40; ++place) {
      now.ms += static_cast<std::int64_t>(random.next() % 6000);
      for (const HeldInputs::Waiter& one : inputs.arrived(now)) {
        waits.erase(one.place);
        whole[world.jobs.group[one.job]] = true;
      }
      if (!waits.empty() && random.next() % 3 == 0) {
        const auto [where, job] = *waits.begin();
        inputs.stop(PoolIndex{0}, where, JobIndex{job}, random.next() % 2 == 0, now);
        waits.erase(where);
      }
      const std::size_t job = random.next() % (4 * groups);
      if (!inputs.begin(waiter(job, place), now)) waits[place] = job;
    }
    for (Instant end = inputs.next_end(); end < kNever; end = inputs.next_end()) {
      for (const HeldInputs::Waiter& one : inputs.arrived(end)) whole[world.jobs.group[one.job]] = true;
    }
    const auto there = static_cast<double>(std::ranges::count(whole, true));
    const double moved = gb_of(inputs.moves()) + gb_of(inputs.unbilled());
    CAPTURE(seed);
    CHECK(moved >= there - 1e-6);
    CHECK(moved <= static_cast<double>(groups) + 1e-6);
  }
}

}  // namespace hinterland
