#include "hinterland/impact/band.hpp"

#include <algorithm>

#include "hinterland/base/sample.hpp"

namespace hinterland {

Band band_of(std::vector<double> cases, double level) {
  std::ranges::sort(cases);
  return {.low = nearest_rank(cases, (1 - level) / 2),
          .median = nearest_rank(cases, 0.5),
          .high = nearest_rank(cases, (1 + level) / 2)};
}

}  // namespace hinterland
