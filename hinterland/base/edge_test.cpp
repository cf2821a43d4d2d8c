// Scanning and halving.
#include "hinterland/base/edge.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace hinterland;

TEST_CASE("a scan goes from next to its start to its end, near and far, up and down") {
  for (const auto& [from, to] : {std::pair{65000.0, 1e12},
                                 {65000.0, 0.0},
                                 {0.25, 1.0},
                                 {0.0, 1e9},
                                 {0.3, -1000.0},
                                 {-2.0, 5.0},
                                 {-2.0, -1e6}}) {
    const auto points = scan_points(from, to, 24);
    CAPTURE(from);
    CAPTURE(to);
    REQUIRE(points.size() == 24);
    CHECK(points.back() == to);
    const bool up = to > from;
    CHECK((up ? points.front() > from : points.front() < from));
    for (std::size_t i = 1; i < points.size(); ++i)
      CHECK((up ? points[i] > points[i - 1] : points[i] < points[i - 1]));
  }
  CHECK(scan_points(3, 3, 24).empty());
  CHECK(scan_points(65000, 1e12, 24).front() < 3 * 65000);  // near things are looked at, too
}

TEST_CASE("the edge of a threshold is found to the width that is promised, from either side") {
  const bool holds = rc::check([] {
    const double edge = *rc::gen::inRange(-1'000'000, 1'000'000) / 977.0;
    const double below = edge - *rc::gen::inRange(1, 1'000'000) / 13.0;
    const double above = edge + *rc::gen::inRange(1, 1'000'000) / 13.0;
    const auto is_below = [&](double x) { return x < edge; };
    const Edge up = narrow_edge(below, above, is_below);
    RC_ASSERT(is_below(up.last_same) && !is_below(up.first_other));
    RC_ASSERT(up.first_other - up.last_same <= 1e-11 * (std::abs(edge) + 1e-9) * 1.01);
    const Edge down = narrow_edge(above, below, [&](double x) { return !is_below(x); });
    RC_ASSERT(!is_below(down.last_same) && is_below(down.first_other));
  });
  CHECK(holds);
}

TEST_CASE("an edge at zero itself ends") {
  const Edge edge = narrow_edge(5, 0, [](double x) { return x > 0; });
  CHECK(edge.first_other == 0);
  CHECK(edge.last_same < 1e-20);
}
