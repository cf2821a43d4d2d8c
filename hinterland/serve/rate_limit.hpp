// How often somebody may ask: a bucket that fills at `per_s` up to `burst`, and from which each request takes one.
#pragma once
#include <algorithm>
#include <cstdint>

namespace hinterland {

class RateLimit {
 public:
  constexpr RateLimit(double per_s, double burst) : per_ms_(per_s / 1000), burst_(burst), left_(burst) {}
  // Milliseconds of any clock that does not go back.
  constexpr bool take(std::int64_t now_ms) {
    left_ = std::min(burst_, left_ + static_cast<double>(now_ms - last_ms_) * per_ms_);
    last_ms_ = now_ms;
    if (left_ < 1) return false;
    left_ -= 1;
    return true;
  }
  // Nothing was taken for so long that it is as if new.
  [[nodiscard]] constexpr bool is_full(std::int64_t now_ms) const {
    return left_ + static_cast<double>(now_ms - last_ms_) * per_ms_ >= burst_;
  }

 private:
  double per_ms_, burst_, left_;
  std::int64_t last_ms_ = 0;
};

}  // namespace hinterland
