// Psychrometrics: the wet bulb solves its equation, and where it is known to differ from others, by how much.
#include "hinterland/facility/psychrometrics.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

using namespace hinterland;

namespace {

double saturated_enthalpy(double t, double p) {
  return enthalpy(t, humidity_ratio(kWetBulbSaturationPa * std::exp(saturation_exponent(t)), p));
}

// A whole number of hundredths, so that a counter-example can be read.
double drawn(int low, int high) { return *rc::gen::inRange(low * 100, high * 100 + 1) / 100.0; }

}  // namespace

TEST_CASE("saturation pressure is that of the ice point and of hot air") {
  CHECK(saturation_pressure(0) == doctest::Approx(611.21));
  CHECK(saturation_pressure(20) == doctest::Approx(2338.3).epsilon(1e-4));  // Buck 1996: 2338.3 Pa
}

TEST_CASE("psychrolib 2.5.0's worked wet bulb is 0.004 K above ours, for the reasons the header gives") {
  const double ours = wet_bulb(7, 61, 100000);
  CHECK(std::abs(ours - 3.92667) < 0.02);
  CHECK(ours == doctest::Approx(3.92667 - 0.0041).epsilon(3e-5));
}

TEST_CASE("the wet bulb has the air's enthalpy, lies below the dry bulb, and rises with humidity") {
  CHECK(rc::check("in any weather", [] {
    const double t = drawn(-60, 60), p = drawn(600, 1100) * 100;
    const double rh = drawn(0, 99), more = drawn(0, 100);
    const double tw = wet_bulb(t, rh, p);
    const double h = enthalpy(t, humidity_ratio(rh / 100 * saturation_pressure(t), p));
    RC_ASSERT(std::abs(saturated_enthalpy(tw, p) - h) < 1e-8);
    RC_ASSERT(tw < t + 2e-4);
    RC_ASSERT(more < rh || wet_bulb(t, more, p) >= tw - 1e-9);
  }));
}

TEST_CASE("at saturation the wet bulb exceeds the dry bulb by some 1e-4 K, as in the source") {
  const double above = wet_bulb(20, 100, 101325) - 20;
  CHECK(above > 0);
  CHECK(above < 5e-4);
}

TEST_CASE("saturated air of a given enthalpy is found from any start below, up to the boiling point") {
  CHECK(rc::check("in any weather", [] {
    const double t = drawn(-60, 90), p = drawn(750, 1100) * 100;
    const double start = t - drawn(0, 100);
    RC_ASSERT(std::abs(saturated_temperature(saturated_enthalpy(t, p), p, start) - t) < 1e-7);
  }));
}
