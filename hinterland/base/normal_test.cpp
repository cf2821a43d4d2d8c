#include "hinterland/base/normal.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

using namespace hinterland;

TEST_CASE("the normal distribution and its inverse undo each other") {
  CHECK(normal_cdf(0) == 0.5);
  CHECK(std::abs(normal_cdf(1.959963984540054) - 0.975) < 1e-12);
  CHECK(rc::check("both tails", [] {
    const double z = *rc::gen::inRange(-6000, 6001) / 1000.0;
    RC_ASSERT(std::abs(normal_quantile(normal_cdf(z)) - z) < 1e-6);
  }));
}
