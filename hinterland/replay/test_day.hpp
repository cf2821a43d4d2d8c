// Days for tests: facts in memory, and a broker whose executors do exactly what the model says.
#pragma once
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "hinterland/base/random.hpp"
#include "hinterland/broker/broker.hpp"
#include "hinterland/cost/site_rates.hpp"
#include "hinterland/replay/day_world.hpp"
#include "tests/china_rates.hpp"

namespace hinterland::test {

inline Expected<Day> day_of(const std::vector<Facts>& steps) {
  SilentProgress silent;
  const ReadFacts read = [&](const Journal::TakeFact& take) -> Expected<Recovered> {
    Recovered out;
    for (const Facts& facts : steps) {
      const std::uint64_t step = out.steps + 1;
      const auto followed = follow_until(out.state, facts, {.file = "day"}, [&](const Fact& fact) {
        return take({.step = step, .checksum = 0, .fact = fact, .before = out.state});
      });
      if (!followed) return std::unexpected(followed.error());
      out.steps = step;
    }
    return out;
  };
  return read_day("day", read, silent);
}

// Three pools at real sites; what starting takes there, how fast they are, and how fast inputs come.
struct PoolManner {
  const char* site;
  std::int64_t cores;
  Duration start_up;
  double speed = 1;
  double input_bytes_per_s = 0;  // 0: no path
};

// What becomes of a task each time it is begun, wherever: how long it runs at speed 1, and how it ends.
struct TaskFate {
  Duration run;
  Cause cause = Cause::done;
};

struct DayJob {
  Instant at;
  JobRequest request;
  std::vector<std::vector<TaskFate>> fates;  // [task]: the last one comes again and again
  std::int64_t input_bytes = 0;
};

// Something that happens at a time.
struct Happening {
  Instant at;
  std::vector<Event> events;
  std::optional<PoolIndex> falls_silent, comes_back;
};

// Runs the broker's core over the jobs; its facts, step by step.
class ScriptedBroker {
 public:
  ScriptedBroker(std::vector<PoolManner> pools, PolicyEntry policy, QueueRule queue,
                 std::vector<std::int64_t> shares = {1})
      : manners_(std::move(pools)),
        world_(world_of(manners_, policy, queue)),
        broker_(world_, State{}),
        shares_(std::move(shares)) {}

