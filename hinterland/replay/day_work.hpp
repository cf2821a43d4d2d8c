// A day in the numbers that a bound needs: the work that somebody pays for, and what pools had and charged, by slots of time.
//
//   work    every attempt that is billed: u units of pool p for r_p, from no earlier than its task arrived until no later than
//           `until` of the task; network: what moving its bytes there costs, in millionths of money
//   rates   of a unit busy for an hour of a slot, in millionths: energy, capacity, carbon, water. Of an hour whose price was said
//           more than once the lowest counts
//   room    unit-hours that a pool has in a slot at most: all of it while it was there, for one that is closed to what begins may
//           still run what began
//
// Slots are parts of an hour, as few as 2,000 of them where that can be, and a minute at least.
#pragma once
#include <functional>
#include <span>
#include <vector>

#include "hinterland/sim/world.hpp"

namespace hinterland {

class DayWork {
 public:
  struct Where {
    PoolIndex pool;
    Duration run;
    double network = 0;
  };
  struct Work {
    std::int64_t units = 0;
    Instant from, until;
    std::uint32_t list = 0;  // of options: all work of one may run in the same pools, if it fits
    std::vector<Where> where;
  };

  // All of them outlive it. `counts`: whose work it is; `done`: whose results were moved; [sim's job].
  DayWork(const SimWorld& world, const std::vector<bool>& counts, const std::vector<bool>& done,
          std::span<const Instant> until);

  void for_each(const std::function<void(const Work&)>& take) const;

  [[nodiscard]] std::size_t pools() const { return world_.pools.size(); }
  [[nodiscard]] Instant begin() const { return begin_; }
  [[nodiscard]] Duration slot() const { return slot_; }
  [[nodiscard]] std::size_t slots() const {
    return slots_;
  }  // a multiple of what the planner looks at together; 0: no work
  [[nodiscard]] const std::vector<double>& rates(std::size_t pool) const { return rates_[pool]; }
  [[nodiscard]] double room(std::size_t slot, std::size_t pool) const { return room_[slot * pools() + pool]; }
  [[nodiscard]] double built(std::size_t pool) const {
    return static_cast<double>(world_.pools[pool].units());
  }
  // Of a bill, that may be anything but nothing.
  [[nodiscard]] int bill_parts() const;

  static constexpr std::size_t kMostSlots =
      87'600;  // ten years of hours: of a longer day there are no rates, and no room

 private:
  void find_slots();
  void find_rates();
  void find_room();
  void find_input_shares();
  [[nodiscard]] double input_money(GroupIndex group, const Option& option) const;

  const SimWorld& world_;
  const std::vector<bool>& counts_;
  const std::vector<bool>& done_;
  std::span<const Instant> until_;
  Instant begin_;
  Duration slot_{kHour};
  std::size_t slots_ = 0;
  std::vector<std::vector<double>> rates_;  // [pool][slot]
  std::vector<double> room_;                // [slot x pools + pool]
  std::vector<std::int64_t> shares_;  // [group]: how many tasks share what its inputs cost; 0: nobody knows
};

}  // namespace hinterland
