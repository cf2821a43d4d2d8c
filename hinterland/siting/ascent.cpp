#include "hinterland/siting/ascent.hpp"

#include <cmath>
#include <numeric>

namespace hinterland {

namespace {

constexpr double kBetter = 1e-10;  // of a bound, that is not rounding

}  // namespace

void Ascent::saw(double value) {
  value_ = value;
  if (steps_ == 0 || value > branch_.bound + kBetter * std::abs(value)) {
    stale_ = 0;
  } else if (++stale_ >= pace_.patience) {
    stale_ = 0;
    scale_ /= 2;
  }
  if (value <= branch_.bound) return;
  branch_.bound = value;
  best_ = branch_.price;
}

void Ascent::step(const std::vector<double>& unserved, double aim) {
  ++steps_;
  const double square = std::inner_product(unserved.begin(), unserved.end(), unserved.begin(), 0.0);
  if (square == 0) return;
  const double by = scale_ * (aim - value_) / square;
  for (std::size_t i = 0; i < unserved.size(); ++i) branch_.price[i] += by * unserved[i];
}

}  // namespace hinterland
