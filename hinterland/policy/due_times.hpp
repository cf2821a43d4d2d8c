// What runs in a pool, by requested end, with the size that each gives back: when will there be room for a job?
//
//   shadow = least due time T with  need fits into  free + (all that is due by T)
//   extra  = free + (all that is due by T) - need            all that are due at T itself included
//
// Short sorted blocks with their sums: O(sqrt n) to insert, erase and answer, and one straight block of memory where fewer
// than 128 jobs run.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hinterland/policy/view.hpp"

namespace hinterland {

class DueTimes {
 public:
  // Distinguishes what is due at one time; `place` is the runner's place in its pool, below 2^20.
  static std::uint64_t key(Instant due, std::uint64_t place) {
    return static_cast<std::uint64_t>(due.ms) << 20 | place;
  }
  static Instant time(std::uint64_t key) { return {static_cast<std::int64_t>(key >> 20)}; }

  void insert(std::uint64_t key, const Size& size) {
    if (blocks_.empty()) blocks_.emplace_back();
    const std::size_t place = find(key);
    Block& block = blocks_[place];
    block.entries.insert(std::ranges::lower_bound(block.entries, key, {}, &Entry::key), {key, size});
    block.sum += size;
    block.last = block.entries.back().key;
    if (block.entries.size() == kMost) split(place);
  }

  void erase(std::uint64_t key) {  // requires that it is there
    const std::size_t place = find(key);
    Block& block = blocks_[place];
    const auto found = std::ranges::lower_bound(block.entries, key, {}, &Entry::key);
    block.sum -= found->size;
    block.entries.erase(found);
    if (block.entries.empty()) {
      blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(place));
    } else {
      block.last = block.entries.back().key;
    }
  }

  struct Promise {
    Instant shadow = kNever;  // kNever: not even when all that runs has ended
    Size extra;
  };
  [[nodiscard]] Promise promise(Size free, const Size& need) const {
    std::size_t place = 0;
    while (place < blocks_.size() && !need.fits_into(free + blocks_[place].sum)) free += blocks_[place++].sum;
    if (place == blocks_.size()) return {};
    std::size_t entry = 0;
    while (!need.fits_into(free + blocks_[place].entries[entry].size))
      free += blocks_[place].entries[entry++].size;
    const Instant shadow = time(blocks_[place].entries[entry].key);
    for (; place < blocks_.size(); ++place, entry = 0) {
      const Block& block = blocks_[place];
      for (; entry < block.entries.size(); ++entry) {
        if (time(block.entries[entry].key) != shadow) return {shadow, free - need};
        free += block.entries[entry].size;
      }
    }
    return {shadow, free - need};
  }

 private:
  static constexpr std::size_t kMost = 128;
  struct Entry {
    std::uint64_t key = 0;
    Size size;
  };
  struct Block {
    std::uint64_t last = 0;
    Size sum;
    std::vector<Entry> entries;
  };

  [[nodiscard]] std::size_t find(std::uint64_t key) const {
    std::size_t place = 0;
    while (place + 1 < blocks_.size() && blocks_[place].last < key) ++place;
    return place;
  }

  void split(std::size_t place) {
    Block upper;
    Block& lower = blocks_[place];
    upper.entries.reserve(kMost);
    upper.entries.assign(lower.entries.begin() + kMost / 2, lower.entries.end());
    upper.last = lower.last;
    for (const Entry& entry : upper.entries) upper.sum += entry.size;
    lower.entries.resize(kMost / 2);
    lower.sum -= upper.sum;
    lower.last = lower.entries.back().key;
    blocks_.insert(blocks_.begin() + static_cast<std::ptrdiff_t>(place) + 1, std::move(upper));
  }

  std::vector<Block> blocks_;
};

}  // namespace hinterland
