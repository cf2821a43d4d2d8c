#include "hinterland/broker/pools.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hinterland {

Pools::Pools(const BrokerWorld& world, const State& state, Instant now)
    : world_(world),
      state_(state),
      shares_{&state},
      sizes_(kMostSizes),
      free_places_(world.pools.size()),
      places_(world.pools.size()) {
  for (std::size_t p = 0; p < world.pools.size(); ++p) {
    const PoolIndex pool{p};
    states_.push_back({.total = {}, .free = {}});
    queues_.push_back(empty_queue());
    set_capacity(pool, now);
  }
  for (const auto& [id, attempt] : state.attempts) began(id, attempt);
  std::vector<TaskIndex> expected;
  for (std::size_t t = 0; t < state.tasks.size(); ++t) {
    if (state.tasks[t].phase == TaskPhase::waiting) expected.push_back(TaskIndex{t});
  }
  std::ranges::sort(expected, {}, [&](TaskIndex task) { return state.tasks[task].turn; });
  for (const TaskIndex task : expected) {
    expect(task);
    if (state.tasks[task].not_before > now) {
      later(task, state.tasks[task].not_before);
    } else {
      join(task);
    }
  }
}

Pools::Queue Pools::empty_queue() const {
  switch (world_.queue) {
    case QueueRule::fcfs: return FcfsQueue(sizes_);
    case QueueRule::easy: return EasyQueue(sizes_);
    case QueueRule::priority: return PriorityQueue(sizes_);
    case QueueRule::fair: break;
  }
  return FairQueue<ProjectShares>(sizes_, shares_);
}

std::optional<SizeIndex> Pools::size_index(const NewSize& size) {
  const std::array key{size.size.cores, size.size.gpus, size.size.memory_gb, size.units};
  const auto found = known_sizes_.find(key);
  if (found != known_sizes_.end()) return found->second;
  if (units_.size() == kMostSizes) return std::nullopt;
  const SizeIndex index{units_.size()};
  sizes_[index] = size.size;
  units_.push_back(size.units);
  known_sizes_.emplace(key, index);
  return index;
}

Waiting Pools::waiting(TaskIndex task) {
  const JobState& job = state_.job_of(task);
  return {.job = task,
          .size = *size_index(state_.size_of(task)),
          .priority = job.priority,
          .request = job.request};
}

void Pools::expect(TaskIndex task) {
  const Waiting one = waiting(task);
  states_[state_.tasks[task].pool].queued += units_[one.size] * one.request.ms;
}

void Pools::join(TaskIndex task) {
  const PoolIndex pool = state_.tasks[task].pool;
  std::visit([&](auto& queue) { queue.join(waiting(task)); }, queues_[pool]);
  touch(pool);
}

// A task may have left, and come back for another time or pool, since it was put on the list.
bool Pools::still_comes(Instant at, TaskIndex task) const {
  const TaskState& state = state_.tasks[task];
  return state.phase == TaskPhase::waiting && state.not_before == at;
}

std::vector<TaskIndex> Pools::take_due(Instant now) {
  std::vector<TaskIndex> due;
  while (!coming_.empty() && coming_.begin()->first <= now) {
    const auto [at, task] = *coming_.begin();
    coming_.erase(coming_.begin());
    if (still_comes(at, task)) due.push_back(task);
  }
  std::ranges::sort(due);
  return due;
}

std::vector<TaskIndex> Pools::take_all(PoolIndex pool) {
  drop_departed(pool);
  std::vector<TaskIndex> all;
  for (const Waiting& one : std::visit([](auto& queue) { return queue.take_all(); }, queues_[pool]))
    all.push_back(one.job);
  std::erase_if(coming_, [&](const auto& one) {
    if (state_.tasks[one.second].pool != pool) return false;
    all.push_back(one.second);
    return true;
  });
  states_[pool].queued = 0;
  std::ranges::sort(all);
  return all;
}

void Pools::drop_departed(PoolIndex pool) {
  states_[pool].queued = 0;
  for (const Waiting& one : std::visit([](auto& queue) { return queue.take_all(); }, queues_[pool])) {
    if (state_.tasks[one.job].phase != TaskPhase::waiting) continue;
    std::visit([&](auto& queue) { queue.join(one); }, queues_[pool]);
    expect(one.job);
  }
  std::erase_if(coming_, [&](const auto& one) { return !still_comes(one.first, one.second); });
  for (const auto& [at, task] : coming_) {
    if (state_.tasks[task].pool == pool) expect(task);
  }
  touch(pool);
}

