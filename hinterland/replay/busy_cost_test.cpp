#include "hinterland/replay/busy_cost.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "hinterland/base/random.hpp"

namespace hinterland {

TEST_CASE("the least cost of a run is that of the best of all its beginnings, looked at one by one") {
  RandomStream random(7, "busy cost");
  const auto below = [&](std::int64_t n) {
    return static_cast<std::int64_t>(random.next() % static_cast<std::uint64_t>(n));
  };
  constexpr std::int64_t grain = kHour.ms / 20;  // of 3 minutes: every edge is on one
  const Instant begin{500 * kHour.ms};
  std::vector<double> rates;
  for (int h = 0; h < 40; ++h) rates.push_back(static_cast<double>(below(10)) - 1);
  const BusyCost cost(begin, kHour, rates);
  for (int k = 0; k < 5000; ++k) {
    const Instant from = begin + Duration{grain * below(700)};
    const Duration run{grain * (1 + below(k % 2 == 0 ? 20 : 90))};
    const Instant until{std::min(begin.ms + 40 * kHour.ms, from.ms + grain * below(200))};
    double least = std::numeric_limits<double>::infinity();
    for (Instant start = from; start + run <= until; start = start + Duration{grain})
      least = std::min(least, cost.until(start + run) - cost.until(start));
    CAPTURE(k);
    if (least == std::numeric_limits<double>::infinity()) {
      REQUIRE(cost.least(from, until, run) == least);
    } else {
      REQUIRE(cost.least(from, until, run) == doctest::Approx(least).epsilon(1e-12).scale(10));
    }
  }
}

TEST_CASE("hours are summed up in proportion") {
  const BusyCost cost(Instant{0}, kHour, {2, 4, 8});
  const auto near = [](double value) { return doctest::Approx(value).epsilon(1e-12); };
  CHECK(cost.until(Instant{0}) == 0);
  CHECK(cost.until(Instant{kHour.ms / 2}) == near(1));
  CHECK(cost.until(Instant{3 * kHour.ms}) == near(14));
  CHECK(cost.least(Instant{0}, Instant{3 * kHour.ms}, kHour) == near(2));
  CHECK(cost.least(Instant{kHour.ms / 2}, Instant{3 * kHour.ms}, kHour) == near(3));
  const BusyCost quarters(Instant{0}, {kHour.ms / 4}, {2, 4, 8, 1});
  CHECK(quarters.until(Instant{kHour.ms}) == near(3.75));
  CHECK(quarters.least(Instant{0}, Instant{kHour.ms}, {kHour.ms / 4}) == near(0.25));
}

}  // namespace hinterland