  static constexpr Instant kBegin{1'700'000'000'000 / 3'600'000 * 3'600'000};
  static constexpr Duration kBeat{10'000};

  std::vector<Facts> run(std::vector<DayJob> jobs, std::vector<Happening> happenings, Instant until) {
    jobs_ = std::move(jobs);
    now_ = kBegin;
    perform(broker_.resume(now_));
    std::vector<Event> first;
    for (std::size_t k = 0; k < shares_.size(); ++k)
      first.emplace_back(event::SetProject{.name = "project " + std::to_string(k), .share = shares_[k]});
    terms_.resize(manners_.size());
    silent_.resize(manners_.size());
    known_.resize(manners_.size());
    paths_.resize(manners_.size());
    for (std::size_t p = 0; p < manners_.size(); ++p) first.emplace_back(beat(PoolIndex{p}));
    perform(broker_.decide(now_, first));
    Instant next_beat = now_ + kBeat;
    std::size_t job = 0, happening = 0;
    while (now_ < until) {
      Instant next = std::min(broker_.next_wake(), next_beat);
      if (job < jobs_.size()) next = std::min(next, jobs_[job].at);
      if (happening < happenings.size()) next = std::min(next, happenings[happening].at);
      if (!due_.empty()) next = std::min(next, due_.begin()->first);
      now_ = std::max(next, now_);
      std::vector<Event> events;
      for (; !due_.empty() && due_.begin()->first <= now_; due_.erase(due_.begin()))
        due_.begin()->second(events);
      for (; happening < happenings.size() && happenings[happening].at <= now_; ++happening) {
        const Happening& one = happenings[happening];
        if (one.falls_silent) silent_[*one.falls_silent] = true;
        if (one.comes_back) {
          silent_[*one.comes_back] = false;
          terms_[*one.comes_back] = {};
          known_[*one.comes_back].clear();
        }
        events.insert(events.end(), one.events.begin(), one.events.end());
        if (one.comes_back) events.push_back(beat(*one.comes_back));
      }
      if (next_beat <= now_) {
        for (std::size_t p = 0; p < manners_.size(); ++p) {
          if (!silent_[p]) events.push_back(beat(PoolIndex{p}));
        }
        next_beat = now_ + kBeat;
      }
      for (; job < jobs_.size() && jobs_[job].at <= now_; ++job)
        events.emplace_back(event::Submit{.client = 1, .job = jobs_[job].request});
      perform(broker_.decide(now_, events));
      const bool over = job == jobs_.size() && happening == happenings.size() && broker_.state().live == 0;
      if (over) break;
    }
    return std::move(steps_);
  }

  // The atlas and the rates know nothing of the manners: they are put into the world that a day becomes.
  void teach(DayWorld& setup) const {
    for (std::size_t p = 0; p < manners_.size(); ++p) {
      setup.world.pools[p].start_up = manners_[p].start_up;
      setup.world.pools[p].speed = manners_[p].speed;
      if (setup.world.pools[p].input_bytes_per_s > 0)
        setup.world.pools[p].input_bytes_per_s = manners_[p].input_bytes_per_s;
    }
  }
  [[nodiscard]] const State& state() const { return broker_.state(); }

 private:
  static BrokerWorld world_of(const std::vector<PoolManner>& pools, const PolicyEntry& policy,
                              QueueRule queue) {
    BrokerWorld world{.journal = "scripted", .policy = policy.choose, .queue = queue};
    world.told = {
        .policy = std::string(policy.name), .queue = queue, .carbon_per_kg = 0.05, .first_hour = 100};
    world.rules.placed_anew_per_second = 1e9;
    BrokerPlaces places{.name = "anywhere", .home = PoolIndex{0}, .options = {}};
    constexpr std::int64_t units = 128;  // of a server
    for (std::size_t p = 0; p < pools.size(); ++p) {
      const Size size{.cores = pools[p].cores, .memory_gb = 4 * pools[p].cores};
      BrokerPool pool{.name = pools[p].site, .size = size, .server = size, .units = pools[p].cores};
      pool.deal.site = pools[p].site;
      pool.deal.currency = "CNY";
      pool.deal.server_units = units;
      pool.pricing = {.server = "cpu-server",
                      .basis = p == 1 ? Basis::rented : Basis::sunk,
                      .rate = p == 1 ? 2'000'000 : 0};
      const Site& site = china().sites.at(SiteId{pools[p].site});
      const SiteYear& year = rates().at(site.id);
      world.forecast.push_back(unit_rates(server_terms(china().servers.at(ServerId{"cpu-server"})),
                                          site_levels(china(), site, year), year,
                                          {.basis = pool.pricing.basis, .rate = {p == 1 ? 2.0 : 0.0}},
                                          {.carbon = {0.05}}, static_cast<double>(units), 100));
      world.pools.push_back(pool);
      places.options.push_back({.pool = PoolIndex{p},
                                .money_per_gb = p == 0 ? 0.0 : 3e5,
                                .ms_per_gb = p == 0 ? 0.0 : 2000.0,
                                .km = 500.0 * static_cast<double>(p),
                                .at_home = p == 0});
    }
    world.actual = world.forecast;
    world.places = {places};
    return world;
  }

  [[nodiscard]] event::Heartbeat beat(PoolIndex pool) const {
    return {.pool = pool,
            .term = terms_[pool],
            .sent = now_.ms,
            .known = {known_[pool].begin(), known_[pool].end()}};
  }

  void at(Instant when, std::function<void(std::vector<Event>&)> what) {
    due_.emplace(when, std::move(what));
  }

  [[nodiscard]] const DayJob& job_of(TaskIndex task) const { return jobs_[broker_.state().tasks[task].job]; }

  void perform(const Step& step) {
    if (!step.facts.empty()) steps_.push_back(step.facts);
    for (const Effect& effect : step.effects) {
      if (const auto* launch = std::get_if<effect::Launch>(&effect)) {
        if (!silent_.empty() && silent_[launch->pool]) continue;
        if (known_[launch->pool].insert(launch->attempt).second)
          bring(launch->attempt, launch->task, launch->pool);
      } else if (const auto* grant = std::get_if<effect::Grant>(&effect)) {
        if (!silent_.empty() && !silent_[grant->pool]) terms_[grant->pool] = grant->term;
      } else if (const auto* forget = std::get_if<effect::Forget>(&effect)) {
        known_[forget->pool].erase(forget->attempt);
      } else if (const auto* publish = std::get_if<effect::Publish>(&effect)) {
        const event::Published done{.attempt = publish->attempt, .task = publish->task};
        at(now_, [done](std::vector<Event>& events) { events.emplace_back(done); });
      }
    }
  }

  // What moves to one pool at one time shares its path; what is there is there for all tasks of the job.
  void bring(AttemptId id, TaskIndex task, PoolIndex pool) {
    const DayJob& job = job_of(task);
    const std::uint32_t number = broker_.state().tasks[task].job.value;
    if (job.input_bytes == 0 || manners_[pool].input_bytes_per_s <= 0) return start(id, task, pool, {});
    if (paths_[pool].here.contains(number))
      return are_there(id, task, pool, {.needed = job.input_bytes, .whole = true});
    Path& path = paths_[pool];
    const auto moving = std::ranges::find(path.moving, number, &Moving::job);
    if (moving != path.moving.end()) return moving->waiting.emplace_back(id, task), void();
    advance(path, pool);
    path.moving.push_back({number, static_cast<double>(job.input_bytes), {{id, task}}});
    look_again(path, pool);
  }
  void are_there(AttemptId id, TaskIndex task, PoolIndex pool, const InputsMoved& inputs) {
    at(now_, [=](std::vector<Event>& events) {
      events.emplace_back(event::Moving{.attempt = id, .pool = pool, .inputs = inputs});
    });
    start(id, task, pool, inputs);
  }

  struct Moving {
    std::uint32_t job = 0;
    double left = 0;  // bytes
    std::vector<std::pair<AttemptId, TaskIndex>> waiting;
  };
  struct Path {
    std::vector<Moving> moving;
    std::set<std::uint32_t> here;
    Instant since;
    int looked = 0;
  };
  [[nodiscard]] double each_ms(const Path& path, PoolIndex pool) const {
    return manners_[pool].input_bytes_per_s / 1000 / static_cast<double>(path.moving.size());
  }
  void advance(Path& path, PoolIndex pool) const {
    for (Moving& one : path.moving)
      one.left -= static_cast<double>((now_ - path.since).ms) * each_ms(path, pool);
    path.since = now_;
  }
  void look_again(Path& path, PoolIndex pool) {
    ++path.looked;
    if (path.moving.empty()) return;
    const double least = std::ranges::min_element(path.moving, {}, &Moving::left)->left;
    at(now_ + Duration{rounded_up(std::max(0.0, least / each_ms(path, pool)))},
       [this, pool, look = path.looked](std::vector<Event>& events) {
         Path& then = paths_[pool];
         if (look != then.looked) return;
         advance(then, pool);
         for (auto one = then.moving.begin(); one != then.moving.end();) {
           if (one->left > 1e-3) {
             ++one;
             continue;
           }
           then.here.insert(one->job);
           bool first = true;
           for (const auto& [attempt, task] : one->waiting) {
             const std::int64_t bytes = job_of(task).input_bytes;
             const InputsMoved inputs{.needed = bytes, .moved = first ? bytes : 0, .whole = true};
             events.emplace_back(event::Moving{.attempt = attempt, .pool = pool, .inputs = inputs});
             start(attempt, task, pool, inputs);
             first = false;
           }
           one = then.moving.erase(one);
         }
         look_again(then, pool);
       });
  }

  void start(AttemptId id, TaskIndex task, PoolIndex pool, const InputsMoved& inputs) {
    const DayJob& job = job_of(task);
    const auto& fates = job.fates[task - broker_.state().job_of(task).first];
    const TaskFate& fate = fates[std::min(tries_[task]++, fates.size() - 1)];
    const Duration run = std::min(at_speed(fate.run, manners_[pool].speed), job.request.request);
    at(now_ + run + manners_[pool].start_up, [=, this](std::vector<Event>& events) {
      if (silent_[pool] || !known_[pool].contains(id)) return;
      events.emplace_back(event::Ended{.attempt = id,
                                       .pool = pool,
                                       .cause = fate.cause,
                                       .status = 1,
                                       .host = "",
                                       .ran = run,
                                       .inputs = inputs});
    });
  }

  std::vector<PoolManner> manners_;
  BrokerWorld world_;
  Broker broker_;
  std::vector<std::int64_t> shares_;
  std::vector<DayJob> jobs_;
  Instant now_;
  std::multimap<Instant, std::function<void(std::vector<Event>&)>> due_;
  std::vector<Term> terms_;
  std::vector<bool> silent_;
  std::vector<std::set<AttemptId>> known_;
  std::vector<Path> paths_;
  std::map<TaskIndex, std::size_t> tries_;
  std::vector<Facts> steps_;
};

}  // namespace hinterland::test
