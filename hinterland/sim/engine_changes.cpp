// What was recorded of pools, as it happens (pool_change.hpp).
#include <algorithm>

#include "hinterland/sim/engine.hpp"

namespace hinterland {

template <class Queue>
void Engine<Queue>::make_changes() {
  for (; next_change_ < world_.changes.size() && world_.changes[next_change_].at <= now_; ++next_change_) {
    const PoolChange& change = world_.changes[next_change_];
    const PoolIndex pool = change.pool;
    switch (change.kind) {
      case PoolChange::Kind::capacity: open_or_close(change); break;
      case PoolChange::Kind::empties: empty_queue(pool); break;
      case PoolChange::Kind::silent: silent_[pool] = true; break;
      case PoolChange::Kind::lost:
        silent_[pool] = false;
        drive_all_away(pool, FaultKind::site);
        break;
      case PoolChange::Kind::warned: warned_from_[pool] = change.until; break;
      case PoolChange::Kind::prices:
        take_news(prices_[pool], change.prices, now_);
        if (forecast_.empty()) forecast_ = world_.forecast;
        forecast_[pool] = with_prices(world_.forecast[pool], prices_[pool]);
        break;
    }
    retime(pool);
    // News of prices and silence are no reason to look who may begin.
    if (change.kind != PoolChange::Kind::prices && change.kind != PoolChange::Kind::silent) touch(pool);
  }
}

// Whoever waits for a pool that is not up looks again when another opens.
template <class Queue>
void Engine<Queue>::open_or_close(const PoolChange& change) {
  PoolState& state = states_[change.pool];
  const bool opens = change.up && !state.up;
  state.free += change.total - state.total;
  state.total = change.total;
  state.units_total = change.units_total;
  state.up = change.up;
  built_[change.pool] = change.built;
  if (!opens) return;
  for (std::size_t other = 0; other < states_.size(); ++other) {
    if (!states_[other].up) empty_queue(PoolIndex{other});
  }
}

// Of those that are large enough, those where it would end before the pool may go, if there are such.
template <class Queue>
void Engine<Queue>::drop_those_warned_of(const Ask& ask) {
  const auto ends_too_late = [&](const Option& option) {
    return ask.now + ask.request > warned_from_[option.pool];
  };
  if (!std::ranges::all_of(fitting_, ends_too_late)) std::erase_if(fitting_, ends_too_late);
}

template void Engine<FcfsQueue>::make_changes();
template void Engine<EasyQueue>::make_changes();
template void Engine<PriorityQueue>::make_changes();
template void Engine<SimFairQueue>::make_changes();
template void Engine<FcfsQueue>::drop_those_warned_of(const Ask&);
template void Engine<EasyQueue>::drop_those_warned_of(const Ask&);
template void Engine<PriorityQueue>::drop_those_warned_of(const Ask&);
template void Engine<SimFairQueue>::drop_those_warned_of(const Ask&);

}  // namespace hinterland
