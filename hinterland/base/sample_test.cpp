// The mean and the quantiles of a list: the rules' own examples, and what any quantile owes.
#include "hinterland/base/sample.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using namespace hinterland;

TEST_CASE("a mean is the sum over the count") {
  CHECK(mean({3}) == 3);
  CHECK(mean({-1, 2, 5}) == 2);
}

TEST_CASE("a quantile is linear between neighbours and ends at the extremes") {
  CHECK(quantile({5}, 0.95) == 5);
  CHECK(quantile({2, 1}, 0.5) == 1.5);
  CHECK(quantile({4, 1, 3, 2}, 0.9) == doctest::Approx(3.7));
  CHECK(rc::check("between the extremes, rising with the share, whatever the order",
                  [](std::vector<int> drawn) {
                    RC_PRE(!drawn.empty());
                    const std::vector<double> values(drawn.begin(), drawn.end());
                    const auto [least, most] = std::ranges::minmax(values);
                    RC_ASSERT(quantile(values, 0) == least);
                    RC_ASSERT(quantile(values, 1) == most);
                    RC_ASSERT(quantile(values, 0.3) <= quantile(values, 0.7));
                    std::vector<double> sorted = values;
                    std::ranges::sort(sorted);
                    const double q = *rc::gen::inRange(0, 101) / 100.0;
                    RC_ASSERT(quantile(values, q) == quantile_of_sorted(sorted, q));
                  }));
}

TEST_CASE("the nearest rank is one of the values") {
  const std::vector<double> four = {1, 2, 3, 10};
  CHECK(nearest_rank(four, 0) == 1);
  CHECK(nearest_rank(four, 0.25) == 1);
  CHECK(nearest_rank(four, 0.26) == 2);
  CHECK(nearest_rank(four, 0.5) == 2);
  CHECK(nearest_rank(four, 1) == 10);
}
