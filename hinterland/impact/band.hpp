// What is not known as three figures: a share `level` of all cases lies between low and high, half of them below the median.
#pragma once
#include <vector>

namespace hinterland {

struct Band {
  double low = 0, median = 0, high = 0;
};

inline constexpr double kBandLevel = 0.9;  // unless a verb asks: 5 to 95 %

// Of cases that are equally likely, by nearest rank (base/sample.hpp), so that each figure is one of them. Requires a case.
Band band_of(std::vector<double> cases, double level = kBandLevel);

}  // namespace hinterland
