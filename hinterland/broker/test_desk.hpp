// A broker with two pools and nobody else, for tests.
#pragma once
#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "hinterland/broker/broker.hpp"

namespace hinterland::test {

// Two pools of one server of 4 cores and 16 GB each, of which the second is cheaper; a unit is a core.
struct Desk {
  BrokerWorld world;
  Broker broker;
  Instant now{1000};
  std::vector<Effect> effects;  // of the last step

  static BrokerWorld two_pools(QueueRule queue, std::size_t servers) {
    BrokerWorld world{.queue = queue};
    BrokerPlaces places{.name = "anywhere", .home = PoolIndex{0}, .options = {}};
    for (std::size_t p = 0; p < 2; ++p) {
      const Size server{.cores = 4, .gpus = 0, .memory_gb = 16};
      world.pools.push_back({.name = p == 0 ? "dear" : "cheap",
                             .size = static_cast<std::int64_t>(servers) * server,
                             .server = server,
                             .units = 4 * static_cast<std::int64_t>(servers)});
      world.forecast.emplace_back(std::vector<UnitRow>(8760, {.energy = p == 0 ? 2e6 : 1e6, .kwh = 1e6}),
                                  UnitRates::Charges{});
      places.options.push_back({.pool = PoolIndex{p}});
    }
    world.actual = world.forecast;
    world.places = {places};
    return world;
  }

  // A core for an hour.
  static JobRequest request(std::int64_t cores = 1) {
    return {.size = {.cores = cores, .gpus = 0, .memory_gb = cores},
            .units = cores,
            .request = kHour,
            .deadline = {100 * kHour.ms}};
  }

  explicit Desk(QueueRule queue = QueueRule::fair, std::size_t servers = 1)
      : world(two_pools(queue, servers)), broker(world, State{}) {
    broker.resume(now);
    tell(event::SetProject{.name = "film"});
    beat(0);
    beat(1);
  }

  void tell(const Event& event) { effects = broker.decide(now, std::span(&event, 1)).effects; }
  void pass(std::int64_t ms) { now = now + Duration{ms}; }
  void look() { effects = broker.decide(now, {}).effects; }
  void beat(std::size_t pool, std::vector<AttemptId> known = {}) {
    tell(event::Heartbeat{.pool = PoolIndex{pool},
                          .term = broker.state().pools[pool].term,
                          .sent = now.ms,
                          .known = std::move(known)});
  }
  JobNumber submit() { return submit(request()); }
  JobNumber submit(JobRequest job, std::string key = "") {
    tell(event::Submit{.client = 7, .key = std::move(key), .job = std::move(job)});
    const auto* answer = first<effect::Respond>();
    REQUIRE(answer != nullptr);
    REQUIRE(answer->denial == Denial::none);
    return answer->job;
  }
  void end(AttemptId attempt, Cause cause = Cause::done, const std::string& host = "a",
           Duration ran = kHour) {
    const PoolIndex pool = broker.state().attempts.at(attempt).pool;
    tell(event::Ended{
        .attempt = attempt, .pool = pool, .cause = cause, .status = 1, .host = host, .ran = ran});
  }
  void publish(AttemptId attempt, TaskIndex task) {
    tell(event::Published{.attempt = attempt, .task = task});
  }

  template <class T>
  [[nodiscard]] const T* first() const {
    for (const Effect& effect : effects) {
      if (const T* one = std::get_if<T>(&effect)) return one;
    }
    return nullptr;
  }
  [[nodiscard]] const State& state() const { return broker.state(); }
  [[nodiscard]] const TaskState& task(JobNumber job, std::size_t k = 0) const {
    return state().tasks[state().jobs[job].first + k];
  }
  [[nodiscard]] JobPhase phase(JobNumber job) const { return phase_of(state().jobs[job]); }
};

}  // namespace hinterland::test
