// Where along one number an answer changes: look at points of a grid, then halve the interval in which it did.
//
// The grid is what can be missed: a change that is undone again between two neighbouring points is not seen.
#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

namespace hinterland {

// `count` points from `from` (left out) to `to` (the last one), the nearest first. Steps are equal where `to` is
// near or lies towards zero, and grow by a factor where `to` is far (prices may rise by any factor). From zero the
// first unit counts as near. Empty where the two are equal. Requires finite ends.
std::vector<double> scan_points(double from, double to, int count);

// Two neighbours between which the answer changes: closer than `kEdgeWidth` of their size, or, where the edge is
// zero itself, than a hundred halvings leave.
struct Edge {
  double last_same = 0, first_other = 0;
};

inline constexpr double kEdgeWidth = 1e-11;

// Requires same(is_same) and not same(is_other).
template <class Same>
Edge narrow_edge(double is_same, double is_other, const Same& same) {
  static constexpr int kMostSteps = 100;
  Edge edge{.last_same = is_same, .first_other = is_other};
  for (int step = 0; step < kMostSteps; ++step) {
    const double size = std::max(std::abs(edge.first_other), std::abs(edge.last_same));
    if (std::abs(edge.first_other - edge.last_same) <= kEdgeWidth * size) break;
    const double middle = edge.last_same + (edge.first_other - edge.last_same) / 2;
    (same(middle) ? edge.last_same : edge.first_other) = middle;
  }
  return edge;
}

}  // namespace hinterland
