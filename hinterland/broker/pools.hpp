// The pools as they stand: who waits where, who runs, what is free. Worked out from State, and kept beside it as it
// changes; none of it is durable, and Pools(world, state, now) gives the same again.
#pragma once
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "hinterland/broker/state.hpp"
#include "hinterland/broker/world.hpp"
#include "hinterland/policy/fair_queue.hpp"
#include "hinterland/policy/fair_share.hpp"
#include "hinterland/policy/queues.hpp"

namespace hinterland {

// Who was served least for its share (FairQueue).
struct ProjectShares {
  const State* state;
  [[nodiscard]] std::size_t owner_of(TaskIndex task) const { return state->job_of(task).project; }
  [[nodiscard]] bool before(std::size_t a, std::size_t b) const {
    return is_served_before(state->projects, a, b);
  }
};

// What a pool has, by what is known of it.
struct PoolCapacity {
  Size built;  // of what it was built with, less the hosts that were condemned: what a job is held against
  Size total;  // of it, for what begins now
  std::int64_t units = 0;
  bool up = false;
};
PoolCapacity capacity_of(const Size& size, const Size& server, std::int64_t units, const PoolFacts& facts,
                         Instant now);

class Pools {
 public:
  Pools(const BrokerWorld& world, const State& state, Instant now);

  [[nodiscard]] std::span<const PoolState> states() const { return states_; }
  [[nodiscard]] View view(std::span<const UnitRates> forecast) const {
    return {.pools = states_, .forecast = forecast, .scarcity = world_.scarcity};
  }

  // The index of a size, as queues know it; nullopt when there are too many different ones.
  std::optional<SizeIndex> size_index(const NewSize& size);

  // The task was placed: its work is expected. It joins its queue now, or when its time has come (take_due).
  void expect(TaskIndex task);
  void join(TaskIndex task);
  void later(TaskIndex task, Instant at) { coming_.emplace(at, task); }
  // Those whose time has come, in their order.
  std::vector<TaskIndex> take_due(Instant now);
  [[nodiscard]] Instant next_due() const { return coming_.empty() ? kNever : coming_.begin()->first; }

  // Takes out all that wait for the pool, to be placed anew.
  std::vector<TaskIndex> take_all(PoolIndex pool);
  // Some of its tasks do not wait any more: they are taken out, and the others keep their order.
  void drop_departed(PoolIndex pool);

  // `start(task)` is called for each that may begin; it must answer with began().
  template <class Start>
  void arrive(TaskIndex task, Instant now, Start start) {
    with_room(state_.tasks[task].pool, start,
              [&](auto& queue, auto& room) { queue.arrive(waiting(task), now, room); });
  }
  template <class Start>
  void pass(Instant now, Start start) {
    for (const PoolIndex pool : std::exchange(touched_, {}))
      with_room(pool, start, [&](auto& queue, auto& room) { queue.pass(now, room); });
  }
  void began(AttemptId id, const AttemptState& attempt);
  // Before the fact, while the attempt still has its size.
  void ended(AttemptId id, const AttemptState& attempt);

  // What it was built with, less the hosts that were condemned.
  [[nodiscard]] Size built(PoolIndex pool) const;
  // Reads what the state says of the pool's capacity.
  void set_capacity(PoolIndex pool, Instant now);
  void touch(PoolIndex pool) { touched_.insert(pool); }

  // For tests: whether a rebuilt one would be the same.
  [[nodiscard]] std::string difference(const Pools& other) const;

 private:
  using Queue = std::variant<FcfsQueue, EasyQueue, PriorityQueue, FairQueue<ProjectShares>>;
  template <class Start>
  struct Room {
    Pools& pools;
    PoolIndex pool;
    Start& start_task;
    [[nodiscard]] const Size& free() const { return pools.states_[pool].free; }
    void start(const Waiting& job) {
      pools.states_[pool].queued -= pools.units_[job.size] * job.request.ms;
      start_task(job.job);
    }
    // A broker's attempts do not give way: they would hold their place until their executor has said that they are
    // gone.
    [[nodiscard]] static std::vector<Runner> runners(std::uint8_t, Instant) { return {}; }
    static void preempt(std::size_t) {}
  };
  template <class Start, class F>
  void with_room(PoolIndex pool, Start& start, F f) {
    Room<Start> room{*this, pool, start};
    std::visit([&](auto& queue) { f(queue, room); }, queues_[pool]);
  }
  [[nodiscard]] Queue empty_queue() const;
  [[nodiscard]] bool still_comes(Instant at, TaskIndex task) const;
  Waiting waiting(TaskIndex task);

  static constexpr std::size_t kMostSizes = 4096;

  const BrokerWorld& world_;
  const State& state_;
  ProjectShares shares_;
  std::vector<Size> sizes_;  // kMostSizes of them, so that the queues' view of it stays
  std::vector<std::int64_t> units_;
  std::map<std::array<std::int64_t, 4>, SizeIndex> known_sizes_;
  std::vector<PoolState> states_;
  std::vector<Queue> queues_;
  std::set<std::pair<Instant, TaskIndex>> coming_;     // when its time comes
  std::vector<std::vector<std::size_t>> free_places_;  // by pool
  std::vector<std::size_t> places_;                    // by pool: how many there are
  std::map<AttemptId, std::size_t> place_of_;
  std::set<PoolIndex> touched_;
};

}  // namespace hinterland
