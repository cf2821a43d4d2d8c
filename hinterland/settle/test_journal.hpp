// A journal that was metered, and one to read, for tests.
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hinterland/base/random.hpp"
#include "hinterland/broker/test_desk.hpp"
#include "hinterland/journal/test_store.hpp"
#include "hinterland/settle/metered.hpp"

namespace hinterland::test {

inline PoolDeal deal(const std::string& owner, const std::string& carrier) {
  return {.owner = owner, .carrier = carrier, .site = "guian", .currency = "CNY", .server_units = 4};
}

// A broker with the two pools of Desk, whose steps a journal keeps; begun anew whenever the deals change.
struct KeptDesk {
  BrokerWorld world = Desk::two_pools(QueueRule::fair, 1);
  std::unique_ptr<Broker> broker;
  Journal journal{std::make_unique<RowsInMemory>()};
  Instant now{1000};
  std::vector<Effect> effects;

  explicit KeptDesk(const PoolDeal& dear = deal("acme", "line"),
                    const PoolDeal& cheap = deal("bolt", "wire")) {
    world.journal = "books";
    for (BrokerPlaces& places : world.places) {
      for (Option& option : places.options) option.money_per_gb = 1e5;
    }
    begin(State{}, dear, cheap);
    tell(event::SetProject{.name = "film"});
    tell(event::SetProject{.name = "lab"});
  }
  void begin(State state, const PoolDeal& dear, const PoolDeal& cheap) {
    world.pools[0].deal = dear;
    world.pools[1].deal = cheap;
    broker = std::make_unique<Broker>(world, std::move(state));
    keep(broker->resume(now));
    for (std::size_t p = 0; p < 2; ++p)
      tell(event::Heartbeat{
          .pool = PoolIndex{p}, .term = state_of().pools[p].term, .sent = now.ms, .known = running(p)});
  }
  void begin_again(const PoolDeal& dear, const PoolDeal& cheap) { begin(State(state_of()), dear, cheap); }

  [[nodiscard]] const State& state_of() const { return broker->state(); }
  [[nodiscard]] std::vector<AttemptId> running(std::size_t pool) const {
    std::vector<AttemptId> known;
    for (const auto& [id, attempt] : state_of().attempts) {
      if (attempt.pool == PoolIndex{pool}) known.push_back(id);
    }
    return known;
  }
  void tell(const Event& event) { keep(broker->decide(now, std::span(&event, 1))); }
  void keep(Step step) {
    effects = std::move(step.effects);
    if (!step.facts.empty()) REQUIRE(journal.append(std::span(&step.facts, 1)));
  }
  JobNumber submit(std::uint32_t tasks = 1, double gb = 0, std::size_t project = 0) {
    JobRequest job = Desk::request();
    job.project = ProjectIndex{project};
    job.tasks = tasks;
    job.gb_in = gb;
    tell(event::Submit{.client = 1, .key = "", .job = job});
    return JobNumber{state_of().jobs.size() - 1};
  }
  void end(AttemptId id, Cause cause = Cause::done, Duration ran = kHour) {
    const AttemptState attempt = state_of().attempts.at(id);
    tell(event::Ended{
        .attempt = id, .pool = attempt.pool, .cause = cause, .status = 0, .host = "a", .ran = ran});
    if (cause == Cause::done) tell(event::Published{.attempt = id, .task = attempt.task});
  }
  void end_all(Cause cause = Cause::done, Duration ran = kHour) {
    while (!state_of().attempts.empty()) end(state_of().attempts.begin()->first, cause, ran);
  }
  [[nodiscard]] MeteredJournal read() {
    SilentProgress silent;
    auto metered = read_metered(journal, silent);
    REQUIRE(metered);
    return std::move(*metered);
  }
};

// As a journal by chance would be metered: any bills, of a few projects and pools whose deals change.
inline MeteredJournal metered_by_chance(std::uint64_t seed) {
  RandomStream random(seed, "books");
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random.next() % n); };
  MeteredJournal metered{.state = {}, .deals = {PoolDeal{}}, .attempts = {}};
  State& state = metered.state;
  for (const char* const name : {"film", "lab", "house"}) state.projects.push_back({.name = name});
  for (const char* const name : {"north", "south"}) state.pools.push_back({.name = name});
  state.places = {"anywhere"};
  state.hosts.push_back({.pool = PoolIndex{0}, .name = "a", .failed = {}});
  for (const char* const owner : {"acme", "bolt", "film"}) {
    for (const char* const carrier : {"line", "acme"}) metered.deals.push_back(deal(owner, carrier));
  }
  const std::size_t jobs = 1 + below(4);
  for (std::size_t j = 0; j < jobs; ++j) {
    JobState job{
        .project = ProjectIndex{below(3)}, .places = PlacesIndex{0}, .first = TaskIndex{j}, .tasks = 1};
    job.size = {.cores = 1};
    state.jobs.push_back(job);
    state.tasks.push_back({.job = JobNumber{j}});
  }
  for (std::size_t k = below(30); k > 0; --k) {
    MeteredAttempt attempt{
        .id = {k}, .task = TaskIndex{below(jobs)}, .pool = PoolIndex{below(2)}, .host = {}, .deal = below(7)};
    attempt.began = {static_cast<std::int64_t>(below(1'000'000'000))};
    attempt.ran = {static_cast<std::int64_t>(below(100'000))};
    attempt.ended = attempt.began + attempt.ran;
    attempt.units = static_cast<std::int64_t>(1 + below(8));
    attempt.cause = below(6) == 0 ? Cause::lost : Cause::done;
    if (!is_sites_fault(attempt.cause)) {
      for_each_part(attempt.bill, attempt.bill, [&](std::int64_t& part, std::int64_t) {
        if (below(3) > 0) part = static_cast<std::int64_t>(below(2'000'000'000)) - 500'000'000;
      });
    }
    metered.attempts.push_back(attempt);
    state.jobs[state.tasks[attempt.task].job].money += attempt.bill.total();
    metered.state.projects[state.job_of(attempt.task).project].spent += attempt.bill.total();
  }
  return metered;
}

}  // namespace hinterland::test
