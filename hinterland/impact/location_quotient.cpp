#include "hinterland/impact/location_quotient.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hinterland {

std::vector<double> simple_quotients(const std::vector<double>& region, const std::vector<double>& nation) {
  const double share =
      std::accumulate(region.begin(), region.end(), 0.0) / std::accumulate(nation.begin(), nation.end(), 0.0);
  std::vector<double> quotients(region.size());
  for (std::size_t i = 0; i < region.size(); ++i)
    quotients[i] = nation[i] > 0 ? region[i] / nation[i] / share : 0;
  return quotients;
}

double size_weight(double share, double delta) { return std::pow(std::log2(1 + share), delta); }

std::vector<double> local_final_shares(const std::vector<double>& quotients, double weight) {
  std::vector<double> shares(quotients.size());
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = std::min(1.0, quotients[i] * weight);
  return shares;
}

Matrix local_shares(const std::vector<double>& quotients, double weight) {
  const std::size_t n = quotients.size();
  Matrix shares(n, n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      // A buyer that is not there buys nothing; any share does.
      const double cross = quotients[j] > 0 ? quotients[i] / quotients[j] : 0;
      shares(i, j) = std::min(1.0, (i == j ? quotients[i] : cross) * weight);
    }
  }
  return shares;
}

Matrix regional_coefficients(const Matrix& national, const std::vector<double>& quotients, double weight) {
  Matrix regional = local_shares(quotients, weight);
  for (std::size_t at = 0; at < regional.values.size(); ++at) regional.values[at] *= national.values[at];
  return regional;
}

}  // namespace hinterland
