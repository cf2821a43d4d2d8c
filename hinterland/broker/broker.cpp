#include "hinterland/broker/broker.hpp"

#include <algorithm>
#include <stdexcept>

#include "hinterland/broker/check_fact.hpp"

namespace hinterland {

namespace {

// The order of kinds within a step.
enum class Rank : std::uint8_t { end, site, wish, submission };
constexpr Rank rank(const Event& event) {
  return std::visit(
      [](const auto& one) {
        using Kind = std::decay_t<decltype(one)>;
        if constexpr (std::is_same_v<Kind, event::Submit> || std::is_same_v<Kind, event::Access>)
          return Rank::submission;
        if constexpr (std::is_same_v<Kind, event::Hold> || std::is_same_v<Kind, event::Cancel> ||
                      std::is_same_v<Kind, event::Retry> || std::is_same_v<Kind, event::SetProject>)
          return Rank::wish;
        if constexpr (std::is_same_v<Kind, event::SiteDown> || std::is_same_v<Kind, event::Warning> ||
                      std::is_same_v<Kind, event::Drain> || std::is_same_v<Kind, event::Pardon> ||
                      std::is_same_v<Kind, event::Prices> || std::is_same_v<Kind, event::Room>)
          return Rank::site;
        return Rank::end;
      },
      event);
}

// How long an executor is not heard that is lost for it: its lease is over by then.
Duration silence(const BrokerRules& rules) {
  const auto lease = static_cast<double>(rules.lease.ms);
  return std::max(rules.lost_after, Duration{rounded_up(lease * (1 + rules.drift))});
}

// What the journal does not know yet of pools, places and rules.
void tell(const BrokerWorld& world, const State& state, std::vector<Fact>& facts) {
  if (world.told.policy.empty()) return;
  for (std::size_t p = 0; p < world.pools.size(); ++p) {
    const BrokerPool& pool = world.pools[p];
    const PoolBuild build{pool.size, pool.server, pool.units, pool.pricing};
    if (p >= state.pools.size() || build != state.pools[p].build)
      facts.emplace_back(fact::PoolBuilt{.pool = PoolIndex{p}, .build = build});
  }
  for (std::size_t k = 0; k < world.places.size(); ++k) {
    const OpenPlaces open{world.places[k].home, world.places[k].options};
    if (k >= state.open.size() || open != state.open[k])
      facts.emplace_back(fact::PlacesOpened{.places = PlacesIndex{k}, .open = open});
  }
  HouseRules rules = world.told;
  rules.lost_after = silence(world.rules);
  if (rules != state.rules) facts.emplace_back(fact::RulesMade{rules});
}

std::vector<Fact> new_names(const BrokerWorld& world, const State& state) {
  std::vector<Fact> names;
  if (state.name.empty() && !world.journal.empty()) names.emplace_back(fact::JournalNamed{world.journal});
  for (std::size_t p = state.pools.size(); p < world.pools.size(); ++p)
    names.emplace_back(fact::PoolNamed{world.pools[p].name});
  for (std::size_t p = 0; p < world.pools.size(); ++p) {
    const PoolDeal& deal = world.pools[p].deal;
    const PoolDeal known = p < state.pools.size() ? state.pools[p].deal : PoolDeal{};
    if (deal.server_units > 0 && deal != known)
      names.emplace_back(fact::DealMade{.pool = PoolIndex{p}, .deal = deal});
  }
  for (std::size_t k = state.places.size(); k < world.places.size(); ++k)
    names.emplace_back(fact::PlacesNamed{world.places[k].name});
  tell(world, state, names);
  return names;
}

State with(State state, const std::vector<Fact>& facts) {
  for (const Fact& fact : facts) {
    if (const char* const wrong = check_fact(state, fact)) throw std::logic_error(wrong);
    evolve(state, fact);
  }
  return state;
}

}  // namespace

Broker::Broker(const BrokerWorld& world, State state)
    : world_(world),
      names_(new_names(world, state)),
      state_(with(std::move(state), names_)),
      rates_(world, state_.pools),
      pools_(world, state_, state_.latest),
      lease_until_(state_.pools.size()),
      now_(state_.latest),
      allowed_at_(state_.latest) {
  for (std::size_t t = 0; t < state_.tasks.size(); ++t) {
    if (state_.tasks[t].phase == TaskPhase::unplaced) free_task(TaskIndex{t});
  }
  for (std::size_t h = 0; h < state_.hosts.size(); ++h)
    hosts_.emplace(std::pair{state_.hosts[h].pool, state_.hosts[h].name}, HostIndex{h});
}

// What could not be read back must not be written.
void Broker::record(Fact fact) {
  if (const char* const wrong = check_fact(state_, fact)) throw std::logic_error(wrong);
  evolve(state_, fact);
  step_.facts.push_back(std::move(fact));
}

void Broker::answer(std::uint64_t client, Denial denial, JobNumber job) {
  effect(effect::Respond{.client = client, .denial = denial, .job = job});
}

Step Broker::decide(Instant now, std::span<const Event> events) {
  step_ = {};
  now_ = std::max(now, now_);
  std::vector<const Event*> ordered;
  ordered.reserve(events.size());
  for (const Event& event : events) ordered.push_back(&event);
  std::ranges::stable_sort(ordered, {}, [](const Event* event) { return rank(*event); });
  const auto first_submission =
      std::ranges::find_if(ordered, [](const Event* event) { return rank(*event) == Rank::submission; });
  const auto hear_all = [&](auto from, auto to) {
    for (auto event = from; event != to; ++event) std::visit([&](const auto& one) { hear(one); }, **event);
  };
  hear_all(ordered.begin(), first_submission);
  stop_staging();
  watch_leases();
  for (const PoolIndex pool : std::exchange(leaving_, {})) pools_.drop_departed(pool);
  place_those_who_are_free();
  for (const TaskIndex task : pools_.take_due(now_)) pools_.join(task);
  pools_.pass(now_, [&](TaskIndex task) { start(task); });
  hear_all(first_submission, ordered.end());
  return std::exchange(step_, {});
}

Step Broker::resume(Instant now) {
  step_ = {};
  now_ = std::max(now, now_);
  step_.facts = std::exchange(names_, {});
  // How long this broker was away nobody knows, for clocks jump: every lease counts from now as if it had just been
  // granted.
  std::ranges::fill(lease_until_, lease_end());
  for (std::size_t p = 0; p < state_.pools.size(); ++p) pools_.set_capacity(PoolIndex{p}, now_);
  // Pools may be smaller than when the work was placed.
  std::set<PoolIndex> too_small;
  for (std::size_t t = 0; t < state_.tasks.size(); ++t) {
    const TaskState& task = state_.tasks[t];
    if (task.phase == TaskPhase::waiting &&
        !state_.size_of(TaskIndex{t}).size.fits_into(pools_.built(task.pool)))
      too_small.insert(task.pool);
  }
  for (const PoolIndex pool : too_small) empty_queue(pool);
  for (const auto& [id, attempt] : state_.attempts) {
    if (is_unwanted(attempt)) {
      effect(effect::Kill{id, attempt.pool});
    } else if (!attempt.confirmed) {
      launch(id, attempt);
    }
  }
  for (std::size_t t = 0; t < state_.tasks.size(); ++t) {
    if (state_.tasks[t].phase == TaskPhase::publishing)
      effect(effect::Publish{.attempt = state_.tasks[t].attempt, .task = TaskIndex{t}});
  }
  return std::exchange(step_, {});
}

Instant Broker::next_wake() const {
  if (!free_.empty()) return now_;
  Instant next = pools_.next_due();
  if (!later_.empty()) next = std::min(next, later_.begin()->first);
  if (!evicted_.empty()) next = std::min(next, now_ + Duration{1000});
  for (std::size_t p = 0; p < state_.pools.size(); ++p) {
    const PoolFacts& pool = state_.pools[p];
    if (!pool.lost) next = std::min(next, lost_from(PoolIndex{p}));
    if (pool.warned_from > now_) next = std::min(next, pool.warned_from);
  }
  return next;
}

}  // namespace hinterland
