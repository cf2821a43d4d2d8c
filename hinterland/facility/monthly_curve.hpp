// Twelve monthly values as a curve over the hours of the year.
//
// (31) Knots k at mid-months, first k = v; linear between them, round the year, in D = (hour + 0.5)/24 days. Repeat
//      `rounds` times: k += v - (monthly means of the curve). So the curve's monthly means tend to v; few rounds keep
//      it smooth where v is noisy.
#pragma once
#include <array>
#include <cstddef>
#include <vector>

namespace hinterland {

using Months = std::array<double, 12>;

// The knots of `values` after `rounds` rounds.
Months curve_knots(const Months& values, int rounds);

// The curve through knots at mid-months, for each of the 8,760 hours.
std::vector<double> curve_through(const Months& knots);

inline std::vector<double> monthly_curve(const Months& values, int rounds) {
  return curve_through(curve_knots(values, rounds));
}

}  // namespace hinterland
