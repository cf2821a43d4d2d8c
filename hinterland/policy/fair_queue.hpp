// fair: whose turn is it? A discipline (queues.hpp) for pools that several projects share.
//
//   next    the first job, by priority and then by turn, of the project that was served least for its share
//
// Nobody overtakes it: what does not fit waits until it does, so that large jobs do not starve. Served is what its jobs were
// given in all pools together; where all projects always have work waiting, what each gets tends to its share.
//
// `Shares` says who owns a job, `owner_of(job)`, and who goes first, `before(a, b)`, which must order all owners strictly; a
// start may change the order.
#pragma once
#include <array>
#include <deque>
#include <map>
#include <vector>

#include "hinterland/policy/waiting_line.hpp"

namespace hinterland {

template <class Shares>
class FairQueue {
 public:
  static constexpr std::size_t kLevels = 8;  // priorities 0 to 7; 7 is the highest

  FairQueue(std::span<const Size> sizes, const Shares& shares) : sizes_(sizes), shares_(&shares) {}

  void join(Waiting job) {
    job.turn = turns_++;
    owners_[shares_->owner_of(job.job)][kLevels - 1 - job.priority].push_back(job);
  }
  template <class Room>
  void arrive(const Waiting& job, Instant now, Room& room) {
    join(job);
    pass(now, room);
  }
  template <class Room>
  void pass(Instant, Room& room) {
    while (!owners_.empty()) {
      auto next = owners_.begin();
      for (auto other = std::next(next); other != owners_.end(); ++other) {
        if (shares_->before(other->first, next->first)) next = other;
      }
      Levels& levels = next->second;
      const auto level = std::ranges::find_if(levels, [](const auto& jobs) { return !jobs.empty(); });
      const Waiting head = level->front();
      if (!sizes_[head.size].fits_into(room.free())) return;
      level->pop_front();
      if (std::ranges::all_of(levels, [](const auto& jobs) { return jobs.empty(); })) owners_.erase(next);
      room.start(head);
    }
  }
  void began(std::uint64_t, const Size&) {}
  void ended(std::uint64_t) {}
  std::vector<Waiting> take_all() {
    std::vector<Waiting> all;
    for (const auto& [owner, levels] : owners_) {
      for (const auto& jobs : levels) all.insert(all.end(), jobs.begin(), jobs.end());
    }
    std::ranges::sort(all, {}, &Waiting::turn);
    owners_.clear();
    return all;
  }

 private:
  using Levels = std::array<std::deque<Waiting>, kLevels>;  // from the highest priority to the lowest

  std::span<const Size> sizes_;
  const Shares* shares_;
  std::map<std::size_t, Levels> owners_;  // who has a job that waits
  std::uint64_t turns_ = 0;
};

}  // namespace hinterland
