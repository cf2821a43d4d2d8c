// How often somebody who may not answer is looked at.
#pragma once
#include <algorithm>
#include <cstdint>

namespace hinterland {

// ms until the next look: longer, the more looks have not been answered, and the longer the last one took; but with an
// answer no later than a quarter of the lease, and without no later than a lease.
inline std::int64_t look_pause(int unheard, std::int64_t took_ms, std::int64_t lease_ms) {
  constexpr std::int64_t least = 1000, most = 30'000;
  if (unheard > 0) return std::clamp(least << std::min(unheard, 6), least, std::clamp(lease_ms, least, most));
  return std::clamp(3 * took_ms, least, std::max(least, lease_ms / 4));
}

}  // namespace hinterland
