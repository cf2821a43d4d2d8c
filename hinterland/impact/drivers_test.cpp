#include "hinterland/impact/drivers.hpp"

#include <doctest/doctest.h>

#include "hinterland/base/random.hpp"

using namespace hinterland;

TEST_CASE("ranks, not sizes, and ties at their mean") {
  CHECK(rank_correlation({1, 2, 3, 4}, {1, 10, 100, 1000}) == doctest::Approx(1));
  CHECK(rank_correlation({1, 2, 3, 4}, {9, 4, 1, 0}) == doctest::Approx(-1));
  CHECK(rank_correlation({1, 2, 3}, {5, 5, 5}) == 0);
  // By hand: ranks 0.5 0.5 2 3 and 0 1 2 3; 4.5 / sqrt(4.5 x 5).
  CHECK(rank_correlation({7, 7, 8, 9}, {1, 2, 3, 4}) == doctest::Approx(4.5 / std::sqrt(4.5 * 5)));
}

TEST_CASE("what means nothing is left out, and the strongest comes first") {
  RandomStream random(1, "drivers");
  std::vector<double> result(400), with(400), against(400);
  for (std::size_t i = 0; i < result.size(); ++i) {
    with[i] = random.uniform();
    against[i] = random.uniform();
    result[i] = with[i] - 3 * against[i];
  }
  std::vector<Driver> all{{.figure = "with", .correlation = rank_correlation(with, result)},
                          {.figure = "against", .correlation = rank_correlation(against, result)},
                          {.figure = "nothing", .correlation = 0.05}};
  const auto told = strongest(all, result.size());
  REQUIRE(told.size() == 2);
  CHECK(told[0].figure == "against");
  CHECK(told[0].correlation < -0.9);
  CHECK(told[1].correlation > 0.2);
}
