#include "tests/broker_simulation/deployment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hinterland::test {

namespace {

constexpr Ms kHeartbeat = 250;
constexpr std::uint64_t kNobody = ~std::uint64_t{0};
// The broker's wall clock at the start: it can jump back, and power becomes cheaper after a third of the trouble.
constexpr Ms kCheap = Ms{6} * 3'600'000, kStart = kCheap - kTrouble / 3;

// Worlds are large and there are few: each is made once.
const BrokerWorld& world_of(std::size_t pools, QueueRule queue, std::size_t policy) {
  static std::map<std::tuple<std::size_t, QueueRule, std::size_t>, std::unique_ptr<BrokerWorld>> worlds;
  auto& world = worlds[{pools, queue, policy}];
  if (world) return *world;
  world = std::make_unique<BrokerWorld>();
  world->queue = queue;
  world->policy = std::array{cheapest, least_loaded, round_robin, wait_for_cheap}.at(policy);
  BrokerPlaces places{.name = "anywhere", .home = PoolIndex{0}, .options = {}};
  for (std::size_t p = 0; p < pools; ++p) {
    world->pools.push_back({.name = fmt::format("pool-{}", p),
                            .size = {.cores = 8, .gpus = 0, .memory_gb = 32},
                            .server = {.cores = 4, .gpus = 0, .memory_gb = 16},
                            .units = 32,
                            .deal = {.owner = fmt::format("owner-{}", p),
                                     .carrier = "carrier",
                                     .site = "somewhere",
                                     .currency = "CNY",
                                     .server_units = 16}});
    std::vector<UnitRow> hours(8760, {.energy = money_per_unit_hour(p), .kwh = 1e6, .kg = 5e5});
    world->actual.emplace_back(hours, UnitRates::Charges{});
    for (std::size_t hour = 0; hour < kCheap / 3'600'000; ++hour)
      hours[hour].energy *= 2;  // and it was not so dear
    world->forecast.emplace_back(hours, UnitRates::Charges{});
    places.options.push_back({.pool = PoolIndex{p}, .money_per_gb = money_per_gb(p)});
  }
  world->places = {places};
  world->rules = {.lease = {1000},
                  .lost_after = {1500},
                  .placed_anew_per_second = 20,
                  .most_losses = 200,
                  .licence_wait = {300}};
  return *world;
}

}  // namespace

