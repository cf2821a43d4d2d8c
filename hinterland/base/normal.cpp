#include "hinterland/base/normal.hpp"

#include <cmath>
#include <numbers>

namespace hinterland {

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

}  // namespace hinterland
