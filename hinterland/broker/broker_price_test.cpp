// What the broker says a job may cost, and prices that it hears.
#include <doctest/doctest.h>

#include <algorithm>

#include "hinterland/broker/broker.hpp"
#include "hinterland/broker/check_fact.hpp"
#include "hinterland/broker/test_desk.hpp"

namespace hinterland {

using test::Desk;

namespace {

// A job of one core, an hour, of which it runs so much.
void run_one(Desk& desk, Duration ran) {
  const JobNumber job = desk.submit();
  const AttemptId attempt = desk.task(job).attempt;
  desk.end(attempt, Cause::done, "a", ran);
  desk.publish(attempt, TaskIndex{desk.state().jobs[job].first});
}

Instant hour_of(Instant t) { return {t.ms / kHour.ms * kHour.ms}; }

}  // namespace

TEST_CASE("a job of which nothing like it was done is quoted what it may cost at most") {
  Desk desk;
  JobRequest three = Desk::request();
  three.tasks = 3;
  const JobNumber job = desk.submit(three);
  CHECK(desk.state().jobs[job].quote ==
        JobQuote{.p50 = 3'000'000, .p90 = 3'000'000, .most = 3'000'000, .seen = 0});
  CHECK(desk.broker.quote(three)->most == 3'000'000);
}

TEST_CASE("half, and nine in ten, of those done before used no more than what is quoted") {
  Desk desk;
  for (std::int64_t tenths = 1; tenths <= 8; ++tenths) run_one(desk, {tenths * kHour.ms / 10});
  const auto with_eight = desk.broker.quote(Desk::request());
  REQUIRE(with_eight);
  CHECK(with_eight->seen == 8);
  CHECK(with_eight->p90 == with_eight->most);  // eight cannot tell: the ninth may be larger than all of them
  // Five of nine ranks: the fifth, half an hour, rounded up by 1/16 at most.
  CHECK(with_eight->p50 >= 500'000);
  CHECK(with_eight->p50 <= 531'250);
  run_one(desk, {9 * kHour.ms / 10});
  const auto with_nine = desk.broker.quote(Desk::request());
  REQUIRE(with_nine);
  CHECK(with_nine->p90 >= 900'000);
  CHECK(with_nine->p90 <= 956'250);
  CHECK(with_nine->most == 1'000'000);

  // Other work has other times.
  desk.tell(event::SetProject{.name = "other"});
  JobRequest others = Desk::request();
  others.project = ProjectIndex{1};
  CHECK(desk.broker.quote(others)->seen == 0);
}

TEST_CASE("what would be denied, or is refused, is not quoted") {
  Desk desk;
  JobRequest unknown = Desk::request();
  unknown.project = ProjectIndex{9};
  CHECK_FALSE(desk.broker.quote(unknown));
  CHECK_FALSE(desk.broker.quote(Desk::request(5)));  // servers have four cores
}

TEST_CASE("the share of what was asked for is kept to a sixteenth, rounded up") {
  CHECK(share_used({0}, kHour) == 1);
  CHECK(share_used(kHour, kHour) == 65'536);
  CHECK(share_used({2 * kHour.ms}, kHour) == 65'536);
  std::uint32_t last = 0;
  for (std::int64_t used = 0; used <= 100'000; used += 37) {
    const std::uint32_t share = share_used({used}, {100'000});
    const double exact = 65'536.0 * static_cast<double>(used) / 100'000;
    CHECK(share >= exact);
    CHECK(share <= std::max(1.0, (exact + 1) * 17 / 16));
    CHECK(share >= last);
    last = share;
  }
}

TEST_CASE("a price that is heard moves work, is billed, and outlives the broker") {
  Desk desk;
  const Instant hour = hour_of(desk.now);
  desk.tell(event::Prices{.pool = PoolIndex{1}, .hours = {{.hour = hour, .money_per_kwh = 5'000'000}}});
  CHECK(desk.broker.quote(Desk::request())->most == 2'000'000);  // at the other one
  const JobNumber job = desk.submit();
  CHECK(desk.task(job).pool == 0);

  desk.tell(event::Prices{.pool = PoolIndex{0},
                          .hours = {{.hour = hour, .money_per_kwh = 7'000'000, .co2_kg_per_kwh = 500'000}}});
  Broker again(desk.world, desk.state());
  CHECK(again.rates().forecast()[0].rows()[0].energy == 7e6);
  CHECK(again.rates().forecast()[0].rows()[0].kg == 5e5);
  CHECK(again.rates().forecast()[0].rows()[1].energy == 2e6);  // the model year's

  desk.pass(kHour.ms / 2);
  desk.end(desk.task(job).attempt, Cause::done, "a", {kHour.ms / 2});
  CHECK(desk.state().jobs[job].money == 3'500'000);
}

TEST_CASE("what is known is no news, and old prices go") {
  Desk desk;
  const auto say = [&](std::int64_t hour, std::int64_t price) {
    const Event said =
        event::Prices{.pool = PoolIndex{0}, .hours = {{.hour = {hour * kHour.ms}, .money_per_kwh = price}}};
    const std::vector<Fact> facts = desk.broker.decide(desk.now, std::span(&said, 1)).facts;
    return std::ranges::count_if(
        facts, [](const Fact& fact) { return std::holds_alternative<fact::PricesHeard>(fact); });
  };
  CHECK(say(1, 5) == 1);
  CHECK(say(1, 5) == 0);
  CHECK(say(1, 6) == 1);
  CHECK(say(700, 6) == 1);
  CHECK(say(800, 6) == 0);  // more than a month ahead: it would be taken for an hour of this year
  desk.pass(kPricesKept.ms + 2 * kHour.ms);
  const std::int64_t now = desk.now.ms / kHour.ms;
  CHECK(say(now, 7) == 1);
  CHECK(desk.state().pools[0].prices.size() == 2);
  CHECK(desk.state().pools[0].prices.front().hour == Instant{700 * kHour.ms});
  // What is no longer kept is no longer in the rates, as it would not be in those of a broker that is begun anew.
  CHECK(desk.broker.rates().forecast()[0].rows()[1].energy == 2e6);
  CHECK(desk.broker.rates().forecast()[0].rows()[700].energy == 6);
}

TEST_CASE("a quote that no machine can round is none") {
  Desk desk;
  JobRequest job = Desk::request();
  job.tasks = 1000;
  CHECK(desk.broker.quote(job)->most == 1'000'000'000);
  job.tasks = kMostTasks;
  job.request = {100'000 * kHour.ms};  // 1e17 millionths
  CHECK_FALSE(desk.broker.quote(job));
}

TEST_CASE("what no price can be is not believed") {
  Desk desk;
  const auto says = [&](std::size_t pool, HourPrice price) {
    const Event said = event::Prices{.pool = PoolIndex{pool}, .hours = {price}};
    return !desk.broker.decide(desk.now, std::span(&said, 1)).facts.empty();
  };
  CHECK_FALSE(says(9, {.hour = {0}, .money_per_kwh = 1}));
  CHECK_FALSE(says(0, {.hour = {1}, .money_per_kwh = 1}));
  CHECK_FALSE(says(0, {.hour = {-kHour.ms}, .money_per_kwh = 1}));
  CHECK_FALSE(says(0, {.hour = {0}, .money_per_kwh = std::int64_t{1} << 60}));
  CHECK_FALSE(says(0, {.hour = {0}, .money_per_kwh = 1, .co2_kg_per_kwh = -2}));
  CHECK(says(0, {.hour = {0}, .money_per_kwh = -1}));
}

}  // namespace hinterland
