#include "hinterland/base/normal.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hinterland {

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

double normal_quantile(double p) {
  if (p > 0.5) return -normal_quantile(1 - p);
  p = std::max(p, 1e-300);
  const double wanted = std::log(p);
  double z = -std::sqrt(-2 * wanted);  // Phi there is less than p
  for (int i = 0; i < 50; ++i) {
    const double share = normal_cdf(z);
    const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
    const double step = (wanted - std::log(share)) * share / density;
    z += step;
    if (std::abs(step) < 1e-12) break;
  }
  return z;
}

}  // namespace hinterland
