// What a list of values says in one figure: its mean and its quantiles, by two rules.
//
//   quantile       linear between neighbours: of n sorted values x[0..n-1], at rank r = q (n - 1)
//                  x[floor r] + (r - floor r) (x[floor r + 1] - x[floor r])        (Hyndman and Fan 1996, type 7)
//   nearest_rank   the ceil(q n)-th of n sorted values, so always one of them
//
// All require a value, and 0 <= q <= 1.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

namespace hinterland {

inline double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

inline double quantile_of_sorted(const std::vector<double>& sorted, double q) {
  const double rank = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (rank - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// Of values in any order; for one or two quantiles faster than to sort them.
inline double quantile(std::vector<double> values, double q) {
  const auto below = static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  const auto at = values.begin() + below;
  std::nth_element(values.begin(), at, values.end());
  // Its neighbour is the least of those behind it. That is all the order that is read.
  if (at + 1 != values.end()) std::iter_swap(at + 1, std::min_element(at + 1, values.end()));
  return quantile_of_sorted(values, q);
}

inline double nearest_rank(const std::vector<double>& sorted, double q) {
  const auto n = static_cast<double>(sorted.size());
  return sorted[static_cast<std::size_t>(std::clamp(std::ceil(q * n), 1.0, n)) - 1];
}

}  // namespace hinterland
