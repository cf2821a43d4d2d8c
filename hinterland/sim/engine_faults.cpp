// What faults do: pools shrink and grow, runners are stopped, jobs are driven away and placed anew.
#include <algorithm>

#include "hinterland/base/random.hpp"
#include "hinterland/sim/engine.hpp"

namespace hinterland {

namespace {

bool takes_all(FaultKind kind) {
  return kind == FaultKind::site || kind == FaultKind::hub || kind == FaultKind::hazard;
}

// What a fault takes of a pool.
Size loss_of(const Fault& fault, const SimPool& pool) {
  const Size size = pool.size();
  if (takes_all(fault.kind)) return size;
  if (fault.kind == FaultKind::server) return fault.servers * pool.server_size;
  const auto lost = [&](std::int64_t had) {
    return had - static_cast<std::int64_t>(std::floor(fault.left * static_cast<double>(had)));
  };
  return {lost(size.cores), lost(size.gpus), lost(size.memory_gb)};
}

}  // namespace

// What the pool has is what it was built with, less what the active faults take.
template <class Queue>
void Engine<Queue>::set_capacity(PoolIndex pool) {
  const SimPool& built = world_.pools[pool];
  PoolState& state = states_[pool];
  Size left = built.size();
  state.up = true;
  for (std::size_t f = 0; f < world_.faults.size(); ++f) {
    const Fault& fault = world_.faults[f];
    if (!active_[f] || fault.kind == FaultKind::link ||
        std::ranges::find(fault.pools, pool) == fault.pools.end())
      continue;
    left -= loss_of(fault, built);
    if (takes_all(fault.kind)) state.up = false;
  }
  left = {std::max<std::int64_t>(0, left.cores), std::max<std::int64_t>(0, left.gpus),
          std::max<std::int64_t>(0, left.memory_gb)};
  state.free += left - state.total;
  state.total = left;
  // Its share of what it was built with, by the part of which least is left.
  const Size size = built.size();
  const auto units = [&](std::int64_t part, std::int64_t of) {
    return of > 0 ? built.units() * part / of : built.units();
  };
  state.units_total = std::min(
      {units(left.cores, size.cores), units(left.gpus, size.gpus), units(left.memory_gb, size.memory_gb)});
  touch(pool);
}

template <class Queue>
void Engine<Queue>::begin_and_end_faults() {
  if (next_fault_ == fault_events_.size() || fault_events_[next_fault_].first > now_) return;
  for (; next_fault_ < fault_events_.size() && fault_events_[next_fault_].first <= now_; ++next_fault_) {
    const auto [at, event] = fault_events_[next_fault_];
    const std::size_t which = event / 2;
    if (event % 2 == 1) {
      begin_fault(which);
      continue;
    }
    active_[which] = false;
    const Fault& fault = world_.faults[which];
    for (const PoolIndex pool : fault.pools) set_capacity(pool);
    for (const LinkIndex link : fault.links) stager_.set_link(link, 1, now_);
  }
}

template <class Queue>
void Engine<Queue>::place_those_driven_away() {
  while (!again_later_.empty() && again_later_.top().first <= now_) {
    driven_away_.push_back(again_later_.top().second);
    again_later_.pop();
  }
  if (driven_away_.empty()) return;
  std::ranges::sort(driven_away_);
  for (const JobIndex job : std::exchange(driven_away_, {})) {
    if (run_.outcome.several[job] &&
        again_.at(job.value).stopped > world_.groups[world_.jobs.group[job]].retries) {
      run_.outcome.end[job] = JobEnd::lost;
      again_.erase(job.value);
    } else {
      place(job, false);
    }
  }
}

template <class Queue>
void Engine<Queue>::begin_fault(std::size_t which) {
  const Fault& fault = world_.faults[which];
  active_[which] = true;
  for (const LinkIndex link : fault.links) stager_.set_link(link, fault.left, now_);
  for (const PoolIndex pool : fault.pools) {
    if (takes_all(fault.kind)) {
      drive_all_away(pool, fault.kind);
      stager_.forget(pool);
      set_capacity(pool);
    } else if (fault.kind == FaultKind::server) {
      break_servers(which, pool);
    } else {
      set_capacity(pool);
      curtail(pool);
    }
  }
}

template <class Queue>
void Engine<Queue>::stop_by_fault(PoolIndex pool, std::size_t place, FaultKind kind) {
  const Running runner = take_out(pool, place, false);
  const WorkDone work = done_by(runner, pool);
  Again& again = again_of(runner.job, runner);
  record(runner, pool, AttemptEnd::fault, kind, {work.done.ms - work.saved.ms});
  again.kept.ms += work.saved.ms;
  again.run_through();
  ++again.stopped;
  stager_.in_vain(runner.job, pool, world_.own_gb_in(runner.job, pool));
  driven_away_.push_back(runner.job);
}

template <class Queue>
void Engine<Queue>::drive_all_away(PoolIndex pool, FaultKind kind) {
  for (std::size_t place = 0; place < pools_[pool].runners().size(); ++place) {
    if (pools_[pool].at(place).busy) stop_by_fault(pool, place, kind);
  }
  empty_queue(pool);
}

// All who wait there, or are on their way.
template <class Queue>
void Engine<Queue>::empty_queue(PoolIndex pool) {
  const auto leaves = [&](JobIndex job) {
    if (run_.outcome.several[job]) again_.at(job.value).run_through();
    stager_.in_vain(job, pool, world_.own_gb_in(job, pool));
    counts_no_more(job);
    driven_away_.push_back(job);
  };
  for (const Waiting& waiting : pools_[pool].queue.take_all()) leaves(waiting.job);
  std::vector<Coming> stay;
  for (; !coming_.empty(); coming_.pop()) {
    if (coming_.top().pool == pool) {
      leaves(coming_.top().job);
    } else {
      stay.push_back(coming_.top());
    }
  }
  coming_ = decltype(coming_)(std::greater<>{}, std::move(stay));
  std::erase_if(joining_, [&](const Coming& one) {
    if (one.pool != pool) return false;
    leaves(one.job);
    return true;
  });
  std::erase_if(moving_, [&](const auto& moving) {
    if (moving.second != pool) return false;
    const JobIndex job{moving.first};
    not_before_.erase(job.value);
    stager_.call_off(job, pool, now_);
    leaves(job);
    return true;
  });
  states_[pool].queued = 0;
}

// Servers that break take along their share of what runs; whom, the seed decides.
template <class Queue>
void Engine<Queue>::break_servers(std::size_t which, PoolIndex pool) {
  const Fault& fault = world_.faults[which];
  PoolState& state = states_[pool];
  const std::int64_t broken = fault.servers * world_.pools[pool].units_per_server;
  const std::int64_t share =
      state.units_total > 0 ? (broken * state.units_busy + state.units_total - 1) / state.units_total : 0;
  set_capacity(pool);
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  const std::span<const Running> all = pools_[pool].runners();
  for (std::size_t place = 0; place < all.size(); ++place) {
    if (all[place].busy)
      order.emplace_back(
          scrambled(world_.seed ^ scrambled(std::uint64_t{which} << 32U | all[place].job.value)), place);
  }
  std::ranges::sort(order);
  std::int64_t hit = 0;
  for (const auto& [key, place] : order) {
    const bool fits = Size{}.fits_into(state.free);
    if (hit >= share && fits) return;
    hit += world_.sizes[pools_[pool].at(place).size].units;
    stop_by_fault(pool, place, fault.kind);
  }
}

// Those who lose least give way until the rest fits.
template <class Queue>
void Engine<Queue>::curtail(PoolIndex pool) {
  if (Size{}.fits_into(states_[pool].free)) return;
  for (const std::size_t place : victims(runners_of(pool, UINT8_MAX), {}, states_[pool].free))
    stop_by_fault(pool, place, FaultKind::curtailment);
}

template void Engine<FcfsQueue>::begin_and_end_faults();
template void Engine<EasyQueue>::begin_and_end_faults();
template void Engine<PriorityQueue>::begin_and_end_faults();
template void Engine<SimFairQueue>::begin_and_end_faults();
template void Engine<FcfsQueue>::place_those_driven_away();
template void Engine<EasyQueue>::place_those_driven_away();
template void Engine<PriorityQueue>::place_those_driven_away();
template void Engine<SimFairQueue>::place_those_driven_away();
template void Engine<FcfsQueue>::drive_all_away(PoolIndex, FaultKind);
template void Engine<EasyQueue>::drive_all_away(PoolIndex, FaultKind);
template void Engine<PriorityQueue>::drive_all_away(PoolIndex, FaultKind);
template void Engine<SimFairQueue>::drive_all_away(PoolIndex, FaultKind);
template void Engine<FcfsQueue>::empty_queue(PoolIndex);
template void Engine<EasyQueue>::empty_queue(PoolIndex);
template void Engine<PriorityQueue>::empty_queue(PoolIndex);
template void Engine<SimFairQueue>::empty_queue(PoolIndex);

}  // namespace hinterland
