// The policy that was simulated is the policy that runs: the broker's core, with executors that do what the simulator says,
// places every job where and begins it when `simulate` does.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "hinterland/broker/broker.hpp"
#include "hinterland/sim/simulate.hpp"
#include "tests/mixed_jobs.hpp"

namespace hinterland {

namespace {

BrokerWorld broker_world(const SimWorld& world, Policy policy) {
  BrokerWorld out{.policy = policy,
                  .queue = world.discipline == Discipline::easy ? QueueRule::easy : QueueRule::fcfs};
  for (const SimPool& pool : world.pools)
    out.pools.push_back(
        {.name = "pool", .size = pool.size(), .server = pool.server_size, .units = pool.units()});
  for (std::size_t group = 0; group < world.groups.size(); ++group) {
    for (std::size_t home = 0; home < world.pools.size(); ++home)
      out.places.push_back({.name = "place",
                            .home = PoolIndex{home},
                            .options = world.options_of(GroupIndex{group}, PoolIndex{home})});
  }
  out.forecast = world.forecast;
  out.actual = world.actual;
  // Nothing is silent here, and nothing is paced.
  out.rules = {
      .lease = {3'000'000'000'000}, .placed_anew_per_second = 1e15, .most_losses = world.groups[0].retries};
  return out;
}

event::Submit submission(const SimWorld& world, JobIndex job) {
  const SimJobs& jobs = world.jobs;
  const SimGroup& kind = world.groups[jobs.group[job]];
  return {.client = job,
          .job = {.project = ProjectIndex{0},
                  .places = PlacesIndex{jobs.group[job] * world.pools.size() + jobs.home[job]},
                  .size = world.sizes[jobs.size[job]].size,
                  .units = world.sizes[jobs.size[job]].units,
                  .request = jobs.request[job],
                  .deadline = kind.deadline,
                  .may_wait = kind.may_wait,
                  .late = kind.late_per_hour}};
}

struct Begin {
  std::int64_t at = 0;
  std::size_t pool = 0;
  bool operator==(const Begin&) const = default;
};

// Every begin of every job, as the broker has it.
class ScriptedExecutors {
 public:
  ScriptedExecutors(const SimWorld& world, Policy policy)
      : world_(world),
        rules_(broker_world(world, policy)),
        broker_(rules_, State{}),
        begins_(world.jobs.count()) {}

  std::vector<std::vector<Begin>> run() {
    perform(broker_.resume({0}));
    std::vector<Event> first{event::SetProject{.name = "all"}};
    for (std::size_t p = 0; p < world_.pools.size(); ++p)
      first.emplace_back(event::Heartbeat{.pool = PoolIndex{p}});
    perform(broker_.decide({0}, first));
    for (JobIndex job; !over(job);) {
      Instant now = broker_.next_wake();
      if (job < world_.jobs.count()) now = std::min(now, world_.jobs.arrival[job]);
      if (!ends_.empty()) now = std::min(now, ends_.begin()->first);
      for (const Fault& fault : world_.faults) {
        if (fault.from > now_) now = std::min(now, fault.from);
        if (fault.until > now_) now = std::min(now, fault.until);
      }
      if (now >= kNever) break;
      now_ = now;
      std::vector<Event> events = std::exchange(published_, {});
      for (; !ends_.empty() && ends_.begin()->first <= now; ends_.erase(ends_.begin())) {
        const auto& [at, attempt] = *ends_.begin();
        const auto found = broker_.state().attempts.find(attempt);
        if (found == broker_.state().attempts.end()) continue;  // the site went away beneath it
        events.emplace_back(
            event::Ended{.attempt = attempt, .pool = found->second.pool, .ran = now - found->second.began});
      }
      add_changes_of_sites(events);
      for (; job < world_.jobs.count() && world_.jobs.arrival[job] == now; ++job.value)
        events.emplace_back(submission(world_, job));
      perform(broker_.decide(now, events));
    }
    return std::move(begins_);
  }
  [[nodiscard]] const State& state() const { return broker_.state(); }

