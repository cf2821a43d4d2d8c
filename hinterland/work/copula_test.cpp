// Rank correlations and the correlations of scores that bring them about.
#include "hinterland/work/copula.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>
#include <numbers>

#include "hinterland/base/random.hpp"

using namespace hinterland;

namespace {

Distribution continuous() {
  Marginal marginal;
  marginal.quantiles = {1, 2};
  return {marginal, {}};
}
Distribution cores() {
  Marginal marginal;
  marginal.values = {1, 4, 8, 64};
  marginal.shares = {0.6, 0.2, 0.1, 0.1};
  return {marginal, {}};
}

// The rank correlation of many draws whose scores are correlated by r.
double drawn(const Distribution& a, const Distribution& b, double r) {
  RandomStream random(3, "pairs");
  std::vector<double> x, y;
  for (int i = 0; i < 50'000; ++i) {
    const double z = random.normal();
    x.push_back(a.at(z));
    y.push_back(b.at(r * z + std::sqrt(1 - r * r) * random.normal()));
  }
  return correlation(middle_ranks(x), middle_ranks(y));
}

}  // namespace

TEST_CASE("without equal values the rank correlation is 6 / pi asin(r / 2)") {
  const RankLink link(continuous(), continuous());
  for (const double r : {-0.9, -0.3, 0.0, 0.5, 0.9})
    CHECK(std::abs(link.rank_correlation(r) - 6 / std::numbers::pi * std::asin(r / 2)) < 1e-3);
}

TEST_CASE("with many equal values it is what draws have") {
  const RankLink link(cores(), continuous());
  for (const double r : {-0.8, 0.3, 0.7})
    CHECK(std::abs(link.rank_correlation(r) - drawn(cores(), continuous(), r)) < 0.02);
  const RankLink both(cores(), cores());
  for (const double r : {0.3, 0.7})
    CHECK(std::abs(both.rank_correlation(r) - drawn(cores(), cores(), r)) < 0.02);
}

TEST_CASE("the score correlation is recovered from the rank correlation") {
  const RankLink link(cores(), continuous());
  CHECK(rc::check([&] {
    const double r = *rc::gen::inRange(-95, 96) / 100.0;
    RC_ASSERT(std::abs(link.score_correlation(link.rank_correlation(r)) - r) < 1e-6);
  }));
  CHECK(link.score_correlation(1) == doctest::Approx(0.99));
}

TEST_CASE("a quantity that never varies is correlated with nothing") {
  Marginal marginal;
  marginal.values = {4};
  marginal.shares = {1};
  CHECK(RankLink(Distribution(marginal, {}), continuous()).score_correlation(0.5) == 0);
  CHECK(correlation(std::vector<double>{1, 1, 1}, std::vector<double>{1, 2, 3}) == 0);
}

TEST_CASE("equal values share the middle of their ranks, and what is not known has none") {
  const auto ranks = middle_ranks(std::vector<double>{7, std::nan(""), 7, 1, 9});
  CHECK(ranks[0] == 0.5);
  CHECK(ranks[2] == 0.5);
  CHECK(ranks[3] == 0.125);
  CHECK(ranks[4] == 0.875);
  CHECK(std::isnan(ranks[1]));
  CHECK(correlation(std::vector<double>{1, std::nan(""), 3, 4}, std::vector<double>{2, 100, 6, 8}) ==
        doctest::Approx(1));
}

TEST_CASE("a factor times its transpose is the matrix; one that is not definite is shrunk until it is") {
  ScoreMatrix matrix = identity();
  matrix[0][1] = matrix[1][0] = 0.5;
  matrix[0][3] = matrix[3][0] = -0.4;
  ScoreMatrix factor;
  REQUIRE(cholesky(matrix, factor));
  for (std::size_t i = 0; i < kScores; ++i) {
    for (std::size_t j = 0; j < kScores; ++j) {
      double sum = 0;
      for (std::size_t k = 0; k < kScores; ++k) sum += factor.at(i).at(k) * factor.at(j).at(k);
      CHECK(std::abs(sum - matrix.at(i).at(j)) < 1e-12);
    }
  }
  CHECK(made_definite(matrix) == matrix);
  matrix[0][1] = matrix[1][0] = 0.9;
  matrix[0][3] = matrix[3][0] = -0.9;
  matrix[1][3] = matrix[3][1] = 0.9;
  CHECK_FALSE(cholesky(matrix, factor));
  const ScoreMatrix definite = made_definite(matrix);
  CHECK(cholesky(definite, factor));
  CHECK(definite[0][1] > 0.3);
  CHECK(definite[0][1] == -definite[0][3]);
}
