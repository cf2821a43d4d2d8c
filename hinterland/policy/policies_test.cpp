#include "hinterland/policy/policies.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

#include "hinterland/policy/best_hours.hpp"
#include "tests/peers_world.hpp"

namespace hinterland {

namespace {

constexpr Size kOneCore{.cores = 1};

// Three pools of 64 units, from the dearest to the cheapest energy; all empty; the job's home is the first.
struct Fixture {
  std::vector<PoolState> pools{3};
  std::vector<UnitRates> rates;
  std::vector<std::vector<double>> scarcity;
  std::vector<Option> options;
  Ask ask;

  Fixture() {
    for (std::size_t pool = 0; pool < 3; ++pool) {
      pools[pool] = {.total = {.cores = 64}, .free = {.cores = 64}, .units_total = 64};
      std::vector<UnitRow> rows;
      for (int hour = 0; hour < 8760; ++hour) {
        const double night = hour % 24 < 6 ? 0.5 : 1;
        const double green = hour % 24 >= 10 && hour % 24 < 14 ? 0.2 : 1;
        rows.push_back({.energy = 900 * night / static_cast<double>(1 + pool),
                        .kwh = 1000,
                        .kg = 500 * green,
                        .litres = 1});
      }
      rates.emplace_back(rows, UnitRates::Charges{.capacity = pool == 2 ? 5000.0 : 0});
      options.push_back({PoolIndex{pool}, pool == 0 ? 0.0 : 10.0, pool == 0 ? 0.0 : 1000.0,
                         500.0 * static_cast<double>(pool)});
    }
    ask = {.now = {8 * kHour.ms},
           .request = {2 * kHour.ms},
           .deadline = {40 * kHour.ms},
           .may_wait = {24 * kHour.ms},
           .size = &kOneCore,
           .units = 1,
           .home = PoolIndex{0},
           .options = options};
  }
  [[nodiscard]] View view() const { return {.pools = pools, .forecast = rates, .scarcity = scarcity}; }
  [[nodiscard]] Placement place(Policy policy) const { return policy(ask, view()); }
  [[nodiscard]] std::size_t pool(Policy policy) const { return place(policy).pool; }
  void fill(std::size_t pool, std::int64_t until_hour) {
    pools[pool].free = {};
    pools[pool].units_busy = 64;
    pools[pool].due = 64 * until_hour * 3600;
  }
};

}  // namespace

TEST_CASE("every policy of the table places into what it is given, or says why not") {
  std::set<std::string_view> names;
  for (const PolicyEntry& policy : policies()) {
    CAPTURE(policy.name);
    CHECK(names.insert(policy.name).second);
    CHECK(!policy.what.empty());
    CHECK((find_policy(policy.name, "policy")->choose == policy.choose));
    Fixture fixture;
    for (std::uint64_t turn = 0; turn < 7; ++turn) {
      fixture.ask.turn = turn;
      const Placement one = fixture.place(policy.choose), again = fixture.place(policy.choose);
      CHECK(one.refusal == Refusal::none);
      CHECK(one.pool < 3);
      CHECK(one.not_before >= fixture.ask.now);
      CHECK(one.pool == again.pool);
      CHECK(one.not_before == again.not_before);
    }
    // Only one may run it, and it is not its home.
    const std::vector<Option> only{fixture.options[1]};
    fixture.ask.options = only;
    const Placement elsewhere = fixture.place(policy.choose);
    CHECK((elsewhere.refusal == Refusal::home_not_allowed || elsewhere.pool == 1));
    fixture.ask.options = {};
    CHECK(fixture.place(policy.choose).refusal != Refusal::none);
  }
  const auto unknown = find_policy("cheepest", "--policy");
  REQUIRE(!unknown);
  CHECK(unknown.error().front().mend == "Did you mean cheapest?");
}

TEST_CASE("a pool that is down is passed over while another is up, by all that may leave home") {
  for (const PolicyEntry& policy : policies()) {
    if (policy.choose == stay || policy.choose == wait_for_cheap || policy.choose == wait_for_green) continue;
    CAPTURE(policy.name);
    Fixture fixture;
    for (std::size_t up = 0; up < 3; ++up) {
      for (std::size_t pool = 0; pool < 3; ++pool) fixture.pools[pool].up = pool == up;
      CHECK(fixture.pool(policy.choose) == up);
    }
    for (PoolState& pool : fixture.pools) pool.up = false;
    CHECK(fixture.place(policy.choose).refusal == Refusal::none);  // it waits for one of them
  }
}

TEST_CASE("who stays uses every pool of the home's site: its own first, then one that is free or up sooner") {
  for (const Policy policy : {stay, wait_for_cheap, wait_for_green}) {
    Fixture fixture;
    fixture.options[0].at_home = fixture.options[2].at_home = true;
    fixture.ask.may_wait = {};
    CHECK(fixture.pool(policy) == 0);
    fixture.fill(0, 12);
    CHECK(fixture.pool(policy) == 2);
    fixture.fill(2, 13);
    CHECK(fixture.pool(policy) == 0);
    fixture.pools[0].up = false;
    CHECK(fixture.pool(policy) == 2);
    fixture.options[2].at_home = false;
    CHECK(fixture.pool(policy) == 0);  // elsewhere is no home, however free
  }
}

TEST_CASE("each policy minimises what its line says") {
  Fixture fixture;
  CHECK(fixture.pool(stay) == 0);
  CHECK(fixture.pool(nearest) == 0);
  CHECK(fixture.pool(cheapest_tariff) == 2);
  CHECK(fixture.pool(shadow) == 2);    // energy alone: its capacity is paid for by nobody's shadow price
  CHECK(fixture.pool(cheapest) == 1);  // the third charges capacity
  fixture.scarcity.assign(3, {});
  fixture.scarcity[2].resize(8761);
  for (std::size_t hour = 0; hour <= 8760; ++hour)
    fixture.scarcity[2][hour] = 1000.0 * static_cast<double>(hour);
  CHECK(fixture.pool(shadow) == 1);  // a scarce hour there is worth more than its energy saves
  fixture.ask.gb_in = 100;           // 1,000 millionths to move, a minute and forty seconds
  CHECK(fixture.pool(cheapest) == 0);
  fixture.ask.gb_in = 0;
  fixture.fill(0, 12);
  CHECK(fixture.pool(nearest) == 1);
  CHECK(fixture.pool(least_loaded) == 1);
  fixture.fill(1, 10);
  fixture.fill(2, 11);
  CHECK(fixture.pool(least_loaded) == 1);
  CHECK(fixture.pool(nearest) == 0);  // all are full: the nearest
  // The second is full for long, the first until an hour before the deadline; late hours are feared.
  fixture.fill(1, 21);
  fixture.ask.deadline = {13 * kHour.ms};
  fixture.ask.late = 1e6;
  CHECK(fixture.pool(cheapest) == 2);
  fixture.ask.turn = 4;
  CHECK(fixture.pool(round_robin) == 1);
}

TEST_CASE("an idle site is never dear because it is idle") {
  Fixture fixture;
  const std::size_t empty = fixture.pool(cheapest);
  fixture.pools[empty].units_busy = 32;
  fixture.pools[empty].free.cores = 32;
  CHECK(fixture.pool(cheapest) == empty);  // half full or empty, the price is the same
}

TEST_CASE("waiting takes the best hours within the deadline, and no longer than the job may wait") {
  Fixture fixture;
  CHECK(fixture.place(wait_for_cheap).not_before == Instant{24 * kHour.ms});  // midnight: the night begins
  CHECK(fixture.place(wait_for_green).not_before == Instant{10 * kHour.ms});
  fixture.ask.may_wait = {3 * kHour.ms};
  CHECK(fixture.place(wait_for_cheap).not_before == fixture.ask.now);
  fixture.ask.may_wait = {24 * kHour.ms};
  fixture.ask.deadline = {11 * kHour.ms};
  CHECK(fixture.place(wait_for_green).not_before == Instant{9 * kHour.ms});  // from 10 it would be late
  fixture.ask.deadline = {90 * kHour.ms};
  fixture.ask.request = {6 * kHour.ms};
  fixture.ask.interruptible = true;
  const Placement pieces = fixture.place(wait_for_green);
  REQUIRE(pieces.pieces.size() == 2);  // 10 to 14 today; of tomorrow's as much as is needed
  CHECK(pieces.pieces[0].from == Instant{10 * kHour.ms});
  CHECK(pieces.pieces[0].length == Duration{4 * kHour.ms});
  CHECK(pieces.pieces[1].from == Instant{34 * kHour.ms});
  CHECK(pieces.pieces[1].length == Duration{2 * kHour.ms});
}

TEST_CASE("the wait that is expected counts jobs on their way, and is now where nobody waits and it fits") {
  PoolState pool{.total = {.cores = 10}, .free = {.cores = 4}, .units_total = 10, .units_busy = 6};
  const Instant now{1'000'000};
  pool.due = 6 * (1000 + 600);  // six units, ten minutes more each
  CHECK(pool.expected_start(now, {.cores = 4}) == now);
  CHECK(pool.expected_start(now, {.cores = 5}) ==
        Instant{now.ms + 360'000});  // 3,600 unit-seconds through ten units
  pool.queued = 6'400'000;
  CHECK(pool.expected_start(now, {.cores = 1}) == Instant{now.ms + 1'000'000});
  pool.up = false;
  CHECK(pool.expected_start(now, {.cores = 1}) == kNever);
}

}  // namespace hinterland
