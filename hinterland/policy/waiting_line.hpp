// Waiting jobs of one size in the order in which they came, with the least request among them.
//
// A tree of least requests over the line answers "the first whose request fits into a window" in O(log n), however long
// the line is. Space that left jobs hold is given back when the line is packed anew.
#pragma once
#include <algorithm>
#include <cstdint>
#include <vector>

#include "hinterland/policy/view.hpp"

namespace hinterland {

// A job that waits in a queue. `turn` grows with each that joins: the order in which they came.
struct Waiting {
  JobIndex job;
  SizeIndex size;
  std::uint8_t priority = 0;
  Duration request;  // for how long it would hold its place, as asked for
  std::uint64_t turn = 0;
};

class WaitingLine {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] const Waiting& first() const { return jobs_[head_]; }  // requires !empty()
  [[nodiscard]] std::size_t first_slot() const { return head_; }
  [[nodiscard]] const Waiting& at(std::size_t slot) const { return jobs_[slot]; }
  [[nodiscard]] Duration least_request() const { return {least_[1]}; }

  void push(const Waiting& job) {
    if (tail_ == capacity_) pack();
    jobs_[tail_] = job;
    set(tail_++, job.request.ms);
    ++count_;
  }

  // The slot of the first whose request is no longer than `window`. Requires least_request() <= window.
  [[nodiscard]] std::size_t first_within(Duration window) const {
    std::size_t node = 1;
    while (node < capacity_) node = least_[2 * node] <= window.ms ? 2 * node : 2 * node + 1;
    return node - capacity_;
  }

  void remove(std::size_t slot) {
    set(slot, kGone);
    --count_;
    if (count_ == 0) {
      head_ = tail_ = 0;
    } else {
      while (least_[capacity_ + head_] == kGone) ++head_;
    }
  }

  // Appends all jobs, in order, to `out`.
  void copy_to(std::vector<Waiting>& out) const {
    for (std::size_t slot = head_; slot < tail_; ++slot) {
      if (least_[capacity_ + slot] != kGone) out.push_back(jobs_[slot]);
    }
  }

 private:
  static constexpr std::int64_t kGone = INT64_MAX;

  void set(std::size_t slot, std::int64_t request) {
    std::size_t node = capacity_ + slot;
    least_[node] = request;
    while (node > 1) {
      const std::int64_t least = std::min(least_[node], least_[node ^ 1]);
      node >>= 1;
      if (least_[node] == least) break;
      least_[node] = least;
    }
  }

  // Drops the holes; grows if more than half is in use.
  void pack() {
    std::vector<Waiting> keep;
    keep.reserve(count_);
    copy_to(keep);
    if (2 * keep.size() >= capacity_) capacity_ *= 2;
    least_.assign(2 * capacity_, kGone);
    jobs_.assign(capacity_, {});
    head_ = 0;
    tail_ = keep.size();
    for (std::size_t slot = 0; slot < keep.size(); ++slot) {
      jobs_[slot] = keep[slot];
      least_[capacity_ + slot] = keep[slot].request.ms;
    }
    for (std::size_t node = capacity_ - 1; node >= 1; --node)
      least_[node] = std::min(least_[2 * node], least_[2 * node + 1]);
  }

  std::size_t capacity_ = 16, head_ = 0, tail_ = 0, count_ = 0;
  std::vector<std::int64_t> least_ = std::vector<std::int64_t>(32, kGone);
  std::vector<Waiting> jobs_ = std::vector<Waiting>(16);
};

}  // namespace hinterland
