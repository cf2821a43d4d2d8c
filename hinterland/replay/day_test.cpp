// A broker's core over days by chance, with executors that do exactly what the model says of them, is run again to the
// millisecond and to the millionth: whatever differs is a thing that the model does not know.
#include "hinterland/replay/day.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hinterland/replay/replay_result.hpp"
#include "hinterland/replay/test_day.hpp"
#include "tests/seeds.hpp"

namespace hinterland {

using test::DayJob;
using test::Happening;
using test::PoolManner;
using test::ScriptedBroker;
using test::TaskFate;

namespace {

constexpr Duration kMinute{60'000};
constexpr Instant kBegin = ScriptedBroker::kBegin;

struct Mix {
  bool fails = false, inputs = false, happens = false, prices = false;
};

std::vector<DayJob> jobs_by_chance(RandomStream& random, std::size_t projects, const Mix& mix) {
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.next() % n); };
  std::vector<DayJob> jobs;
  Instant at = kBegin + kMinute;
  for (std::int64_t k = 10 + below(50); k > 0; --k) {
    at = at + Duration{below(240'000)};
    DayJob job{.at = at, .request = {}, .fates = {}};
    const std::int64_t cores = 1 + below(4);
    job.request = {.project = ProjectIndex{static_cast<std::size_t>(below(projects))},
                   .places = PlacesIndex{0},
                   .size = {.cores = cores, .memory_gb = cores},
                   .units = cores,
                   .request = {600'000 + 1000 * below(100)},
                   .deadline = {kHour.ms * (1 + below(5))},
                   .late = below(2) == 0 ? 0.0 : 1e6,
                   .gb_in = mix.inputs ? 0.2 : static_cast<double>(below(3)) / 10,
                   .gb_out = static_cast<double>(below(2)) / 10,
                   .priority = static_cast<std::uint8_t>(below(3)),
                   .tasks = static_cast<std::uint32_t>(1 + below(12))};
    if (mix.inputs && below(2) == 0) {
      job.input_bytes = 50'000'000 + below(100'000'000);
      job.request.gb_in = gigabytes(job.input_bytes);
    }
    for (std::uint32_t task = 0; task < job.request.tasks; ++task) {
      std::vector<TaskFate> fates;
      if (mix.fails && below(5) == 0)
        fates.push_back({{1000 + below(60'000)}, below(2) == 0 ? Cause::failed : Cause::no_licence});
      fates.push_back({{5000 + below(400'000)}, Cause::done});
      job.fates.push_back(std::move(fates));
    }
    jobs.push_back(std::move(job));
  }
  return jobs;
}

// Pools that go and come back, are drained, and warned of; prices that are heard.
std::vector<Happening> happenings_by_chance(RandomStream& random, const Mix& mix) {
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.next() % n); };
  std::vector<Happening> out;
  // Whoever asks for something is written down, with the time.
  const event::Access asked{.who = "operator", .what = "POST"};
  const auto add = [&](Instant at, Event event) {
    out.push_back({.at = at, .events = {asked, std::move(event)}});
  };
  Instant at = kBegin + kMinute;
  for (int k = 0; mix.happens && k < 5; ++k) {
    at = at + Duration{600'000 + below(1'200'000)};
    const PoolIndex pool{static_cast<std::size_t>(below(3))};
    const Instant back = at + Duration{300'000 + below(500'000)};
    switch (below(4)) {
      case 0: {
        add(at, event::SiteDown{.pool = pool, .down = true});
        Happening again{.at = back, .events = {asked, event::SiteDown{.pool = pool, .down = false}}};
        again.comes_back = pool;
        out.push_back(again);
        break;
      }
      case 1: {
        Happening silence{.at = at, .events = {}}, again{.at = back, .events = {}};
        silence.falls_silent = pool;
        again.comes_back = pool;
        out.push_back(silence);
        out.push_back(again);
        break;
      }
      case 2:
        add(at, event::Drain{.pool = pool, .on = true});
        add(back, event::Drain{.pool = pool, .on = false});
        break;
      default:
        add(at, event::Warning{.pool = pool, .from = at + Duration{below(400'000)}});
        add(back, event::Warning{.pool = pool, .from = kNever});
        break;
    }
    at = back;
  }
  for (int k = 0; mix.prices && k < 6; ++k) {
    const Instant heard = kBegin + Duration{below(7'200'000)};
    const Instant hour{heard.ms / kHour.ms * kHour.ms + kHour.ms * below(2)};
    add(heard, event::Prices{.pool = PoolIndex{static_cast<std::size_t>(below(3))},
                             .hours = {{.hour = hour, .money_per_kwh = 100'000 + below(900'000)}}});
  }
  std::ranges::stable_sort(out, {}, &Happening::at);
  return out;
}

const std::vector<PoolManner> kPools = {
    {"metro-shanghai", 12, {700}, 1, 0}, {"guian", 16, {1500}, 1, 0}, {"zhongwei", 8, {250}, 1, 0}};

// The day, as it was and run again: both are the same. With inputs that share a path, but for the milliseconds to which ends are
// rounded up.
void comes_out_the_same(std::uint64_t seed, const char* policy, QueueRule queue, const Mix& mix,
                        std::vector<PoolManner> pools = kPools) {
  CAPTURE(seed);
  CAPTURE(std::string(policy));
  CAPTURE(std::string(name_of(queue)));
  RandomStream random(seed, "day");
  const std::vector<std::int64_t> shares = {1, 3, 2};
  ScriptedBroker broker(pools, *find_policy(policy, ""), queue, shares);
  auto jobs = jobs_by_chance(random, shares.size(), mix);
  auto happenings = happenings_by_chance(random, mix);
  const auto steps = broker.run(std::move(jobs), std::move(happenings), kBegin + Duration{40 * kHour.ms});
  REQUIRE(broker.state().live == 0);
  const auto day = test::day_of(steps);
  REQUIRE(day);
  auto setup = day_world(*day, china(), rates());
  REQUIRE(setup);
  broker.teach(*setup);
  REQUIRE(check_world(setup->world));
  SilentProgress silent;
  const auto result = replay(*day, *setup, silent);
  REQUIRE(result);
  const Fidelity& all = result->fidelity;
  CHECK(all.tasks > 5);
  CHECK(all.compared == all.tasks);
  CHECK(all.same_pool == all.tasks);
  CHECK(all.by_prices == 0);
  if (mix.inputs) {
    CHECK(all.start.worst <= 0.01);
    CHECK(all.finish.worst <= 0.01);
    CHECK(all.by_bytes == 0);
    CHECK(std::abs(all.cost_error()) < 1e-5);
    return;
  }
  CHECK(all.start.worst == 0);
  CHECK(all.finish.worst == 0);
  CHECK(all.bill == all.bill_replayed);
  for (std::size_t k = 0; k < result->recorded.size(); ++k) {
    const TaskRun &was = result->recorded[k], &is = result->replayed[k];
    if (!was.ended) continue;
    CAPTURE(k);
    REQUIRE(is.ended);
    REQUIRE(was.pool == is.pool);
    REQUIRE(was.start == is.start);
    REQUIRE(was.finish == is.finish);
    REQUIRE(was.parts == is.parts);
    REQUIRE(was.bill == is.bill);
  }
}

}  // namespace

TEST_CASE("a day of tasks that start, run and end is run again exactly, under every queue and policy") {
  for (std::uint64_t seed = 1; seed <= seeds(6); ++seed) {
    for (const QueueRule queue : {QueueRule::fcfs, QueueRule::easy, QueueRule::fair}) {
      for (const char* policy : {"cheapest", "least-loaded", "round-robin", "nearest"})
        comes_out_the_same(seed, policy, queue, {});
    }
  }
}

TEST_CASE("so is one whose tasks fail, lack a licence, and try again") {
  for (std::uint64_t seed = 1; seed <= seeds(8); ++seed) {
    for (const QueueRule queue : {QueueRule::easy, QueueRule::fair})
      comes_out_the_same(seed, seed % 2 == 0 ? "cheapest" : "least-loaded", queue, {.fails = true});
  }
}

TEST_CASE("so is one on which pools went, fell silent, were drained and warned of, and prices were heard") {
  for (std::uint64_t seed = 1; seed <= seeds(20); ++seed) {
    for (const QueueRule queue : {QueueRule::fcfs, QueueRule::fair})
      comes_out_the_same(seed, seed % 2 == 0 ? "cheapest" : "least-loaded", queue,
                         {.happens = true, .prices = true});
  }
}

TEST_CASE("so is one whose inputs moved while tasks held their places") {
  std::vector<PoolManner> pools = kPools;
  pools[1].input_bytes_per_s = 4e6;
  pools[2].input_bytes_per_s = 9e6;
  for (std::uint64_t seed = 1; seed <= seeds(8); ++seed)
    comes_out_the_same(seed, seed % 2 == 0 ? "cheapest" : "round-robin", QueueRule::fair, {.inputs = true},
                       pools);
}

TEST_CASE("a journal that does not say what its pools had is refused, and one of nothing") {
  Facts facts = {fact::PoolNamed{"north"}, fact::PlacesNamed{"anywhere"}, fact::ProjectSet{"film", 1, -1}};
  const auto before = test::day_of({facts});
  REQUIRE_FALSE(before);
  CHECK(describe(before.error().front()).contains("before format 5"));
  facts.emplace_back(fact::RulesMade{{.policy = "cheapest"}});
  const auto nothing = test::day_of({facts});
  REQUIRE_FALSE(nothing);
  CHECK(describe(nothing.error().front()).contains("Nothing was placed"));
}

TEST_CASE("what is held when the journal ends never ran, and is not run again") {
  const Size server{.cores = 8, .memory_gb = 32};
  PoolDeal deal;
  deal.site = "guian";
  deal.currency = "CNY";
  deal.server_units = 64;
  const fact::Accepted one{.at = {1'700'000'000'000},
                           .key = "",
                           .job = {.size = {.cores = 1}, .units = 1, .request = {60'000}, .tasks = 2}};
  Facts facts = {
      fact::PoolNamed{"here"},
      fact::DealMade{PoolIndex{0}, deal},
      fact::PoolBuilt{PoolIndex{0},
                      {.size = server, .server = server, .units = 8, .pricing = {.server = "cpu-server"}}},
      fact::PlacesNamed{"anywhere"},
      fact::PlacesOpened{PlacesIndex{0}, {.options = {{.pool = PoolIndex{0}}}}},
      fact::ProjectSet{"film", 1, -1},
      fact::RulesMade{{.policy = "cheapest"}},
      one,
      one,
      fact::Placed{.task = TaskIndex{0}, .pool = PoolIndex{0}},
      fact::Placed{.task = TaskIndex{1}, .pool = PoolIndex{0}},
      fact::Placed{.task = TaskIndex{2}, .pool = PoolIndex{0}},
      fact::Placed{.task = TaskIndex{3}, .pool = PoolIndex{0}},
      fact::HoldSet{.job = JobNumber{1}, .held = true}};
  const auto day = test::day_of({facts});
  REQUIRE(day);
  const auto setup = day_world(*day, china(), rates());
  REQUIRE(setup);
  CHECK(setup->blocked == 2);
  CHECK(setup->world.jobs.count() == 2);
  CHECK(setup->tasks == std::vector<TaskIndex>{TaskIndex{0}, TaskIndex{1}});
}

TEST_CASE("a day at sites, of servers and by a policy that nobody knows is refused with all three") {
  PoolDeal deal;
  deal.site = "guian-2";
  deal.server_units = 4;
  const PoolBuild build{
      .size = {.cores = 4}, .server = {.cores = 4}, .units = 4, .pricing = {.server = "abacus"}};
  const Facts facts = {
      fact::PoolNamed{"north"},
      fact::DealMade{PoolIndex{0}, deal},
      fact::PoolBuilt{PoolIndex{0}, build},
      fact::PlacesNamed{"anywhere"},
      fact::PlacesOpened{PlacesIndex{0}, {.options = {{.pool = PoolIndex{0}}}}},
      fact::ProjectSet{"film", 1, -1},
      fact::RulesMade{{.policy = "cheapest-of-all"}},
      fact::Accepted{.at = {1000}, .key = "", .job = {.size = {.cores = 1}, .units = 1, .request = {1000}}},
      fact::Placed{.task = TaskIndex{0}, .pool = PoolIndex{0}}};
  const auto day = test::day_of({facts});
  REQUIRE(day);
  const auto setup = day_world(*day, china(), rates());
  REQUIRE_FALSE(setup);
  std::string all;
  for (const Error& error : setup.error()) all += describe(error) + "\n";
  CHECK(all.contains("guian-2"));
  CHECK(all.contains("abacus"));
  CHECK(all.contains("cheapest-of-all"));
}

}  // namespace hinterland
