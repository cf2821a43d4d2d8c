#include "hinterland/impact/location_quotient.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

#include "hinterland/base/random.hpp"

using namespace hinterland;

TEST_CASE("a region by hand") {
  // 10 of 100 and 30 of 100: a fifth of the nation; SLQ 0.5 and 1.5
  const auto quotients = simple_quotients({10, 30}, {100, 100});
  CHECK(quotients[0] == doctest::Approx(0.5));
  CHECK(quotients[1] == doctest::Approx(1.5));
  const double weight = size_weight(0.2, 0.3);
  CHECK(weight == doctest::Approx(std::pow(std::log2(1.2), 0.3)));
  const Matrix shares = local_shares(quotients, weight);
  CHECK(shares(0, 0) == doctest::Approx(0.5 * weight));
  CHECK(shares(0, 1) == doctest::Approx(0.5 / 1.5 * weight));
  CHECK(shares(1, 0) == 1);  // 3 x 0.675 is more than it takes
  CHECK(local_final_shares(quotients, weight)[0] == doctest::Approx(0.5 * weight));
}

TEST_CASE("the whole nation is its own region") {
  CHECK(size_weight(1, 0.25) == 1);
  const auto quotients = simple_quotients({3, 4, 5}, {3, 4, 5});
  for (const double share : local_shares(quotients, 1).values) CHECK(share == doctest::Approx(1));
}

TEST_CASE("a region never buys more at home than the nation does, and a larger delta buys less") {
  CHECK(rc::check("0 <= a^r <= a^n, falling in delta", [] {
    RandomStream draw(*rc::gen::arbitrary<std::uint64_t>(), "region");
    const std::size_t n = 5;
    std::vector<double> region(n), nation(n);
    for (std::size_t i = 0; i < n; ++i) {
      nation[i] = 1 + draw.uniform();
      region[i] = draw.uniform() < 0.2 ? 0 : draw.uniform() * nation[i];
    }
    region[0] = 0.5 * nation[0];
    Matrix national(n, n);
    for (double& value : national.values) value = 0.1 * draw.uniform();
    double share = 0, all = 0;
    for (std::size_t i = 0; i < n; ++i) share += region[i], all += nation[i];
    share /= all;
    const auto quotients = simple_quotients(region, nation);
    const Matrix less = regional_coefficients(national, quotients, size_weight(share, 0.4));
    const Matrix more = regional_coefficients(national, quotients, size_weight(share, 0.1));
    for (std::size_t at = 0; at < national.values.size(); ++at) {
      RC_ASSERT(less.values[at] >= 0);
      RC_ASSERT(less.values[at] <= more.values[at]);
      RC_ASSERT(more.values[at] <= national.values[at]);
    }
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < n; ++i) RC_ASSERT(region[i] > 0 || more(i, j) == 0);
    }
  }));
}
