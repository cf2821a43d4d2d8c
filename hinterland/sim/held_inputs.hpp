// Inputs that move once a job has its place, as a broker moves them (ADR 22): all jobs of a group read the same, and it moves
// to a pool once.
//
//   the first job of a group that begins in a pool has the group's inputs moved there, and pays; who comes while they move waits
//   for the same bytes, and who comes later finds them there
//   what moves to one pool at one time shares its path evenly: each of n gets input_bytes_per_s / n
//   a pool without a path has none of this: what a job reads is then a part of its own data, and takes no time
//   if nobody waits for them any more they stop, and go on from there when somebody does
//
// V(t), what each that moves has got since the beginning, grows by rate / n: a transfer that begins at V with b bytes to go ends
// when V + b is reached, so whoever comes or goes changes nothing but the slope.
//
// Ends are rounded up to whole milliseconds. Nothing is forgotten: what has been moved to a pool is taken to stay.
// Not modelled: several inputs of one group that come one by one, what two groups have in common, how many a broker moves at once.
#pragma once
#include <span>
#include <vector>

#include "hinterland/sim/stager.hpp"
#include "hinterland/sim/world.hpp"

namespace hinterland {

class HeldInputs {
 public:
  explicit HeldInputs(const SimWorld& world);

  struct Waiter {
    PoolIndex pool;
    std::size_t place = 0;
    JobIndex job;
  };

  // A job begins in that place. True: all that it reads is there; else arrived() will tell.
  bool begin(const Waiter& waiter, Instant now);
  // A job that waits for inputs is stopped. `billed`: it pays for what has moved for it.
  void stop(PoolIndex pool, std::size_t place, JobIndex job, bool billed, Instant now);

  [[nodiscard]] Instant next_end() const;
  // Those whose inputs are there by `now`, by pool and in the order in which they began.
  std::vector<Waiter> arrived(Instant now);

  // By pool when a group's inputs are there, once they were moved anywhere (Ask::shared_there); empty: nobody knows yet, or
  // it has none.
  std::span<const Instant> there(GroupIndex group, Instant now);

  // What moved, and for whom; of jobs that do not pay for it too.
  [[nodiscard]] const std::vector<ExtraMove>& moves() const { return moves_; }
  [[nodiscard]] const std::vector<ExtraMove>& unbilled() const { return unbilled_; }

 private:
  static constexpr double kThere = -1;
  struct Moving {
    GroupIndex group;
    double ends_at = 0;  // V
    double begun_with = 0;
    std::vector<Waiter> waiters;  // the first pays
  };
  struct Path {
    double bytes_per_ms = 0;
    double got = 0;  // V(since)
    Instant since;
    std::vector<Moving> moving;
    [[nodiscard]] double got_by(Instant now) const;
    [[nodiscard]] Instant next_end() const;
  };

  void settle(Path& path, Instant now);
  void count(const Moving& moving, double left, bool billed);
  double& left(GroupIndex group, PoolIndex pool) { return left_[group * paths_.size() + pool]; }

  const SimWorld& world_;
  std::vector<Path> paths_;  // by pool
  std::vector<double>
      left_;  // [group x pools + pool] bytes that have yet to move; kThere: all was there, or has come
  std::vector<bool> known_;  // by group
  std::vector<Instant> there_;
  std::vector<ExtraMove> moves_, unbilled_;
};

}  // namespace hinterland
