// What becomes of pools: they go, come back, are drained, fall silent.
#include <algorithm>

#include "hinterland/broker/broker.hpp"
#include "hinterland/broker/check_fact.hpp"

namespace hinterland {

Instant Broker::lost_from(PoolIndex pool) const {
  const Duration granted = lease_end() - now_;
  return lease_until_[pool] + Duration{std::max<std::int64_t>(0, world_.rules.lost_after.ms - granted.ms)};
}

void Broker::watch_leases() {
  for (std::size_t p = 0; p < state_.pools.size(); ++p) {
    const PoolIndex pool{p};
    if (!state_.pools[p].lost && lost_from(pool) <= now_) {
      end_all(pool, Cause::lost);
    } else if (state_.pools[p].warned_from <= now_ && pools_.states()[p].up) {
      empty_queue(pool);
    }
  }
}

// Its executor needs a new term before anything is begun there again: a launch may still be on its way.
void Broker::end_all(PoolIndex pool, Cause cause) {
  std::vector<AttemptId> there;
  for (const auto& [id, attempt] : state_.attempts) {
    if (attempt.pool == pool) there.push_back(id);
  }
  for (const AttemptId id : there) finish(id, {.cause = cause});
  if (!state_.pools[pool].lost) record(fact::PoolLost{pool});
  empty_queue(pool);
}

void Broker::empty_queue(PoolIndex pool) {
  for (const TaskIndex task : pools_.take_all(pool)) {
    record(fact::Unplaced{task});
    free_task(task, true);
  }
  pools_.set_capacity(pool, now_);
}

// The facts about a pool changed. If it opens, what waits for pools that are closed looks again.
void Broker::open_or_close(PoolIndex pool) {
  const bool was_up = pools_.states()[pool].up;
  pools_.set_capacity(pool, now_);
  if (was_up || !pools_.states()[pool].up) return;
  for (std::size_t p = 0; p < state_.pools.size(); ++p) {
    if (!pools_.states()[p].up) empty_queue(PoolIndex{p});
  }
}

void Broker::hear(const event::SiteDown& site) {
  if (site.pool >= state_.pools.size()) return answer(site.client, Denial::no_pool);
  if (state_.pools[site.pool].down != site.down) {
    record(fact::DownSet{site.pool, site.down});
    if (site.down) {
      end_all(site.pool, Cause::site_failed);
    } else {
      open_or_close(site.pool);
    }
  }
  answer(site.client, Denial::none);
}

void Broker::hear(const event::Warning& warning) {
  if (warning.pool >= state_.pools.size()) return answer(warning.client, Denial::no_pool);
  if (state_.pools[warning.pool].warned_from != warning.from) {
    record(fact::Warned{warning.pool, warning.from});
    if (warning.from < kNever) empty_queue(warning.pool);
    open_or_close(warning.pool);
  }
  answer(warning.client, Denial::none);
}

void Broker::hear(const event::Drain& drain) {
  if (drain.pool >= state_.pools.size()) return answer(drain.client, Denial::no_pool);
  if (state_.pools[drain.pool].drained != drain.on) {
    stops_staging_ = true;
    record(fact::DrainSet{drain.pool, drain.on});
    if (drain.on) empty_queue(drain.pool);
    open_or_close(drain.pool);
  }
  answer(drain.client, Denial::none);
}

// What is known already is no news, and what no price can be is not believed.
void Broker::hear(const event::Prices& prices) {
  if (prices.pool >= state_.pools.size()) return;
  const std::vector<HourPrice>& known = state_.pools[prices.pool].prices;
  std::vector<HourPrice> news;
  for (const HourPrice& price : prices.hours) {
    const auto place = std::ranges::lower_bound(known, price.hour, {}, &HourPrice::hour);
    if (place == known.end() || *place != price) news.push_back(price);
  }
  fact::PricesHeard heard{.at = now_, .pool = prices.pool, .hours = std::move(news)};
  if (check_fact(state_, heard) != nullptr) return;
  record(std::move(heard));
  rates_.renew(prices.pool, known);
}

void Broker::hear(const event::Room& room) {
  if (room.pool >= state_.pools.size() || room.cores < 0 || state_.pools[room.pool].room == room.cores)
    return;
  record(fact::RoomHeard{.pool = room.pool, .cores = room.cores});
  open_or_close(room.pool);
}

void Broker::hear(const event::Access& asked) {
  record(fact::Asked{.at = now_,
                     .who = asked.who.substr(0, kMostAsked),
                     .what = asked.what.substr(0, kMostAsked),
                     .status = asked.status});
}

void Broker::hear(const event::Pardon& pardon) {
  if (pardon.host >= state_.hosts.size()) return answer(pardon.client, Denial::no_host);
  const HostState& host = state_.hosts[pardon.host];
  if (host.condemned) {
    record(fact::HostPardoned{pardon.host});
    open_or_close(host.pool);
  }
  answer(pardon.client, Denial::none);
}

}  // namespace hinterland
