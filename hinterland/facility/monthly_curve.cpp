#include "hinterland/facility/monthly_curve.hpp"

#include "hinterland/base/model_year.hpp"

#include "hinterland/facility/weather.hpp"

namespace hinterland {

namespace {

constexpr double kYearDays = 365;

double mid_month(std::size_t month) {
  return static_cast<double>(first_hour(month) + first_hour(month + 1)) / 48;
}

// Mean over month m of the curve whose knots are 0 but 1 at month k: the monthly means are linear in the knots.
using Weights = std::array<Months, 12>;

Weights weights_of_knots() {
  Weights weights{};
  for (std::size_t k = 0; k < 12; ++k) {
    Months unit{};
    unit[k] = 1;
    const std::vector<double> curve = curve_through(unit);
    for (std::size_t m = 0; m < 12; ++m) {
      double sum = 0;
      for (std::size_t i = first_hour(m); i < first_hour(m + 1); ++i) sum += curve[i];
      weights[m][k] = sum / static_cast<double>(first_hour(m + 1) - first_hour(m));
    }
  }
  return weights;
}

}  // namespace

Months curve_knots(const Months& values, int rounds) {
  static const Weights kWeights = weights_of_knots();
  Months knots = values;
  for (int round = 0; round < rounds; ++round) {
    const Months before = knots;
    for (std::size_t m = 0; m < 12; ++m) {
      double mean = 0;
      for (std::size_t k = 0; k < 12; ++k) mean += kWeights[m][k] * before[k];
      knots[m] += values[m] - mean;
    }
  }
  return knots;
}

std::vector<double> curve_through(const Months& knots) {
  std::vector<double> curve(kYearHours);
  std::size_t month = 11;  // the last knot at or before the hour; December's of the year before
  double from = mid_month(11) - kYearDays, to = mid_month(0);
  for (std::size_t i = 0; i < kYearHours; ++i) {
    const double day = (static_cast<double>(i) + 0.5) / 24;
    if (day >= to) {
      month = (month + 1) % 12;
      from = to;
      to = month == 11 ? mid_month(0) + kYearDays : mid_month(month + 1);
    }
    const double share = (day - from) / (to - from);
    curve[i] = knots[month] + share * (knots[(month + 1) % 12] - knots[month]);
  }
  return curve;
}

}  // namespace hinterland
