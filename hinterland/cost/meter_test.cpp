#include "hinterland/cost/meter.hpp"

#include <doctest/doctest.h>

using namespace hinterland;

TEST_CASE("a flat load pays by the kWh what it pays by the month") {
  // 400 kW all month: 40 x 400 a month over 400 x 730 kWh.
  CHECK(demand_share({40}, 1).value == doctest::Approx(40.0 * 400 / (400 * 730)));
  // At a load factor of 0.9 each kWh bears a tenth part more.
  CHECK(demand_share({40}, 0.9).value == doctest::Approx(demand_share({40}, 1).value / 0.9));
}
