#include "hinterland/base/spread.hpp"

#include <algorithm>
#include <cmath>

namespace hinterland {

Spread::Spread(Range range)
    : range_{.low = std::min(range.low, range.central),
             .central = range.central,
             .high = std::max(range.high, range.central)},
      logarithmic_(range_.low > 0 && range_.high >= kOrderOfMagnitude * range_.low) {
  const auto scaled = [this](double value) { return logarithmic_ ? std::log(value) : value; };
  low_ = scaled(range_.low);
  high_ = scaled(range_.high);
  const double central = scaled(range_.central), width = high_ - low_;
  turn_ = width > 0 ? (central - low_) / width : 1;
  rise_ = width * (central - low_);
  fall_ = width * (high_ - central);
}

double Spread::quantile(double u) const {
  const double at = u <= turn_ ? low_ + std::sqrt(u * rise_) : high_ - std::sqrt((1 - u) * fall_);
  // exp(log x) may leave the range by a rounding.
  return std::clamp(logarithmic_ ? std::exp(at) : at, range_.low, range_.high);
}

}  // namespace hinterland
