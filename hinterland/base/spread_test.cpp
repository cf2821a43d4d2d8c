// The triangular distribution's laws, on both scales.
#include "hinterland/base/spread.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

using namespace hinterland;

namespace {

double unit() { return *rc::gen::inRange(0, 1'000'001) / 1e6; }

// Ranges of all kinds: narrow, wide, negative, with the central value at an end.
Range any_range() {
  const double low = *rc::gen::inRange(-1000, 1000) / 8.0;
  const double width = *rc::gen::inRange(0, 100'000) / 16.0;
  return {.low = low, .central = low + *rc::gen::element(0.0, 0.25, 0.5, 1.0) * width, .high = low + width};
}

}  // namespace

TEST_CASE("draws stay in their range and never fall with u") {
  const bool holds = rc::check([] {
    const Spread spread(any_range());
    const double u = unit(), v = unit();
    const double x = spread.quantile(std::min(u, v)), y = spread.quantile(std::max(u, v));
    RC_ASSERT(x <= y * (1 + 1e-15) + 1e-300 || x <= y);
    RC_ASSERT(x >= spread.range().low);
    RC_ASSERT(y <= spread.range().high);
    RC_ASSERT(std::abs(spread.quantile(0) - spread.range().low) <= 1e-12 * std::abs(spread.range().low));
    RC_ASSERT(std::abs(spread.quantile(1) - spread.range().high) <= 1e-12 * std::abs(spread.range().high));
  });
  CHECK(holds);
}

TEST_CASE("the inverse of the distribution: F(F^-1(u)) = u, by the textbook's F") {
  const bool holds = rc::check([] {
    Range range = any_range();
    range.low = std::abs(range.low) + 1;
    range.central = range.low + *rc::gen::element(0.0, 0.3, 1.0) * range.low * 4;
    range.high = range.low * 5;  // below a factor of ten: a linear scale
    const Spread spread(range);
    RC_ASSERT_FALSE(spread.logarithmic());
    const double u = unit(), x = spread.quantile(u);
    const double a = range.low, c = range.central, b = range.high;
    const double below = c > a ? (x - a) * (x - a) / ((b - a) * (c - a)) : 0;
    const double above = b > c ? 1 - (b - x) * (b - x) / ((b - a) * (b - c)) : 1;
    RC_ASSERT(std::abs((x <= c && c > a ? below : above) - u) < 1e-9);
  });
  CHECK(holds);
}

TEST_CASE("its mean is (low + central + high) / 3") {
  const Spread spread({.low = 2, .central = 3, .high = 10});
  double sum = 0;
  static constexpr int kSteps = 100'000;
  for (int i = 0; i < kSteps; ++i) sum += spread.quantile((i + 0.5) / kSteps);
  CHECK(sum / kSteps == doctest::Approx(5).epsilon(1e-6));
}

TEST_CASE("an order of magnitude is drawn on the logarithm: halfway lies the geometric mean") {
  const Spread spread({.low = 1, .central = 10, .high = 100});
  CHECK(spread.logarithmic());
  CHECK(spread.quantile(0.5) == doctest::Approx(10));
  CHECK_FALSE(Spread({.low = 1, .central = 5, .high = 9.99}).logarithmic());
  CHECK_FALSE(Spread({.low = 0, .central = 10, .high = 100}).logarithmic());  // no logarithm of 0
}

TEST_CASE("no width gives the one value; a central value outside widens the range") {
  const Spread point({.low = 0.1, .central = 0.1, .high = 0.1});
  for (const double u : {0.0, 0.3, 1.0}) CHECK(point.quantile(u) == 0.1);
  const Spread wider({.low = 2, .central = 1, .high = 3});
  CHECK(wider.range().low == 1);
  CHECK(wider.quantile(0) == 1);
}
