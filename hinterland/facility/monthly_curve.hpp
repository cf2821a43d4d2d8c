// Twelve monthly values as a curve over the hours of the year, and the model year's calendar.
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

inline constexpr std::array<std::size_t, 12> kMonthDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

// The month (0..11) of each of the 365 days, and the hour at which a month begins; month 12 begins at 8,760.
const std::array<std::size_t, 365>& month_of_day();
std::size_t first_hour(std::size_t month);

// The knots of `values` after `rounds` rounds.
Months curve_knots(const Months& values, int rounds);

// The curve through knots at mid-months, for each of the 8,760 hours.
std::vector<double> curve_through(const Months& knots);

inline std::vector<double> monthly_curve(const Months& values, int rounds) {
  return curve_through(curve_knots(values, rounds));
}

}  // namespace hinterland
