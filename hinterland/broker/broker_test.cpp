#include "hinterland/broker/broker.hpp"
#include "hinterland/broker/check_fact.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>

#include "hinterland/broker/test_desk.hpp"

namespace hinterland {

using test::Desk;

TEST_CASE("a job goes where it is cheapest, runs, is published, and is billed for what it ran") {
  Desk desk;
  const JobNumber job = desk.submit();
  const auto* launch = desk.first<effect::Launch>();
  REQUIRE(launch != nullptr);
  CHECK(launch->pool == 1);
  CHECK(desk.phase(job) == JobPhase::running);
  const AttemptId attempt = launch->attempt;
  desk.pass(kHour.ms / 2);
  desk.end(attempt, Cause::done, "a", {kHour.ms / 2});
  REQUIRE(desk.first<effect::Publish>() != nullptr);
  CHECK(desk.phase(job) == JobPhase::running);  // not before its outputs are there
  desk.publish(attempt, TaskIndex{0});
  CHECK(desk.phase(job) == JobPhase::done);
  CHECK(desk.state().jobs[job].money == 500'000);
  CHECK(desk.state().projects[0].spent == 500'000);
  CHECK(desk.state().projects[0].reserved == 0);
}

TEST_CASE("one key is one submission, however often it comes") {
  Desk desk;
  const JobNumber first = desk.submit(Desk::request(), "k");
  CHECK(desk.submit(Desk::request(), "k") == first);
  CHECK(desk.state().jobs.size() == 1);
  CHECK(desk.submit(Desk::request(), "") != first);
}

TEST_CASE("a silent pool's work is placed anew after its lease, and not before") {
  Desk desk;
  const JobNumber job = desk.submit();
  CHECK(desk.task(job).pool == 1);
  const AttemptId first = desk.task(job).attempt;
  desk.pass(desk.world.rules.lease.ms);  // over by the executor's clock, perhaps not by a slower one
  desk.beat(0);
  CHECK(desk.task(job).attempt == first);
  desk.pass(desk.world.rules.lost_after.ms - desk.world.rules.lease.ms - 1);
  desk.beat(0);
  CHECK(desk.task(job).attempt == first);
  desk.pass(1000);
  desk.beat(0);
  desk.look();
  CHECK(desk.state().pools[1].lost);
  CHECK(desk.task(job).attempt != first);
  CHECK(desk.task(job).pool == 0);
  const AttemptId second = desk.task(job).attempt;

  // The first comes back and says that it is done: nothing of it is believed.
  desk.tell(
      event::Ended{.attempt = first, .pool = PoolIndex{1}, .cause = Cause::done, .host = "a", .ran = kHour});
  CHECK(desk.first<effect::Publish>() == nullptr);
  CHECK(desk.first<effect::Forget>() != nullptr);
  CHECK(desk.task(job).attempt == second);
  // Its executor is given a new term.
  const Term old = desk.state().pools[1].term;
  desk.beat(1, {first});
  REQUIRE(desk.first<effect::Grant>() != nullptr);
  CHECK(desk.first<effect::Grant>()->term > old);
  desk.beat(1, {first});
  REQUIRE(desk.first<effect::Kill>() != nullptr);
  CHECK(desk.first<effect::Kill>()->attempt == first);
}

TEST_CASE("an executor that began anew and does not know an attempt will not begin it: it is placed again") {
  Desk desk;
  const JobNumber job = desk.submit();
  const AttemptId first = desk.task(job).attempt;
  desk.tell(event::Heartbeat{.pool = PoolIndex{1}, .term = {}, .sent = 1});
  CHECK(desk.task(job).attempt == first);  // it has not heard of its new term yet
  desk.beat(1);
  CHECK(desk.task(job).attempt != first);
}

TEST_CASE("what ends an attempt decides what becomes of its task") {
  SUBCASE("by itself on two hosts: failed") {
    Desk desk;
    const JobNumber job = desk.submit();
    desk.end(desk.task(job).attempt, Cause::failed, "a");
    CHECK(desk.task(job).phase == TaskPhase::running);
    desk.end(desk.task(job).attempt, Cause::failed, "b");
    CHECK(desk.phase(job) == JobPhase::failed);
    desk.tell(event::Retry{.client = 1, .job = job});
    CHECK(desk.task(job).phase == TaskPhase::running);
  }
  SUBCASE("by itself on one host: as often as it may") {
    Desk desk;
    const JobNumber job = desk.submit();
    for (int k = 0; k < desk.world.rules.most_failures; ++k)
      desk.end(desk.task(job).attempt, Cause::failed, "a");
    CHECK(desk.phase(job) == JobPhase::failed);
  }
  SUBCASE("out of memory: twice as much, until a server has no more") {
    Desk desk;
    const JobNumber job = desk.submit();
    for (const std::int64_t gb : {2, 4, 8, 16}) {
      desk.end(desk.task(job).attempt, Cause::out_of_memory);
      CHECK(desk.state().size_of(desk.state().jobs[job].first).size.memory_gb == gb);
    }
    desk.end(desk.task(job).attempt, Cause::out_of_memory);
    CHECK(desk.phase(job) == JobPhase::failed);
  }
  SUBCASE("no licence: it waits a while, and that counts for nothing") {
    Desk desk;
    const JobNumber job = desk.submit();
    for (int k = 0; k < 20; ++k) {
      desk.end(desk.task(job).attempt, Cause::no_licence, "a", {5});
      CHECK(desk.task(job).phase == TaskPhase::unplaced);
      CHECK(desk.broker.next_wake() <= desk.now + desk.world.rules.licence_wait);
      desk.pass(desk.world.rules.licence_wait.ms);
      desk.look();
      CHECK(desk.task(job).phase == TaskPhase::running);
      desk.beat(0);
      desk.beat(1, {desk.task(job).attempt});
    }
  }
  SUBCASE("with its host: again, and the site bears it") {
    Desk desk;
    const JobNumber job = desk.submit();
    desk.end(desk.task(job).attempt, Cause::host_failed);
    CHECK(desk.task(job).phase == TaskPhase::running);
    CHECK(desk.state().jobs[job].money == 0);
  }
}

TEST_CASE("a budget holds a job before it overspends, and lets it go when there is money again") {
  Desk desk;
  desk.tell(event::SetProject{.name = "film", .share = 1, .budget = 2'500'000});
  JobRequest two = Desk::request();
  two.tasks = 3;  // a million each
  const JobNumber job = desk.submit(two);
  CHECK(desk.task(job, 0).phase == TaskPhase::running);
  CHECK(desk.task(job, 1).phase == TaskPhase::running);
  CHECK(desk.task(job, 2).phase == TaskPhase::unplaced);
  SUBCASE("what was reserved and not used comes back") {
    desk.end(desk.task(job, 0).attempt, Cause::done, "a", {kHour.ms / 10});
    CHECK(desk.task(job, 2).phase == TaskPhase::running);
  }
  SUBCASE("what is used is gone") {
    desk.end(desk.task(job, 0).attempt);
    CHECK(desk.task(job, 2).phase == TaskPhase::unplaced);
    desk.tell(event::SetProject{.name = "film", .share = 1, .budget = -1});
    CHECK(desk.task(job, 2).phase == TaskPhase::running);
  }
}

TEST_CASE("jobs wait for those before them, and for whoever holds them") {
  Desk desk;
  const JobNumber first = desk.submit();
  JobRequest request = Desk::request();
  request.after = {first};
  const JobNumber second = desk.submit(request);
  CHECK(desk.task(second).phase == TaskPhase::blocked);
  desk.tell(event::Hold{.client = 1, .job = second, .held = true});
  const AttemptId attempt = desk.task(first).attempt;
  desk.end(attempt);
  desk.publish(attempt, TaskIndex{0});
  CHECK(desk.phase(first) == JobPhase::done);
  CHECK(desk.phase(second) == JobPhase::held);
  desk.tell(event::Hold{.client = 1, .job = second, .held = false});
  CHECK(desk.phase(second) == JobPhase::running);
}

TEST_CASE("a cancelled job's tasks leave the queue, and its attempts are killed and never published") {
  Desk desk;
  desk.world.policy = least_loaded;
  JobRequest many = Desk::request(4);
  many.tasks = 5;
  const JobNumber job = desk.submit(many);
  const AttemptId running = desk.task(job, 0).attempt;
  desk.tell(event::Cancel{.client = 1, .job = job});
  CHECK(desk.first<effect::Kill>() != nullptr);
  CHECK(desk.task(job, 4).phase == TaskPhase::cancelled);
  CHECK(desk.phase(job) == JobPhase::running);
  desk.end(running);  // it was faster
  CHECK(desk.first<effect::Publish>() == nullptr);
  desk.end(desk.task(job, 1).attempt, Cause::killed);
  CHECK(desk.phase(job) == JobPhase::cancelled);
}

TEST_CASE(
    "what somebody at the site killed is at the site's expense, and tried again as often as a site may lose "
    "it") {
  Desk desk;
  const JobNumber job = desk.submit();
  for (int k = 0; k <= desk.world.rules.most_losses; ++k) {
    REQUIRE(desk.phase(job) == JobPhase::running);
    desk.end(desk.task(job).attempt, Cause::killed, "a", {kHour.ms / 2});
  }
  CHECK(desk.phase(job) == JobPhase::failed);
  CHECK(desk.state().jobs[job].money == 0);
}

TEST_CASE(
    "a drained pool ends what it runs and begins nothing; a warned one nothing that would end too late") {
  Desk desk;
  desk.world.policy = least_loaded;
  JobRequest four = Desk::request(4);
  four.tasks = 2;  // one runs in each pool
  const JobNumber job = desk.submit(four);
  desk.tell(event::Drain{.client = 1, .pool = PoolIndex{1}, .on = true});
  const JobNumber next = desk.submit(Desk::request());
  CHECK(desk.task(next).pool == 0);
  CHECK(desk.task(job, 0).phase == TaskPhase::running);
  desk.tell(event::Drain{.client = 1, .pool = PoolIndex{1}, .on = false});
  desk.tell(event::Warning{.pool = PoolIndex{1}, .from = desk.now + Duration{kHour.ms / 2}});
  desk.world.policy = cheapest;
  CHECK(desk.task(desk.submit()).pool == 0);
  JobRequest brief = Desk::request();
  brief.request = {kHour.ms / 4};
  CHECK(desk.task(desk.submit(brief)).pool == 1);
}

TEST_CASE("projects that always have work waiting get their shares; who comes late has saved nothing up") {
  Desk desk(QueueRule::fair);
  desk.tell(event::SetProject{.name = "film", .share = 3});
  desk.tell(event::SetProject{.name = "weather", .share = 1});
  desk.tell(event::SetProject{.name = "late", .share = 4});
  const auto submit_many = [&](std::size_t project, std::int64_t cores, std::uint32_t tasks) {
    JobRequest job = Desk::request(cores);
    job.project = ProjectIndex{project};
    job.tasks = tasks;
    desk.submit(job);
  };
  submit_many(0, 1, 1000);
  submit_many(1, 2, 500);
  const auto run = [&](int hours) {
    std::array<std::int64_t, 3> given{};
    for (int hour = 0; hour < hours; ++hour) {
      desk.pass(kHour.ms);
      std::vector<Event> ends;
      for (const auto& [id, attempt] : desk.state().attempts) {
        const JobState& job = desk.state().job_of(attempt.task);
        given.at(job.project) += job.units;
        ends.emplace_back(event::Ended{.attempt = id, .pool = attempt.pool, .host = "a", .ran = kHour});
      }
      for (std::size_t p = 0; p < 2; ++p)
        ends.emplace_back(
            event::Heartbeat{.pool = PoolIndex{p}, .term = desk.state().pools[p].term, .sent = desk.now.ms});
      desk.broker.decide(desk.now, ends);
    }
    return given;
  };
  desk.world.rules.lost_after = {10 * kHour.ms};
  const auto two = run(100);
  CHECK(two[0] == doctest::Approx(3.0 * static_cast<double>(two[1])).epsilon(0.05));
  submit_many(2, 1, 1000);
  const auto three = run(60);
  CHECK(three[2] == doctest::Approx(static_cast<double>(three[0] + three[1])).epsilon(0.05));
}

TEST_CASE("what cannot be is denied, and changes nothing") {
  Desk desk;
  const State before = desk.state();
  const auto denied = [&](const Event& event, Denial why) {
    desk.tell(event);
    const auto* answer = desk.first<effect::Respond>();
    return answer != nullptr && answer->denial == why && desk.state() == before;
  };
  JobRequest job = Desk::request();
  job.project = ProjectIndex{9};
  CHECK(denied(event::Submit{.job = job}, Denial::no_project));
  job = Desk::request();
  job.places = PlacesIndex{9};
  CHECK(denied(event::Submit{.job = job}, Denial::no_place));
  job = Desk::request();
  job.after = {JobNumber{0}};  // itself, or one to come: so nothing can go in a circle
  CHECK(denied(event::Submit{.job = job}, Denial::no_job));
  for (const auto& spoil : std::initializer_list<void (*)(JobRequest&)>{
           [](JobRequest& j) { j.tasks = 0; }, [](JobRequest& j) { j.tasks = 2'000'000; },
           [](JobRequest& j) { j.request = {0}; }, [](JobRequest& j) { j.request = {INT64_MAX}; },
           [](JobRequest& j) { j.size.cores = -1; }, [](JobRequest& j) { j.units = 0; },
           [](JobRequest& j) { j.priority = 8; }, [](JobRequest& j) { j.late = -1; }}) {
    job = Desk::request();
    spoil(job);
    CHECK(denied(event::Submit{.job = job}, Denial::malformed));
  }
  CHECK(denied(event::SetProject{.name = "film", .share = 1, .budget = -2}, Denial::malformed));
  CHECK(denied(event::SetProject{.name = "", .share = 1}, Denial::malformed));
  CHECK(denied(event::Cancel{.job = JobNumber{3}}, Denial::no_job));
  CHECK(denied(event::Drain{.pool = PoolIndex{3}}, Denial::no_pool));
}

TEST_CASE("a job of 100,000 tasks is placed in one step, and a new broker goes on where the old one was") {
  Desk desk;
  desk.world.policy = least_loaded;
  JobRequest many = Desk::request();
  many.tasks = 100'000;
  const JobNumber job = desk.submit(many);
  CHECK(desk.state().attempts.size() == 8);
  Broker next(desk.world, desk.state());
  CHECK(next.pools().difference(desk.broker.pools()).empty());
  const Step step = next.resume(desk.now);
  const auto launches = std::ranges::count_if(
      step.effects, [](const Effect& effect) { return std::holds_alternative<effect::Launch>(effect); });
  CHECK(launches == 8);  // nobody has confirmed them
  desk.tell(event::Cancel{.client = 1, .job = job});
  CHECK(desk.task(job, 99'999).phase == TaskPhase::cancelled);
}

TEST_CASE("who is paid for a pool is a fact, and another is a new one") {
  BrokerWorld world = Desk::two_pools(QueueRule::fair, 1);
  const auto deals = [](Broker& broker) {
    std::vector<fact::DealMade> made;
    for (const Fact& fact : broker.resume({1000}).facts) {
      if (const auto* const deal = std::get_if<fact::DealMade>(&fact)) made.push_back(*deal);
    }
    return made;
  };
  Broker silent(world, State{});
  CHECK(deals(silent).empty());
  CHECK(silent.state().pools[0].deal.owner == PoolDeal::kHouse);

  world.pools[1].deal = {
      .owner = "acme", .carrier = "line", .site = "guian", .currency = "CNY", .server_units = 4};
  Broker first(world, silent.state());
  const auto made = deals(first);
  REQUIRE(made.size() == 1);
  CHECK(made[0].pool == PoolIndex{1});
  CHECK(made[0].deal == world.pools[1].deal);
  CHECK(first.state().pools[1].deal == world.pools[1].deal);

  Broker again(world, first.state());
  CHECK(deals(again).empty());
  world.pools[1].deal.owner = "other";
  Broker changed(world, first.state());
  CHECK(deals(changed).size() == 1);
  world.pools[1].deal = {};  // the sites file has it no more
  Broker gone(world, changed.state());
  CHECK(deals(gone).empty());
  CHECK(gone.state().pools[1].deal.owner == "other");

  const auto wrong = [&](const PoolDeal& deal, std::size_t pool) {
    return check_fact(first.state(), fact::DealMade{.pool = PoolIndex{pool}, .deal = deal}) != nullptr;
  };
  const PoolDeal good = first.state().pools[1].deal;
  const auto spoilt = [&](const auto& spoil) {
    PoolDeal deal = good;
    spoil(deal);
    return wrong(deal, 1);
  };
  CHECK_FALSE(wrong(good, 1));
  CHECK(wrong(good, 2));
  CHECK(spoilt([](PoolDeal& deal) { deal.owner = ""; }));
  CHECK(spoilt([](PoolDeal& deal) { deal.carrier = "a\nb"; }));
  CHECK(spoilt([](PoolDeal& deal) { deal.owner = std::string(kMostPartyName + 1, 'x'); }));
  CHECK(spoilt([](PoolDeal& deal) { deal.server_units = 0; }));
}

TEST_CASE("what pools have, where work may run and by which rules are facts, said again when they change") {
  BrokerWorld world = Desk::two_pools(QueueRule::fair, 1);
  const auto told = [](Broker& broker) {
    int pools = 0, places = 0, rules = 0;
    for (const Fact& fact : broker.resume({1000}).facts) {
      pools += std::holds_alternative<fact::PoolBuilt>(fact) ? 1 : 0;
      places += std::holds_alternative<fact::PlacesOpened>(fact) ? 1 : 0;
      rules += std::holds_alternative<fact::RulesMade>(fact) ? 1 : 0;
    }
    return std::array{pools, places, rules};
  };
  using Told = std::array<int, 3>;
  Broker silent(world, State{});
  CHECK(told(silent) == Told{0, 0, 0});  // of no policy's name

  world.told = {.policy = "cheapest", .queue = QueueRule::fair, .first_hour = 8759};
  REQUIRE(world.rules.lost_after > world.rules.lease);
  Broker first(world, silent.state());
  CHECK(told(first) == Told{2, 1, 1});
  CHECK(first.state().pools[1].build.size == world.pools[1].size);
  CHECK(first.state().open[0].options == world.places[0].options);
  CHECK(first.state().rules.policy == "cheapest");
  CHECK(first.state().rules.lost_after == world.rules.lost_after);
  Broker again(world, first.state());
  CHECK(told(again) == Told{0, 0, 0});
  world.pools[1].size.cores *= 2;
  world.places[0].options.pop_back();
  Broker changed(world, first.state());
  CHECK(told(changed) == Told{1, 1, 0});

  const auto wrong = [&](const Fact& fact) { return check_fact(first.state(), fact) != nullptr; };
  CHECK(wrong(fact::PoolBuilt{.pool = PoolIndex{2}}));
  CHECK_FALSE(wrong(fact::PoolBuilt{.pool = PoolIndex{1}}));  // it has nothing any more
  CHECK(wrong(fact::PoolBuilt{.pool = PoolIndex{1}, .build = {.size = {.cores = -1}}}));
  CHECK(wrong(fact::PlacesOpened{.places = PlacesIndex{1}}));
  CHECK(wrong(fact::PlacesOpened{.places = PlacesIndex{0}, .open = {.home = PoolIndex{2}}}));
  const Option north{.pool = PoolIndex{0}}, south{.pool = PoolIndex{1}};
  CHECK_FALSE(wrong(fact::PlacesOpened{.places = PlacesIndex{0}, .open = {.options = {north, south}}}));
  CHECK(wrong(fact::PlacesOpened{.places = PlacesIndex{0}, .open = {.options = {south, north}}}));
  CHECK(wrong(fact::PlacesOpened{.places = PlacesIndex{0},
                                 .open = {.options = {{.pool = PoolIndex{0}, .money_per_gb = -1}}}}));
  CHECK(wrong(fact::RulesMade{}));
  HouseRules rules = world.told;
  rules.first_hour = 8760;
  CHECK(wrong(fact::RulesMade{rules}));
}

TEST_CASE("a bill whose sign cannot be turned does not follow") {
  Desk desk;
  desk.submit();
  REQUIRE(desk.state().attempts.contains(AttemptId{1}));
  fact::Finished finished{.attempt = {1}, .bill = {}};
  CHECK(check_fact(desk.state(), finished) == nullptr);
  finished.bill.energy = INT64_MIN;
  CHECK(check_fact(desk.state(), finished) != nullptr);
}

}  // namespace hinterland
