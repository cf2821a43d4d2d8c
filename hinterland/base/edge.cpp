#include "hinterland/base/edge.hpp"

namespace hinterland {

std::vector<double> scan_points(double from, double to, int count) {
  std::vector<double> points;
  if (from == to) return points;
  const double size = from == 0 ? 1 : std::abs(from);
  const double reach = std::abs(to - from);
  const bool outward = from == 0 || (to > from) == (from > 0);
  for (int i = 1; i < count; ++i) {
    const double share = static_cast<double>(i) / count;
    // (1 + reach / size)^share - 1: nearly straight for a short reach, a geometric series for a long one.
    const double way = outward ? size * std::expm1(share * std::log1p(reach / size)) : share * reach;
    points.push_back(from + std::copysign(way, to - from));
  }
  points.push_back(to);
  return points;
}

}  // namespace hinterland
