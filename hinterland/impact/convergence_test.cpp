// Convergence: figures by hand, intervals that hold at their nominal rate, and what planted speeds come back as.
#include "hinterland/impact/convergence.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hinterland/base/random.hpp"
#include "tests/seeds.hpp"

using namespace hinterland;

namespace {

constexpr std::size_t kRegions = 31;

// Regions whose gaps to the common mean close at the speed `beta` over 20 years, up to a shock.
struct Planted {
  std::vector<double> first, last;
};
Planted planted(RandomStream& random, double beta, double shock) {
  Planted out;
  for (std::size_t i = 0; i < kRegions; ++i) {
    const double start = 10 + 0.5 * random.normal();
    const double end = start + 1.2 - (1 - std::exp(-20 * beta)) * (start - 10) + shock * random.normal();
    out.first.push_back(std::exp(start));
    out.last.push_back(std::exp(end));
  }
  return out;
}

}  // namespace

TEST_CASE("without shocks the planted speed comes back exactly, of either sign") {
  RandomStream random(1, "exact");
  for (const double beta : {0.02, 0.1, -0.01}) {
    const Planted data = planted(random, beta, 0);
    const BetaConvergence found = beta_convergence(data.first, data.last, 20, 0.95);
    REQUIRE(found.beta.has_value());
    CHECK(found.beta->value == doctest::Approx(beta).epsilon(1e-9));
    CHECK(found.slope.high - found.slope.low < 1e-7);
    CHECK(found.converges() == (beta > 0));
    CHECK(found.diverges() == (beta < 0));
    const SigmaConvergence spread = sigma_convergence(data.first, data.last, 0.95);
    CHECK(spread.ratio.value == doctest::Approx(std::exp(-20 * beta)).epsilon(1e-9));
    CHECK(spread.last / spread.first == doctest::Approx(spread.ratio.value).epsilon(1e-9));
  }
}

TEST_CASE("four regions by hand") {
  // ln y_0 = 0, 1, 2, 3 and growth over one year 0.3, 0.2, 0.2, 0.1: b = -0.06, residual sum 0.002, se = sqrt(0.001 / 5).
  const std::vector<double> first = {1, std::exp(1), std::exp(2), std::exp(3)};
  const std::vector<double> last = {std::exp(0.3), std::exp(1.2), std::exp(2.2), std::exp(3.1)};
  const BetaConvergence found = beta_convergence(first, last, 1, 0.95);
  CHECK(found.slope.value == doctest::Approx(-0.06));
  CHECK(found.slope.high == doctest::Approx(-0.06 + 4.30265273 * std::sqrt(0.001 / 5)));  // t(2) at 0.975
  CHECK(found.r_squared == doctest::Approx(0.9));
}

TEST_CASE("the intervals hold what was planted in as many of all cases as they say") {
  RandomStream random(2, "coverage");
  const auto rounds = static_cast<int>(seeds(4000));
  constexpr double level = 0.9;
  int slope_held = 0, ratio_held = 0;
  const double beta = 0.02, shock = 0.3;
  const double slope = -(1 - std::exp(-20 * beta)) / 20;
  const double kept = std::exp(-20 * beta);
  const double ratio =
      std::sqrt(kept * kept + shock * shock / 0.25);  // of the law that the regions are drawn from
  for (int round = 0; round < rounds; ++round) {
    const Planted data = planted(random, beta, shock);
    slope_held += beta_convergence(data.first, data.last, 20, level).slope.holds(slope) ? 1 : 0;
    ratio_held += sigma_convergence(data.first, data.last, level).ratio.holds(ratio) ? 1 : 0;
  }
  const double error = 4 * std::sqrt(level * (1 - level) / rounds);
  CHECK(std::abs(static_cast<double>(slope_held) / rounds - level) < error);
  CHECK(std::abs(static_cast<double>(ratio_held) / rounds - level) < error);
}

TEST_CASE("a gap that turns round has a slope and no speed") {
  const std::vector<double> first = {1, 2, 4, 8, 16}, last = {16, 8, 4, 2, 1.1};
  const BetaConvergence found = beta_convergence(first, last, 10, 0.95);
  CHECK(found.converges());
  CHECK_FALSE(found.beta.has_value());
}
