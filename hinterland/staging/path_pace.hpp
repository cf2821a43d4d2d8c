// How fast bytes may go over a path, whoever sends them: a bucket of tokens, one a byte.
//
//   tokens(t) = min(burst, tokens(t0) + rate (t - t0))      in any stretch of time T at most  burst + rate T  bytes go
//
// Whoever takes more than is there has them now and the path waits for them to come in: so no call is refused for ever for being
// large, and a stretch never has more than that and the largest single call. Senders that take equal parts in turn share it
// equally. No clock: times are the caller's.
#pragma once
#include <algorithm>
#include <cstdint>

namespace hinterland {

class PathPace {
 public:
  PathPace() = default;  // no bound
  // Requires rate > 0 and burst >= 0.
  PathPace(double bytes_per_s, double burst) : rate_(bytes_per_s), burst_(burst), tokens_(burst) {}

  // ms from `now` until the next part may go; 0: now.
  std::int64_t wait(std::int64_t now_ms) {
    if (rate_ <= 0) return 0;
    fill(now_ms);
    if (tokens_ >= 0) return 0;
    constexpr double ms_per_s = 1000;
    return static_cast<std::int64_t>(-tokens_ * ms_per_s / rate_) + 1;
  }
  void take(std::int64_t now_ms, std::uint64_t bytes) {
    if (rate_ <= 0) return;
    fill(now_ms);
    tokens_ -= static_cast<double>(bytes);
  }
  [[nodiscard]] double bytes_per_s() const { return rate_; }  // 0: no bound

 private:
  // A clock that goes back brings nothing.
  void fill(std::int64_t now_ms) {
    constexpr double ms_per_s = 1000;
    if (!begun_) last_ms_ = now_ms;
    begun_ = true;
    const std::int64_t passed = std::max<std::int64_t>(0, now_ms - last_ms_);
    tokens_ = std::min(burst_, tokens_ + rate_ * static_cast<double>(passed) / ms_per_s);
    last_ms_ = std::max(last_ms_, now_ms);
  }

  double rate_ = 0, burst_ = 0, tokens_ = 0;
  std::int64_t last_ms_ = 0;
  bool begun_ = false;
};

}  // namespace hinterland
