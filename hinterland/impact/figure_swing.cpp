#include "hinterland/impact/figure_swing.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace hinterland {

void widest_first(std::vector<FigureSwing>& swings) {
  std::ranges::stable_sort(swings, std::greater(),
                           [](const FigureSwing& one) { return std::abs(one.at_high - one.at_low); });
}

}  // namespace hinterland
