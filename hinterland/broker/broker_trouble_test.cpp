// What misbehaving executors, users and sites must not be able to do.
#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "hinterland/broker/check_fact.hpp"
#include "hinterland/broker/test_desk.hpp"

namespace hinterland {

using test::Desk;

namespace {

bool condemned(const Desk& desk, const std::string& name) {
  const auto host = std::ranges::find(desk.state().hosts, name, &HostState::name);
  return host != desk.state().hosts.end() && host->condemned;
}

// Its tasks fail on one host and are done on another.
void fail_then_end(Desk& desk, const std::string& bad, const std::string& good) {
  const JobNumber job = desk.submit();
  desk.end(desk.task(job).attempt, Cause::failed, bad);
  desk.end(desk.task(job).attempt, Cause::done, good);
}

}  // namespace

TEST_CASE("a host is condemned for tasks that are done elsewhere, until somebody has mended it") {
  Desk desk(QueueRule::fair, 2);
  for (int k = 0; k < 3; ++k) {
    CHECK_FALSE(condemned(desk, "bad"));
    fail_then_end(desk, "bad", "good");
  }
  CHECK(condemned(desk, "bad"));
  CHECK(desk.broker.pools().states()[1].total.cores == 4);
  const auto bad = std::ranges::find(desk.state().hosts, "bad", &HostState::name);
  desk.tell(event::Pardon{.host = HostIndex{static_cast<std::size_t>(bad - desk.state().hosts.begin())}});
  CHECK_FALSE(condemned(desk, "bad"));
  CHECK(desk.broker.pools().states()[1].total.cores == 8);
}

TEST_CASE("a task is not sent back to the host on which it failed, if its pool has another") {
  Desk desk(QueueRule::fair, 2);
  const JobNumber first = desk.submit();
  desk.end(desk.task(first).attempt, Cause::failed, "a");
  const auto* launch = desk.first<effect::Launch>();
  REQUIRE(launch != nullptr);
  CHECK(launch->avoid.empty());  // nobody has heard of another
  desk.end(launch->attempt, Cause::done, "b");
  const JobNumber second = desk.submit();
  desk.end(desk.task(second).attempt, Cause::failed, "a");
  launch = desk.first<effect::Launch>();
  REQUIRE(launch != nullptr);
  CHECK(launch->avoid == std::vector<std::string>{"a"});
}

TEST_CASE("what others leave of a pool's cores is what it has, and no more than it was built with") {
  Desk desk;
  const auto room = [&](std::int64_t cores) { desk.tell(event::Room{.pool = PoolIndex{1}, .cores = cores}); };
  room(100);
  CHECK(desk.broker.pools().states()[1].total.cores == 4);
  room(3);
  CHECK(desk.broker.pools().states()[1].total.cores == 3);
  CHECK(desk.task(desk.submit(Desk::request(3))).pool == 1);
  room(0);  // what runs goes on
  CHECK(desk.broker.pools().states()[1].up == false);
  CHECK(desk.task(desk.submit()).pool == 0);
  room(4);
  CHECK(desk.broker.pools().states()[1].free.cores == 1);
  const auto facts = desk.broker.decide(desk.now, std::vector<Event>{event::Room{.pool = PoolIndex{1}, .cores = 4}}).facts;
  CHECK(facts.empty());  // no news
}

TEST_CASE("users whose tasks fail everywhere take no host away") {
  Desk desk(QueueRule::fair, 2);
  for (int k = 0; k < 20; ++k) {
    const JobNumber job = desk.submit();
    desk.end(desk.task(job).attempt, Cause::failed, "a");
    desk.end(desk.task(job).attempt, Cause::failed, "b");
    CHECK(desk.phase(job) == JobPhase::failed);
  }
  CHECK_FALSE(condemned(desk, "a"));
  CHECK_FALSE(condemned(desk, "b"));
}

TEST_CASE("the only host of a pool is never condemned") {
  Desk desk(QueueRule::fair, 1);
  for (int k = 0; k < 5; ++k) {
    const JobNumber job = desk.submit();
    desk.tell(event::Drain{.pool = PoolIndex{1}, .on = true});  // the next attempt is at the other pool
    desk.end(desk.task(job).attempt, Cause::failed, "only");
    desk.end(desk.task(job).attempt, Cause::done, "other");
    desk.tell(event::Drain{.pool = PoolIndex{1}, .on = false});
  }
  CHECK_FALSE(condemned(desk, "only"));
}

TEST_CASE("a task that was held while it waited for its time begins once, however its times overlap") {
  Desk desk;
  desk.world.policy = wait_for_cheap;
  desk.world.rules.lost_after = {1000 * kHour.ms};
  JobRequest request = Desk::request();
  request.may_wait = {20 * kHour.ms};
  const JobNumber job = desk.submit(request);
  const std::vector<Event> both = {event::Hold{.client = 1, .job = job, .held = true},
                                   event::Drain{.client = 1, .pool = desk.task(job).pool, .on = true}};
  static_cast<void>(desk.broker.decide(desk.now, both));
  for (const std::size_t pool : {0U, 1U})
    desk.tell(event::Drain{.client = 1, .pool = PoolIndex{pool}, .on = false});
  desk.tell(event::Hold{.client = 1, .job = job, .held = false});
  std::size_t launches = 0;
  for (int hour = 0; hour < 30; ++hour) {
    desk.pass(kHour.ms / 2);
    const AttemptId before{desk.state().attempts_begun};
    desk.look();
    launches += desk.state().attempts_begun - before.value;
    for (const std::size_t pool : {0U, 1U}) {
      std::vector<AttemptId> known;
      for (const auto& [id, attempt] : desk.state().attempts) {
        if (attempt.pool == pool) known.push_back(id);
      }
      desk.beat(pool, known);
    }
  }
  CHECK(launches <= 1);
  CHECK(desk.state().attempts_begun == 1);
}

TEST_CASE("after a site was gone nothing is begun there until its executor has a new term") {
  Desk desk;
  const JobNumber job = desk.submit();
  const AttemptId first = desk.task(job).attempt;
  CHECK(desk.task(job).pool == 1);
  const Term old = desk.state().pools[1].term;
  desk.tell(event::SiteDown{.pool = PoolIndex{1}, .down = true});
  CHECK(desk.task(job).pool == 0);
  CHECK(desk.task(job).attempt != first);
  desk.tell(event::SiteDown{.pool = PoolIndex{1}, .down = false});
  CHECK(desk.task(desk.submit()).pool == 0);
  desk.tell(event::Heartbeat{.pool = PoolIndex{1}, .term = old, .sent = 5});
  CHECK(desk.first<effect::Grant>()->term > old);
  CHECK(desk.task(desk.submit()).pool == 1);
}

TEST_CASE("work that waits for closed pools goes to the first that opens") {
  Desk desk;
  for (const std::size_t pool : {0U, 1U}) desk.tell(event::Drain{.pool = PoolIndex{pool}, .on = true});
  const JobNumber job = desk.submit();
  CHECK(desk.phase(job) == JobPhase::queued);
  const PoolIndex chosen = desk.task(job).pool, other{1 - chosen};
  desk.tell(event::Drain{.pool = other, .on = false});
  CHECK(desk.phase(job) == JobPhase::running);
  CHECK(desk.task(job).pool == other);
}

TEST_CASE("of many that lose their place so many a second are placed anew as the rules allow") {
  Desk desk;
  desk.world.rules.placed_anew_per_second = 10;
  JobRequest request = Desk::request();
  request.tasks = 100;
  const JobNumber job = desk.submit(request);
  const auto at_pool = [&](std::size_t pool) {
    std::size_t count = 0;
    for (std::size_t k = 0; k < request.tasks; ++k) {
      const TaskState& task = desk.task(job, k);
      const bool there = task.phase == TaskPhase::waiting || task.phase == TaskPhase::running;
      count += static_cast<std::size_t>(there && task.pool == pool);
    }
    return count;
  };
  const std::size_t all = at_pool(1);
  REQUIRE(all == 100);
  desk.pass(60'000);  // what was not used of it is not saved up
  desk.beat(0);
  desk.beat(1);
  desk.tell(event::Drain{.pool = PoolIndex{1}, .on = true});
  const std::size_t running = at_pool(1), evicted = all - running;
  CHECK(running == 4);
  for (std::size_t second = 1; second * 10 < evicted; ++second) {
    CHECK(at_pool(0) == 10 * second);
    REQUIRE(desk.broker.next_wake() <= desk.now + Duration{1000});
    desk.pass(1000);
    desk.look();
  }
  desk.pass(1000);
  desk.look();
  CHECK(at_pool(0) == evicted);
}

TEST_CASE("a key that comes again with another job is denied, and with the same one it is the same") {
  Desk desk;
  const auto ask = [&](const char* key, std::uint64_t digest) {
    desk.tell(event::Submit{.client = 1, .key = key, .job = Desk::request(), .digest = digest});
    return *desk.first<effect::Respond>();
  };
  const JobNumber job = ask("a", 7).job;
  CHECK(ask("a", 7).denial == Denial::none);
  CHECK(ask("a", 7).job == job);
  CHECK(ask("a", 8).denial == Denial::other_job);
  CHECK(ask("a", 0).denial == Denial::none);  // a client of old
  CHECK(ask("b", 8).job != job);
  CHECK(ask("", 8).job != ask("", 9).job);
  CHECK(desk.state().jobs.size() == 4);
}

TEST_CASE("what waits for a pool that came back smaller, and is too large for it, goes elsewhere") {
  Desk desk;
  desk.tell(event::Drain{.pool = PoolIndex{0}, .on = true});
  const JobNumber running = desk.submit(Desk::request(3));
  const JobNumber large = desk.submit(Desk::request(4));
  CHECK(desk.task(large).phase == TaskPhase::waiting);
  CHECK(desk.task(large).pool == 1);
  desk.tell(event::Drain{.pool = PoolIndex{0}, .on = false});
  BrokerWorld smaller = desk.world;
  smaller.pools[1].size.cores = 3;
  Broker again(smaller, desk.state());
  again.resume(desk.now);
  REQUIRE(again.next_wake() <= desk.now + Duration{1000});
  static_cast<void>(again.decide(again.next_wake(), {}));
  CHECK(again.state().tasks[again.state().jobs[large].first].pool == 0);
  CHECK(phase_of(again.state().jobs[running]) == JobPhase::running);
}

TEST_CASE("heartbeats that overtake the answers to them do not begin a term each") {
  Desk desk;
  desk.tell(event::Heartbeat{.pool = PoolIndex{1}, .term = {}, .sent = 10});  // a new life
  const Term term = desk.state().pools[1].term;
  for (int k = 0; k < 5; ++k) {
    desk.tell(event::Heartbeat{.pool = PoolIndex{1}, .term = {term.value - 1}, .sent = 11 + k});
    CHECK(desk.state().pools[1].term == term);
    REQUIRE(desk.first<effect::Grant>() != nullptr);
    CHECK(desk.first<effect::Grant>()->term == term);
  }
}

TEST_CASE("what an executor says is believed within bounds") {
  Desk desk;
  for (const std::int64_t ran : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
    const JobNumber job = desk.submit();
    desk.end(desk.task(job).attempt, Cause::failed, "a", {ran});
    CHECK(desk.state().jobs[job].money <= 1'000'000);
    CHECK(desk.state().jobs[job].money >= 0);
  }
  desk.tell(event::Heartbeat{.pool = PoolIndex{9}});
  desk.tell(event::SiteDown{.pool = PoolIndex{9}});
  desk.tell(event::Warning{.pool = PoolIndex{9}, .from = desk.now});
  CHECK(desk.first<effect::Respond>()->denial == Denial::no_pool);
  desk.tell(event::Pardon{.host = HostIndex{9}});
  CHECK(desk.first<effect::Respond>()->denial == Denial::no_host);
}

TEST_CASE("what users ask for is denied where no job can be like it") {
  Desk desk;
  const auto denial = [&](auto change) {
    JobRequest job = Desk::request();
    change(job);
    desk.tell(event::Submit{.client = 1, .key = "", .job = job});
    return desk.first<effect::Respond>()->denial;
  };
  CHECK(denial([](JobRequest&) {}) == Denial::none);
  CHECK(denial([](JobRequest& job) { job.units = 1'000'000'000; }) == Denial::malformed);
  CHECK(denial([](JobRequest& job) { job.size = {}; }) == Denial::malformed);
  CHECK(denial([](JobRequest& job) { job.gb_in = 1e300; }) == Denial::malformed);
  CHECK(denial([](JobRequest& job) { job.request = Duration{std::numeric_limits<std::int64_t>::max()}; }) ==
        Denial::malformed);
  CHECK(denial([](JobRequest& job) { job.may_wait = kMostTime; }) == Denial::malformed);
  CHECK(denial([](JobRequest& job) { job.after.assign(2000, JobNumber{0}); }) == Denial::malformed);
  CHECK(denial([](JobRequest& job) { job.after = {JobNumber{77}}; }) == Denial::no_job);
  CHECK(denial([](JobRequest& job) { job.tasks = 0; }) == Denial::malformed);
  CHECK(denial([](JobRequest& job) { job.project = ProjectIndex{5}; }) == Denial::no_project);
  CHECK(denial([](JobRequest& job) { job.places = PlacesIndex{5}; }) == Denial::no_place);
}

TEST_CASE(
    "a project that had the cluster to itself does not starve when it comes back, nor does its neighbour") {
  Desk desk;
  desk.tell(event::SetProject{.name = "early", .share = 1});
  desk.tell(event::SetProject{.name = "late", .share = 1});
  const auto submit = [&](std::size_t project, std::uint32_t tasks) {
    JobRequest job = Desk::request(4);
    job.project = ProjectIndex{project};
    job.tasks = tasks;
    return desk.submit(job);
  };
  const auto run = [&](int hours) {
    std::array<std::int64_t, 3> given{};
    for (int hour = 0; hour < hours; ++hour) {
      desk.pass(kHour.ms);
      std::vector<Event> events;
      for (const auto& [id, attempt] : desk.state().attempts) {
        ++given.at(desk.state().job_of(attempt.task).project);
        events.emplace_back(event::Ended{.attempt = id, .pool = attempt.pool, .host = "a", .ran = kHour});
      }
      for (std::size_t p = 0; p < 2; ++p)
        events.emplace_back(event::Heartbeat{.pool = PoolIndex{p}, .term = desk.state().pools[p].term});
      static_cast<void>(desk.broker.decide(desk.now, events));
    }
    return given;
  };
  submit(1, 400);
  run(200);  // alone, for a long time
  submit(2, 1000);
  run(10);
  submit(1, 1000);
  const auto given = run(40);
  CHECK(std::abs(given[1] - given[2]) <= 4);
  // A larger share counts from then on, not for what was.
  desk.tell(event::SetProject{.name = "early", .share = 3});
  const auto then = run(40);
  CHECK(std::abs(then[1] - 3 * then[2]) <= 8);
  CHECK(then[2] > 0);
}

}  // namespace hinterland
