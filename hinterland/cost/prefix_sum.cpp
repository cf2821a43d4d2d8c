#include "hinterland/cost/prefix_sum.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace hinterland {

PrefixSum PrefixSum::constant(double value) { return PrefixSum(value); }

PrefixSum::PrefixSum(std::span<const double> hours) {
  sums_.reserve(hours.size() + 1);
  sums_.push_back(0);
  long double sum = 0;
  for (const double value : hours) {
    sum += value;
    sums_.push_back(static_cast<double>(sum));
  }
  year_mean_ = static_cast<double>(sum / static_cast<long double>(hours.size()));
}

double PrefixSum::up_to(double hour) const {
  const std::size_t last = sums_.size() - 1;
  const auto whole = std::min(static_cast<std::size_t>(hour), last - 1);
  const double part = hour - static_cast<double>(whole);
  return sums_[whole] + part * (sums_[whole + 1] - sums_[whole]);
}

double PrefixSum::sum(Hours from, Hours length) const {
  if (is_constant()) return year_mean_ * length.value;
  const double year = kYear.value;
  const double years = std::floor(length.value / year);
  const double begin = std::fmod(from.value, year);
  const double end = begin + (length.value - years * year);
  const double whole = years * sums_.back();
  if (end <= year) return whole + (up_to(end) - up_to(begin));
  return whole + (sums_.back() - up_to(begin)) + up_to(end - year);
}

double PrefixSum::mean(Hours from, Hours length) const {
  if (is_constant()) return year_mean_;
  if (length.value > 0) return sum(from, length) / length.value;
  const auto hour = static_cast<std::size_t>(std::fmod(from.value, kYear.value));
  return sums_[hour + 1] - sums_[hour];
}

}  // namespace hinterland
