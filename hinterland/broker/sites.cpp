// What becomes of pools: they go, come back, are drained, fall silent.
#include <algorithm>

#include "hinterland/broker/broker.hpp"

namespace hinterland {

Instant Broker::lost_from(const PoolFacts& pool) const {
  const Duration granted = lease_end() - now_;
  return pool.lease_until + Duration{std::max<std::int64_t>(0, world_.rules.lost_after.ms - granted.ms)};
}

void Broker::watch_leases() {
  for (std::size_t p = 0; p < state_.pools.size(); ++p) {
    const PoolIndex pool{p};
    const PoolFacts& facts = state_.pools[p];
    if (!facts.lost && lost_from(facts) <= now_) {
      end_all(pool, Cause::lost, fact::PoolLost{pool});
    } else if (facts.warned_from <= now_ && pools_.states()[p].up) {
      empty_queue(pool);
    }
  }
}

// The reason comes last: if a crash keeps only the first of these facts, the rest is found due again.
void Broker::end_all(PoolIndex pool, Cause cause, Fact reason) {
  std::vector<AttemptId> there;
  for (const auto& [id, attempt] : state_.attempts) {
    if (attempt.pool == pool) there.push_back(id);
  }
  for (const AttemptId id : there) finish(id, {.cause = cause});
  record(std::move(reason));
  empty_queue(pool);
}

void Broker::empty_queue(PoolIndex pool) {
  for (const TaskIndex task : pools_.take_all(pool)) {
    if (state_.tasks[task].phase != TaskPhase::waiting) continue;  // cancelled or held in this step
    record(fact::Unplaced{task});
    free_task(task, true);
  }
  leaving_.erase(pool);
  pools_.set_capacity(pool, now_);
}

void Broker::hear(const event::SiteDown& site) {
  if (state_.pools[site.pool].down == site.down) return;
  if (site.down) {
    end_all(site.pool, Cause::site_failed, fact::DownSet{site.pool, true});
  } else {
    record(fact::DownSet{site.pool, false});
    pools_.set_capacity(site.pool, now_);
  }
}

void Broker::hear(const event::Warning& warning) {
  record(fact::Warned{warning.pool, warning.from});
  empty_queue(warning.pool);
}

void Broker::hear(const event::Drain& drain) {
  if (drain.pool >= state_.pools.size()) return answer(drain.client, Denial::no_pool);
  record(fact::DrainSet{drain.pool, drain.on});
  if (drain.on) {
    empty_queue(drain.pool);
  } else {
    pools_.set_capacity(drain.pool, now_);
  }
  answer(drain.client, Denial::none);
}

}  // namespace hinterland
