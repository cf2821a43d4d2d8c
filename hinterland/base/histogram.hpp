// Counts of whole numbers from 0 to 2^62 in buckets that grow with them: quantiles of millions of values in 3 KB.
//
// 16 buckets to each doubling: a bucket's bounds are 1/16 apart, so a quantile, given as the middle of its bucket, is within
// 1/32 of the value it stands for; below 32 it is exact. Counts add up exactly.
#pragma once
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace hinterland {

class Histogram {
 public:
  // Requires value >= 0.
  void add(std::int64_t value, std::int64_t times = 1) {
    const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(value));
    if (bucket >= counts_.size()) counts_.resize(bucket + 1);
    counts_[bucket] += times;
    count_ += times;
    sum_ += static_cast<double>(value) * static_cast<double>(times);
  }
  Histogram& operator+=(const Histogram& more) {
    counts_.resize(std::max(counts_.size(), more.counts_.size()));
    for (std::size_t i = 0; i < more.counts_.size(); ++i) counts_[i] += more.counts_[i];
    count_ += more.count_;
    sum_ += more.sum_;
    return *this;
  }

  [[nodiscard]] std::int64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }

  // The ceil(q n)-th smallest (nearest rank), as the middle of its bucket; 0 if nothing was counted. Requires 0 <= q <= 1.
  [[nodiscard]] double quantile(double q) const {
    const auto n = static_cast<double>(count_);
    const auto rank = static_cast<std::int64_t>(std::clamp(std::ceil(q * n), 1.0, std::max(1.0, n)));
    std::int64_t seen = 0;
    for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
      seen += counts_[bucket];
      if (seen >= rank) return middle_of(bucket);
    }
    return 0;
  }

 private:
  static constexpr unsigned kBits = 4;  // 16 buckets a doubling

  // Below 32 each number has its own; above, the four bits behind the highest one tell.
  static std::size_t bucket_of(std::uint64_t value) {
    if (value < (2U << kBits)) return value;
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - kBits - 1;
    return (std::size_t{shift} << kBits) + static_cast<std::size_t>(value >> shift);
  }
  static double middle_of(std::size_t bucket) {
    if (bucket < (2U << kBits)) return static_cast<double>(bucket);
    const std::size_t shift = (bucket >> kBits) - 1;
    const double low = std::ldexp(static_cast<double>(bucket - (shift << kBits)), static_cast<int>(shift));
    return low + (std::ldexp(1, static_cast<int>(shift)) - 1) / 2;
  }

  std::vector<std::int64_t> counts_;
  std::int64_t count_ = 0;
  double sum_ = 0;
};

}  // namespace hinterland