Deployment::Deployment(std::uint64_t seed, Mistake mistake)
    : stage_(seed),
      laws_(stage_),
      mistake_(mistake),
      world_(world_of(stage_.between(2, 4), static_cast<QueueRule>(stage_.below(4)), stage_.between(0, 3))),
      salt_(static_cast<std::uint64_t>(stage_.below(1'000'000'000))) {
  for (std::size_t p = 0; p < world_.pools.size(); ++p) {
    sites_.emplace_back();
    sites_[p].executor = std::make_unique<Executor>(
        PoolIndex{p}, stage_, laws_, [this, p](Event event) { report(p, std::move(event)); },
        [this](TaskIndex task) { return fate_of(task); }, [this](TaskIndex task) { return reads_of(task); });
  }
  const std::size_t projects = stage_.between(1, 3);
  for (std::size_t k = 0; k < projects; ++k)
    keep(fact::ProjectSet{.name = fmt::format("project-{}", k),
                          .share = 1 + stage_.below(3),
                          .budget = stage_.chance(0.3) ? stage_.below(40'000) : -1});
  make_submissions(projects);
}

Verdict Deployment::run() {
  for (std::size_t k = 0; k < submissions_.size(); ++k)
    stage_.at(stage_.below(kTrouble / 2), [this, k] { submit(k); });
  for (std::size_t site = 0; site < sites_.size(); ++site)
    stage_.at(stage_.below(kHeartbeat), [this, site] { beat(site); });
  stage_.at(0, [this] { start(); });
  stage_.at(100, [this] { trouble(); });
  stage_.at(kTrouble, [this] { raise_budgets(); });
  while (laws_.hold() && !all_over() && stage_.step()) ++laws_.verdict.events;
  if (!laws_.hold()) return laws_.verdict;
  if (const std::string what = unfinished(); !what.empty()) laws_.broken("liveness", what);
  if (broker_) {
    State folded = durable_;
    for (const Step& step : unsynced_) {
      for (const Fact& fact : step.facts) evolve(folded, fact);
    }
    laws_.at_the_end(world_, *broker_, folded);
  }
  return laws_.verdict;
}

// --- the broker's process

void Deployment::start() {
  if (broker_) return;
  for (const Submission& one : submissions_) {
    const auto found = durable_.keys.find(one.event.key);
    if (one.number && (found == durable_.keys.end() || found->second.job != *one.number))
      laws_.broken("acknowledged", fmt::format("job {} is not there after a restart", one.number->value));
  }
  const Ms jump = stage_.strikes(stage_.mix.jump) ? stage_.below(7'200'000) - 3'600'000 : 0;
  clock_ = {.offset = std::max(durable_.latest.ms, kStart + stage_.now() + jump),
            .since = stage_.now(),
            .rate = 1 + 0.004 * (stage_.uniform() - 0.5)};
  broker_ = std::make_unique<Broker>(world_, durable_);
  ++life_;
  Step step = broker_->resume(wall());
  if (mistake_ == Mistake::no_effects_in_recovery) step.effects.clear();
  take(std::move(step));
  wake(1);
}

void Deployment::wake(Ms delay) {
  const Ms when = stage_.now() + delay;
  if (!broker_ || (wake_at_ > stage_.now() && wake_at_ <= when)) return;
  wake_at_ = when;
  stage_.at(when, [this, life = life_] {
    if (broker_ && life == life_) decide();
  });
}

void Deployment::tell(Event event) {
  if (!broker_) return;
  inbox_.push_back(std::move(event));
  wake(1 + stage_.below(15));
}

void Deployment::decide() {
  if (mistake_ == Mistake::silence_is_death) give_up_silent_sites();
  if (mistake_ == Mistake::resubmit_unreconciled) give_up_unconfirmed();
  try {
    take(broker_->decide(wall(), std::exchange(inbox_, {})));
  } catch (const std::logic_error& error) {
    return laws_.broken("sound", fmt::format("a fact would not follow from the state: {}", error.what()));
  }
  const Instant next = broker_->next_wake();
  if (next < kNever) wake(std::max<Ms>(1, (next - wall()).ms + 1));
}

void Deployment::take(Step step) {
  for (const Effect& effect : step.effects) {
    if (too_early(effect)) perform(effect);
  }
  unsynced_.push_back(std::move(step));
  if (std::exchange(syncing_, true)) return;
  stage_.in(1 + stage_.below(10), [this, life = life_] {
    if (life == life_) sync();
  });
}

// One fsync for all that is there. A crash may leave any beginning of it, in whole steps.
void Deployment::sync() {
  syncing_ = false;
  const std::vector<Step> batch = std::exchange(unsynced_, {});
  const bool crash = stage_.strikes(stage_.mix.crash);
  std::size_t kept = batch.size();
  if (crash && stage_.chance(stage_.mix.torn)) {
    kept = stage_.between(0, batch.size());
  } else if (crash && stage_.chance(0.5)) {
    kept = 0;
  }
  for (std::size_t k = 0; k < kept; ++k) {
    for (const Fact& fact : batch[k].facts) keep(fact);
  }
  if (crash) return die();
  for (const Step& step : batch) {
    for (const Effect& effect : step.effects) {
      perform(effect);
      if (stage_.strikes(0.1 * stage_.mix.crash)) return die();
    }
  }
}

void Deployment::die() {
  ++laws_.verdict.crashes;
  ++life_;
  broker_.reset();
  inbox_.clear();
  unsynced_.clear();
  syncing_ = false;
  wake_at_ = 0;
  stage_.in(1 + stage_.below(stage_.chance(0.2) ? 6000 : 300), [this] { start(); });
}

void Deployment::keep(const Fact& fact) {
  laws_.fact_kept(fact, durable_);
  evolve(durable_, fact);
  laws_.state_kept(durable_);
}

void Deployment::perform(const Effect& effect) {
  std::visit([this](const auto& one) { perform(one); }, effect);
}

void Deployment::perform(const effect::Respond& answer) {
  stage_.send([this, answer] { answered(answer); });
}

void Deployment::perform(const effect::Publish& publish) {
  laws_.published(publish.attempt, publish.task);
  tell(event::Published{.attempt = publish.attempt, .task = publish.task});
}

template <class ToExecutor>
void Deployment::perform(const ToExecutor& effect) {
  if constexpr (std::is_same_v<ToExecutor, effect::Launch>) launched_[effect.attempt] = effect.task;
  if (cut(effect.pool)) return;
  stage_.send([this, effect] {
    Executor& executor = *sites_[effect.pool].executor;
    if (!cut(effect.pool) && !executor.down) executor.hear(effect);
  });
}

// --- sites

void Deployment::beat(std::size_t site) {
  sites_[site].executor->beat();
  stage_.in(kHeartbeat, [this, site] { beat(site); });
}

void Deployment::report(std::size_t site, Event event) {
  if (cut(site)) return;
  stage_.send([this, site, event = std::move(event)] {
    if (cut(site) || !broker_) return;
    sites_[site].heard = stage_.now();
    Event heard = event;
    if (auto* ended = std::get_if<event::Ended>(&heard);
        ended != nullptr && mistake_ == Mistake::trust_stale_reports)
      believe_stale(*ended);
    if (mistake_ == Mistake::charge_what_was_there) charge_what_was_there(heard);
    tell(std::move(heard));
  });
}

void Deployment::trouble() {
  const Stage::Mix& mix = stage_.mix;
  for (Site& site : sites_) {
    Executor& executor = *site.executor;
    const PoolIndex pool{static_cast<std::size_t>(&site - sites_.data())};
    if (!stage_.troubled()) {
      site.cut_until = 0;
      executor.down = false;
      tell(event::Drain{.client = kNobody, .pool = pool, .on = false});
      tell(event::Warning{.pool = pool, .from = kNever, .client = kNobody});
      tell(event::Room{.pool = pool, .cores = kNoBound});
      continue;
    }
    if (stage_.chance(mix.drain))
      tell(event::Drain{.client = kNobody, .pool = pool, .on = stage_.chance(0.6)});
    if (stage_.chance(mix.warn))
      tell(event::Warning{.pool = pool,
                          .from = stage_.chance(0.3) ? kNever : wall() + Duration{stage_.below(4000)},
                          .client = kNobody});
    if (stage_.chance(mix.room)) tell(event::Room{.pool = pool, .cores = stage_.below(9)});
    if (mix.price > 0 && stage_.chance(mix.price))
      tell(event::Prices{
          .pool = pool,
          .hours = {{.hour = {wall().ms / kHour.ms * kHour.ms},
                     .money_per_kwh = stage_.below(static_cast<std::int64_t>(money_per_unit_hour(pool)))}}});
    if (stage_.chance(mix.partition))
      site.cut_until = stage_.now() + stage_.below(stage_.chance(0.3) ? 8000 : 1500);
    if (!executor.down && stage_.chance(mix.restart)) executor.restart(stage_.chance(0.5));
    if (!executor.down && stage_.chance(mix.forget)) executor.forget();
    if (!executor.down && stage_.chance(mix.down)) {
      executor.restart(false);
      executor.down = true;
      stage_.in(200 + stage_.below(4000), [&executor] { executor.down = false; });
    }
  }
  // The watcher of sites is the broker's own, and says what is, not what was.
  for (std::size_t p = 0; p < sites_.size(); ++p)
    tell(event::SiteDown{PoolIndex{p}, sites_[p].executor->down, kNobody});
  stage_.in(100, [this] { trouble(); });
}

// --- mistakes

bool Deployment::too_early(const Effect& effect) const {
  return (mistake_ == Mistake::answer_before_fsync && std::holds_alternative<effect::Respond>(effect)) ||
         (mistake_ == Mistake::publish_before_fsync && std::holds_alternative<effect::Publish>(effect));
}

void Deployment::give_up_silent_sites() {
  for (std::size_t p = 0; p < sites_.size(); ++p) {
    const bool silent = stage_.now() - sites_[p].heard > 600;
    if (silent && !sites_[p].thought_dead) {
      inbox_.emplace_back(event::SiteDown{PoolIndex{p}, true, kNobody});
      inbox_.emplace_back(event::SiteDown{PoolIndex{p}, false, kNobody});
    }
    sites_[p].thought_dead = silent;
  }
}

void Deployment::give_up_unconfirmed() {
  for (const auto& [id, attempt] : broker_->state().attempts) {
    if (!attempt.confirmed && (wall() - attempt.began).ms > 400)
      inbox_.emplace_back(event::Ended{.attempt = id, .pool = attempt.pool, .cause = Cause::absent});
  }
}

void Deployment::believe_stale(event::Ended& ended) {
  const auto& open = broker_->state().attempts;
  if (open.contains(ended.attempt)) return;
  const auto task = launched_.find(ended.attempt);
  for (const auto& [id, attempt] : open) {
    if (task == launched_.end() || attempt.task != task->second) continue;
    ended.attempt = id;
    ended.pool = attempt.pool;
  }
}

void Deployment::charge_what_was_there(Event& event) {
  std::visit(
      [](auto& one) {
        if constexpr (requires { one.inputs; }) one.inputs.moved = one.inputs.whole ? one.inputs.needed : 0;
      },
      event);
}

// --- the end

bool Deployment::all_over() const {
  if (stage_.now() < kTrouble + 500 || !broker_ || !unsynced_.empty() || !inbox_.empty()) return false;
  return unfinished().empty();
}

std::string Deployment::unfinished() const {
  if (!broker_) return "there is no broker";
  for (std::size_t k = 0; k < submissions_.size(); ++k) {
    if (!submissions_[k].number) return fmt::format("submission {} is not answered", k);
  }
  const State& state = broker_->state();
  for (std::size_t k = 0; k < state.tasks.size(); ++k) {
    const TaskState& task = state.tasks[k];
    if (is_final(task.phase) || waits_for_failed(task.job)) continue;
    const PoolState& pool = broker_->pools().states()[task.pool];
    return fmt::format("task {} is in phase {}, of pool {}, which is {} with {} cores free", k,
                       static_cast<int>(task.phase), task.pool.value, pool.up ? "up" : "not up",
                       pool.free.cores);
  }
  return "";
}

// A job after one that has failed waits for its retry, which nobody may ask for.
bool Deployment::waits_for_failed(JobNumber job) const {
  const State& state = broker_->state();
  return std::ranges::any_of(state.dependants, [&](const auto& one) {
    const auto& [before, waiting] = one;
    if (std::ranges::find(waiting, job) == waiting.end()) return false;
    return state.jobs[before].ended == state.jobs[before].tasks || waits_for_failed(before);
  });
}

Verdict simulate_deployment(std::uint64_t seed, Mistake mistake) { return Deployment(seed, mistake).run(); }

}  // namespace hinterland::test