 private:
  [[nodiscard]] bool over(JobIndex job) const {
    return job == world_.jobs.count() && std::ranges::all_of(broker_.state().jobs, [](const JobState& one) {
             return one.ended == one.tasks;
           });
  }
  void add_changes_of_sites(std::vector<Event>& events) const {
    for (const Fault& fault : world_.faults) {
      for (const PoolIndex pool : fault.pools) {
        if (fault.until != now_) continue;
        events.emplace_back(event::SiteDown{pool, false});
        events.emplace_back(event::Heartbeat{.pool = pool});  // of an executor in a new life
      }
    }
    for (const Fault& fault : world_.faults) {
      for (const PoolIndex pool : fault.pools) {
        if (fault.from == now_) events.emplace_back(event::SiteDown{pool, true});
      }
    }
  }
  void perform(const Step& step) {
    for (const Effect& effect : step.effects) {
      if (const auto* launch = std::get_if<effect::Launch>(&effect)) {
        begins_[launch->task].push_back({now_.ms, launch->pool});
        const JobIndex job = launch->task;
        ends_.emplace(now_ + std::min(world_.jobs.run[job], world_.jobs.request[job]), launch->attempt);
      } else if (const auto* publish = std::get_if<effect::Publish>(&effect)) {
        published_.emplace_back(event::Published{.attempt = publish->attempt, .task = publish->task});
      }
    }
  }

  const SimWorld& world_;
  BrokerWorld rules_;
  Broker broker_;
  Instant now_;
  std::set<std::pair<Instant, AttemptId>> ends_;
  std::vector<Event> published_;
  std::vector<std::vector<Begin>> begins_;
};

// The same of the simulator: attempts that were stopped, and the first and only begin of the others.
std::vector<std::vector<Begin>> simulated(const SimWorld& world, Policy policy) {
  SilentProgress silent;
  const SimRun run = simulate(world, policy, silent);
  std::vector<std::vector<Begin>> begins(world.jobs.count());
  for (const Attempt& attempt : run.outcome.attempts)
    begins[attempt.job].push_back({attempt.from.ms, attempt.pool});
  for (std::size_t job = 0; job < world.jobs.count(); ++job) {
    if (!run.outcome.several[job] && run.outcome.start[job] < kNever)
      begins[job].push_back({run.outcome.start[job].ms, run.outcome.pool[job]});
  }
  return begins;
}

// Sites that go away for a while, in turn and one twice.
void add_faults(SimWorld& world) {
  const std::int64_t span = world.jobs.arrival.back().ms;
  for (std::int64_t k = 0; k < 6; ++k)
    world.faults.push_back({.kind = FaultKind::site,
                            .cause = "fault",
                            .from = {span * (k + 1) / 8},
                            .until = {span * (k + 1) / 8 + span / 20},
                            .pools = {PoolIndex{static_cast<std::size_t>(k) % world.pools.size()}}});
}

}  // namespace

TEST_CASE("12,000 jobs of many sizes, with contention and faults, are placed and begun as simulated") {
  for (const Discipline discipline : {Discipline::fcfs, Discipline::easy}) {
    SimWorld world = test::mixed_world(12'000, 5, 6, 0.95);
    world.discipline = discipline;
    world.groups[0].may_wait = {6 * kHour.ms};
    add_faults(world);
    for (const char* name : {"cheapest", "least-loaded", "round-robin", "nearest", "wait-for-cheap"}) {
      CAPTURE(std::string(name));
      CAPTURE(static_cast<int>(discipline));
      const auto policy = find_policy(name, "policy");
      REQUIRE(policy);
      ScriptedExecutors executors(world, policy->choose);
      const auto ours = executors.run(), theirs = simulated(world, policy->choose);
      std::size_t different = 0, several = 0;
      for (std::size_t job = 0; job < theirs.size(); ++job) {
        if (ours[job] != theirs[job]) ++different;
        if (theirs[job].size() > 1) ++several;
      }
      CHECK(different == 0);
      CHECK(several > 20);  // faults did strike
    }
  }
}

}  // namespace hinterland
