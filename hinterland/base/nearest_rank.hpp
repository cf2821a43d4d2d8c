// A quantile by nearest rank: of n sorted values the ceil(q n)-th, so always one of them.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace hinterland {

// Requires a value, sorted values, and 0 <= q <= 1.
inline double nearest_rank(const std::vector<double>& sorted, double q) {
  const auto n = static_cast<double>(sorted.size());
  return sorted[static_cast<std::size_t>(std::clamp(std::ceil(q * n), 1.0, n)) - 1];
}

}  // namespace hinterland