void Pools::began(AttemptId id, const AttemptState& attempt) {
  auto& free = free_places_[attempt.pool];
  if (free.empty()) free.push_back(places_[attempt.pool]++);
  const std::size_t place = free.back();
  free.pop_back();
  place_of_.emplace(id, place);
  const NewSize size = state_.size_of(attempt.task);
  PoolState& pool = states_[attempt.pool];
  pool.free -= size.size;
  pool.units_busy += size.units;
  pool.due += size.units * (attempt.due.ms / 1000);
  std::visit([&](auto& queue) { queue.began(DueTimes::key(attempt.due, place), size.size); },
             queues_[attempt.pool]);
}

void Pools::ended(AttemptId id, const AttemptState& attempt) {
  const std::size_t place = place_of_.extract(id).mapped();
  free_places_[attempt.pool].push_back(place);
  const NewSize size = state_.size_of(attempt.task);
  PoolState& pool = states_[attempt.pool];
  pool.free += size.size;
  pool.units_busy -= size.units;
  pool.due -= size.units * (attempt.due.ms / 1000);
  std::visit([&](auto& queue) { queue.ended(DueTimes::key(attempt.due, place)); }, queues_[attempt.pool]);
  touch(attempt.pool);
}

PoolCapacity capacity_of(const Size& size, const Size& server, std::int64_t units, const PoolFacts& facts,
                         Instant now) {
  const Size left = size - static_cast<std::int64_t>(facts.condemned_hosts) * server;
  PoolCapacity out;
  out.built = {std::max<std::int64_t>(0, left.cores), std::max<std::int64_t>(0, left.gpus),
               std::max<std::int64_t>(0, left.memory_gb)};
  const bool open = !facts.lost && !facts.down && !facts.drained && facts.warned_from > now;
  if (open) out.total = out.built;
  out.total.cores = std::min(out.total.cores, facts.room);
  const auto share = [&](std::int64_t part, std::int64_t of) { return of > 0 ? units * part / of : units; };
  if (open)
    out.units = std::min({share(out.total.cores, size.cores), share(out.total.gpus, size.gpus),
                          share(out.total.memory_gb, size.memory_gb)});
  out.up = open && out.units > 0;
  return out;
}

Size Pools::built(PoolIndex pool) const {
  const BrokerPool& all = world_.pools[pool];
  return capacity_of(all.size, all.server, all.units, state_.pools[pool], state_.latest).built;
}

void Pools::set_capacity(PoolIndex pool, Instant now) {
  const BrokerPool& all = world_.pools[pool];
  const PoolCapacity now_has = capacity_of(all.size, all.server, all.units, state_.pools[pool], now);
  PoolState& state = states_[pool];
  state.free += now_has.total - state.total;
  state.total = now_has.total;
  state.units_total = now_has.units;
  state.up = now_has.up;
  touch(pool);
}

std::string Pools::difference(const Pools& other) const {
  for (std::size_t p = 0; p < states_.size(); ++p) {
    const PoolState &a = states_[p], &b = other.states_[p];
    if (a.total != b.total || a.free != b.free || a.units_total != b.units_total ||
        a.units_busy != b.units_busy || a.due != b.due || a.queued != b.queued || a.up != b.up)
      return fmt::format("pool {}: free {} and {} cores, {} and {} unit-ms queued, {} and {} units busy", p,
                         a.free.cores, b.free.cores, a.queued, b.queued, a.units_busy, b.units_busy);
    auto mine = queues_[p], theirs = other.queues_[p];
    const auto tasks = [](auto& queues) {
      std::vector<TaskIndex> out;
      for (const Waiting& one : std::visit([](auto& queue) { return queue.take_all(); }, queues))
        out.push_back(one.job);
      return out;
    };
    if (tasks(mine) != tasks(theirs)) return fmt::format("pool {}: other tasks wait, or in another order", p);
  }
  if (coming_ != other.coming_) return "other tasks are still to come";
  return "";
}

}  // namespace hinterland
