// Sums over any hours of the model year in O(1).
//
//   S[h] = x[0] + ... + x[h-1],  S[0] = 0;  the year wraps;  a part of an hour counts in proportion
//   sum(from, length) = whole years x S[8760] + F(from + length) - F(from),  F(t) = S[floor t] + frac(t) x[floor t]
//
// Sums are kept to full precision (added up in extended precision, each rounded once), so a year by prefix sums equals
// the hour-by-hour sum to 1e-15 of the sum of magnitudes.
#pragma once
#include <span>
#include <vector>

#include "hinterland/base/quantity.hpp"

namespace hinterland {

class PrefixSum {
 public:
  // A value that is the same in every hour; takes no memory.
  static PrefixSum constant(double value);
  // Requires 8,760 values.
  explicit PrefixSum(std::span<const double> hours);

  // Integral over `length` >= 0 hours from `from` >= 0, both in hours of the model year.
  [[nodiscard]] double sum(Hours from, Hours length) const;
  // The mean over them; over no time at all, the value of that moment.
  [[nodiscard]] double mean(Hours from, Hours length) const;
  [[nodiscard]] double year_mean() const { return year_mean_; }
  [[nodiscard]] bool is_constant() const { return sums_.empty(); }

 private:
  explicit PrefixSum(double value) : year_mean_(value) {}
  [[nodiscard]] double up_to(double hour) const;  // F(hour), 0 <= hour <= 8760

  std::vector<double> sums_;  // 8,761 of them, or none for a constant
  double year_mean_ = 0;
};

}  // namespace hinterland
