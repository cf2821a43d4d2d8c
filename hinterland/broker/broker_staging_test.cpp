// Inputs that are moved before an attempt begins: when it runs from, what it costs, who stops it, and where the next one goes.
#include <doctest/doctest.h>

#include "hinterland/broker/test_desk.hpp"

namespace hinterland {

namespace {

constexpr std::int64_t kGb = 1'000'000'000;

// A GB of inputs a task, and a GB costs 3 to the cheap pool and nothing to the dear one.
struct StagingDesk : test::Desk {
  StagingDesk() {
    world.places[0].options[1].money_per_gb = 3e6;
    beat(0);
  }
  static JobRequest reads(double gb, std::uint32_t tasks = 1) {
    JobRequest job = request();
    job.gb_in = gb;
    job.tasks = tasks;
    return job;
  }
  void stage(AttemptId attempt, std::int64_t moved, bool whole, std::int64_t needed = kGb) {
    const auto found = state().attempts.find(attempt);
    tell(event::Moving{.attempt = attempt,
                       .pool = found == state().attempts.end() ? PoolIndex{0} : found->second.pool,
                       .inputs = {.needed = needed, .moved = moved, .whole = whole}});
  }
  void stop_in_cheap(AttemptId attempt, std::int64_t moved) {
    tell(event::Ended{.attempt = attempt,
                      .pool = state().attempts.at(attempt).pool,
                      .cause = Cause::killed,
                      .ran = {},
                      .inputs = {.needed = kGb, .moved = moved}});
  }
  [[nodiscard]] Metered metered() const {
    Metered sum;
    for (const auto& [key, one] : state().metered) {
      sum.attempts += one.attempts;
      sum.moved += one.moved;
      sum.fetched += one.fetched;
      sum.bill += one.bill;
    }
    return sum;
  }
};

}  // namespace

TEST_CASE("an attempt runs from when its inputs are whole, and its bill has what moved for it") {
  StagingDesk desk;
  desk.world.places[0].options.erase(desk.world.places[0].options.begin());
  const JobNumber job = desk.submit(StagingDesk::reads(1));
  const AttemptId attempt = desk.task(job).attempt;
  desk.stage(attempt, 0, false);
  CHECK(is_staging(desk.state().attempts.at(attempt).inputs));
  const Instant launched = desk.now;
  desk.pass(600'000);
  desk.beat(1, {attempt});
  desk.stage(attempt, kGb, true);
  const AttemptState& runs = desk.state().attempts.at(attempt);
  CHECK_FALSE(is_staging(runs.inputs));
  CHECK(runs.began == launched + Duration{600'000});
  CHECK(runs.due == runs.began + kHour);
  CHECK(desk.broker.pools().difference(Pools(desk.world, desk.state(), desk.now)).empty());
  SUBCASE("what is said again, late or out of order, changes nothing") {
    const State before = desk.state();
    desk.pass(1000);
    desk.stage(attempt, 0, false);
    desk.stage(attempt, kGb, true);
    desk.stage(attempt, kGb / 2, false);
    CHECK(desk.state().attempts == before.attempts);
  }
  desk.tell(event::Began{.attempt = attempt, .pool = PoolIndex{1}, .host = "a"});
  desk.pass(kHour.ms);
  desk.beat(1, {attempt});
  desk.end(attempt);
  CHECK(desk.metered().bill.network == 3'000'000);
  CHECK(desk.metered().bill.energy == 1'000'000);
  CHECK(desk.metered().moved == kGb);
}

TEST_CASE("the bill is by what moved: nothing for what was there, and never more than inputs weigh") {
  StagingDesk desk;
  desk.world.places[0].options.erase(desk.world.places[0].options.begin());
  const auto network_of = [&](double declared, InputsMoved inputs) {
    const JobNumber job = desk.submit(StagingDesk::reads(declared));
    const std::int64_t before = desk.metered().bill.network;
    const AttemptId attempt = desk.task(job).attempt;
    desk.tell(event::Ended{.attempt = attempt,
                           .pool = PoolIndex{1},
                           .cause = Cause::done,
                           .host = "a",
                           .ran = kHour,
                           .inputs = inputs});
    desk.publish(attempt, TaskIndex{desk.state().jobs[job].first});
    return desk.metered().bill.network - before;
  };
  CHECK(network_of(1, {.needed = kGb, .moved = kGb, .whole = true}) == 3'000'000);
  CHECK(network_of(1, {.needed = kGb, .moved = 0, .whole = true}) == 0);
  CHECK(network_of(1, {.needed = kGb, .moved = kGb / 4, .whole = true}) == 750'000);
  CHECK(network_of(1, {.needed = kGb, .moved = 2 * kGb, .whole = true}) == 3'000'000);  // the site's damage
  CHECK(network_of(5, {.needed = kGb, .moved = kGb, .whole = true}) == 15'000'000);  // 4 GB it moves itself
  CHECK(network_of(2, {}) == 6'000'000);                                             // nobody counts there
}

TEST_CASE("outputs that were counted are billed as they moved, whoever wanted them") {
  StagingDesk desk;
  desk.world.places[0].options.erase(desk.world.places[0].options.begin());
  const auto network_of = [&](double declared, OutputsMoved outputs, Cause cause = Cause::done) {
    JobRequest request = StagingDesk::reads(0);
    request.gb_out = declared;
    const JobNumber job = desk.submit(request);
    const std::int64_t before = desk.metered().bill.network;
    const AttemptId attempt = desk.task(job).attempt;
    if (cause == Cause::killed) desk.tell(event::Cancel{.client = 1, .job = job});
    desk.tell(event::Ended{.attempt = attempt,
                           .pool = PoolIndex{1},
                           .cause = cause,
                           .host = "a",
                           .ran = kHour,
                           .outputs = outputs});
    desk.publish(attempt, TaskIndex{desk.state().jobs[job].first});
    return desk.metered().bill.network - before;
  };
  CHECK(network_of(0, {.needed = kGb, .moved = kGb}) == 3'000'000);
  CHECK(desk.metered().fetched == kGb);
  CHECK(network_of(1, {.needed = kGb, .moved = 0}) == 0);                // another task's were the same
  CHECK(network_of(3, {.needed = kGb, .moved = kGb / 2}) == 7'500'000);  // 2 GB it moved itself
  CHECK(network_of(1, {}) == 3'000'000);                                 // nobody counted
  CHECK(network_of(1, {.needed = kGb, .moved = kGb / 4}, Cause::killed) == 750'000);
}

TEST_CASE("a job says how long it ran, and each task how its last attempt ended") {
  StagingDesk desk;
  const JobNumber job = desk.submit(StagingDesk::reads(0));
  CHECK(desk.task(job).end == Cause::absent);
  desk.end(desk.task(job).attempt, Cause::failed, "a", {600'000});
  CHECK(desk.task(job).end == Cause::failed);
  CHECK(desk.task(job).status == 1);
  desk.end(desk.task(job).attempt, Cause::host_failed, "a", {900'000});  // its site bears that
  desk.end(desk.task(job).attempt, Cause::done, "b", {300'000});
  CHECK(desk.task(job).end == Cause::done);
  CHECK(desk.state().jobs[job].ran == Duration{900'000});
}

TEST_CASE("who cancels or holds a job that stages pays for what moved, and the next attempt for the rest") {
  StagingDesk desk;
  desk.world.places[0].options.erase(desk.world.places[0].options.begin());
  const JobNumber job = desk.submit(StagingDesk::reads(1));
  const AttemptId first = desk.task(job).attempt;
  desk.stage(first, 0, false);
  SUBCASE("held") {
    desk.tell(event::Hold{.client = 1, .job = job, .held = true});
    REQUIRE(desk.first<effect::Kill>() != nullptr);
    desk.beat(1, {first});  // again, until it is heard
    REQUIRE(desk.first<effect::Kill>() != nullptr);
    desk.stop_in_cheap(first, kGb / 4);
    CHECK(desk.task(job).phase == TaskPhase::blocked);
    CHECK(desk.metered().bill.network == 750'000);
    desk.tell(event::Hold{.client = 1, .job = job, .held = false});
    const AttemptId second = desk.task(job).attempt;
    REQUIRE(second != first);
    desk.stage(second, 3 * kGb / 4, true);
    desk.end(second);
    CHECK(desk.metered().bill.network == 3'000'000);
    CHECK(desk.metered().moved == kGb);
  }
  SUBCASE("cancelled") {
    desk.tell(event::Cancel{.client = 1, .job = job});
    REQUIRE(desk.first<effect::Kill>() != nullptr);
    desk.stop_in_cheap(first, kGb / 2);
    CHECK(desk.phase(job) == JobPhase::cancelled);
    CHECK(desk.metered().bill.total() == 1'500'000);
  }
  SUBCASE("the pool is drained") {
    desk.tell(event::Drain{.client = 1, .pool = PoolIndex{1}, .on = true});
    REQUIRE(desk.first<effect::Kill>() != nullptr);
    CHECK(desk.first<effect::Kill>()->attempt == first);
  }
  SUBCASE("it was held, or its pool drained, before the broker heard that it stages") {
    const JobNumber other = desk.submit(StagingDesk::reads(1));
    const AttemptId late = desk.task(other).attempt;
    desk.tell(event::Hold{.client = 1, .job = other, .held = true});
    CHECK(desk.first<effect::Kill>() == nullptr);
    desk.stage(late, 0, false);
    REQUIRE(desk.first<effect::Kill>() != nullptr);
    CHECK(desk.first<effect::Kill>()->attempt == late);
  }
}

TEST_CASE("what runs is not stopped by a hold or a drain, and a site pays for what is lost with it") {
  StagingDesk desk;
  desk.world.places[0].options.erase(desk.world.places[0].options.begin());
  const JobNumber job = desk.submit(StagingDesk::reads(1, 2));
  const AttemptId runs = desk.task(job, 0).attempt, stages = desk.task(job, 1).attempt;
  desk.stage(runs, kGb, true);
  desk.tell(event::Began{.attempt = runs, .pool = PoolIndex{1}, .host = "a"});
  desk.stage(stages, 0, false);
  desk.tell(event::Hold{.client = 1, .job = job, .held = true});
  REQUIRE(desk.first<effect::Kill>() != nullptr);
  CHECK(desk.first<effect::Kill>()->attempt == stages);
  desk.tell(event::SiteDown{.pool = PoolIndex{1}, .down = true});
  CHECK(desk.state().attempts.empty());
  CHECK(desk.metered() == Metered{});
}

TEST_CASE("a pool that has a job's inputs is cheaper for its other tasks, until the job is over") {
  StagingDesk desk;
  desk.world.places[0].options[1].money_per_gb = 3e6;  // 1 a task dearer than the dear pool
  const JobNumber job = desk.submit(StagingDesk::reads(1, 12));
  CHECK(desk.task(job, 0).pool == PoolIndex{0});
  // Eight more than there are cores: what waits is placed anew when its pool is drained.
  desk.tell(event::Drain{.client = 1, .pool = PoolIndex{0}, .on = true});
  for (int k = 0; k < 4; ++k) {
    desk.pass(1000);
    desk.look();
  }
  AttemptId there;
  for (const auto& [id, attempt] : desk.state().attempts) {
    if (attempt.pool == PoolIndex{1}) there = id;
  }
  REQUIRE(there != AttemptId{});
  desk.stage(there, kGb, true);
  REQUIRE(desk.state().inputs_at.at(job) == InputsAt{.needed = kGb, .pools = {PoolIndex{1}}});
  desk.tell(event::Drain{.client = 1, .pool = PoolIndex{0}, .on = false});
  desk.end(there, Cause::failed);  // placed anew: where the inputs are, though moving them would cost 3
  const TaskIndex again = [&] {
    for (std::size_t k = 0; k < 12; ++k) {
      if (desk.task(job, k).failures == 1) return TaskIndex{k};
    }
    return TaskIndex{0};
  }();
  CHECK(desk.state().tasks[again].pool == PoolIndex{1});
  desk.tell(event::Cancel{.client = 1, .job = job});
  while (!desk.state().attempts.empty()) desk.end(desk.state().attempts.begin()->first, Cause::killed);
  CHECK(desk.phase(job) == JobPhase::cancelled);
  CHECK(desk.state().inputs_at.empty());
}

}  // namespace hinterland
