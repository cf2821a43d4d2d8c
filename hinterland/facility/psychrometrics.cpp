#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

namespace {

constexpr int kMostSteps = 50;  // Newton needs at most 8; the bound is for input that is out of range
// Newton squares the error: after a step of 1e-5 K less than 1e-11 K is left.
constexpr double kLastStep = 1e-5;

double saturated_vapour(double t) { return kWetBulbSaturationPa * std::exp(saturation_exponent(t)); }

// Newton on (5)'s left side, which rises and is convex: from a start above the root each step stays above it.
double newton(double h, double pressure_pa, double t) {
  for (int step = 0; step < kMostSteps; ++step) {
    const double below = 257.14 + t;
    const double vapour = saturated_vapour(t);
    const double slope = ((18.678 - 2 * t / 234.5) * below - (18.678 - t / 234.5) * t) / (below * below);
    const double dry = pressure_pa - vapour;
    const double w = kWaterToAir * vapour / dry;
    const double rise = kAirHeat + 1.84 * w + (2500 + 1.84 * t) * w * slope * pressure_pa / dry;
    const double change = (enthalpy(t, w) - h) / rise;
    t -= change;
    if (std::abs(change) < kLastStep) break;
  }
  return t;
}

}  // namespace

double wet_bulb(double t, double humidity_pct, double pressure_pa) {
  const double vapour = humidity_pct / 100 * saturation_pressure(t);
  return newton(enthalpy(t, humidity_ratio(vapour, pressure_pa)), pressure_pa, t + 0.01);
}

double saturated_temperature(double h, double pressure_pa, double start) {
  double t = start, stride = 4, vapour = saturated_vapour(t);
  for (int step = 0; step < kMostSteps && enthalpy(t, humidity_ratio(vapour, pressure_pa)) < h; ++step) {
    double ahead = saturated_vapour(t + stride);
    // Past the boiling point the ratio turns negative: what we look for lies before it.
    while (ahead >= pressure_pa && stride > kLastStep) {
      stride /= 2;
      ahead = saturated_vapour(t + stride);
    }
    t += stride;
    vapour = ahead;
  }
  return newton(h, pressure_pa, t);
}

}  // namespace hinterland
