// The hours of the real atlas, drawn once a test program. Tests that change levels (prices, uses) ask over the same hours.
#pragma once
#include "hinterland/cost/rate_year.hpp"
#include "tests/china.hpp"

namespace hinterland {

inline const RateYear& rates() {
  static const RateYear year = rate_year(china(), 1, "");
  return year;
}

}  // namespace hinterland
