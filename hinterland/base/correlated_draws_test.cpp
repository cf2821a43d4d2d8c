// Correlated draws: uniform one by one, correlated as asked, and each by its own name.
#include "hinterland/base/correlated_draws.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "hinterland/base/normal.hpp"

using namespace hinterland;

namespace {

constexpr std::size_t kBlocks = 80;  // 20,480 draws

std::vector<double> column(const CorrelatedDraws& draws, std::size_t i, std::size_t width) {
  std::vector<double> values;
  for (std::size_t b = 0; b < kBlocks; ++b) {
    const auto block = draws.block(b);
    for (std::size_t row = 0; row < CorrelatedDraws::kBlock; ++row) values.push_back(block[row * width + i]);
  }
  return values;
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const auto n = static_cast<double>(x.size());
  const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
  const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return xy / std::sqrt(xx * yy);
}

}  // namespace

TEST_CASE("the normal distribution: known values, symmetry, its far tail") {
  CHECK(normal_cdf(0) == 0.5);
  CHECK(normal_cdf(1.959963984540054) == doctest::Approx(0.975).epsilon(1e-12));
  CHECK(normal_cdf(-10) == doctest::Approx(7.619853024160527e-24).epsilon(1e-12));
  for (const double x : {0.1, 1.0, 3.0}) CHECK(normal_cdf(x) + normal_cdf(-x) == doctest::Approx(1));
}

TEST_CASE("each is uniform, members of a group move together, all others do not") {
  const double r = 0.6;
  const CorrelatedDraws draws(7, {{"a", 0}, {"b", 0}, {"c", 1}, {"d", {}}}, {{"power", r}, {"use", 0.3}});
  std::vector<std::vector<double>> u;
  for (std::size_t i = 0; i < 4; ++i) u.push_back(column(draws, i, 4));
  for (auto values : u) {
    std::ranges::sort(values);
    double most = 0;  // Kolmogorov's distance; 1.95 / sqrt(n) is passed once in a thousand
    const auto n = static_cast<double>(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      most = std::max(most, std::abs(values[i] - (static_cast<double>(i) + 0.5) / n));
    CHECK(most < 1.95 / std::sqrt(n));
  }
  // For uniforms, Pearson is Spearman: (6 / pi) asin(r / 2). Standard error 0.007.
  CHECK(correlation(u[0], u[1]) == doctest::Approx(6 / std::numbers::pi * std::asin(r / 2)).epsilon(0.05));
  CHECK(std::abs(correlation(u[0], u[2])) < 0.03);
  CHECK(std::abs(correlation(u[0], u[3])) < 0.03);
  CHECK(std::abs(correlation(u[2], u[3])) < 0.03);
}

TEST_CASE("correlation 1 makes two the same, 0 independent") {
  const CorrelatedDraws same(1, {{"a", 0}, {"b", 0}}, {{"g", 1}});
  const auto block = same.block(3);
  for (std::size_t row = 0; row < CorrelatedDraws::kBlock; ++row) CHECK(block[2 * row] == block[2 * row + 1]);
  const CorrelatedDraws apart(1, {{"a", 0}, {"b", 0}}, {{"g", 0}});
  CHECK(std::abs(correlation(column(apart, 0, 2), column(apart, 1, 2))) < 0.03);
}

TEST_CASE("what one draws depends on its name and the seed, not on its neighbours or their order") {
  const bool holds = rc::check([](std::uint64_t seed, std::uint8_t b) {
    const CorrelatedDraws one(seed, {{"x", 0}, {"y", {}}}, {{"g", 0.5}});
    const CorrelatedDraws other(seed, {{"y", {}}, {"new", 0}, {"w", 1}, {"x", 1}}, {{"h", 0.2}, {"g", 0.5}});
    const auto few = one.block(b), many = other.block(b);
    for (std::size_t row = 0; row < CorrelatedDraws::kBlock; ++row) {
      RC_ASSERT(few[2 * row] == many[4 * row + 3]);
      RC_ASSERT(few[2 * row + 1] == many[4 * row]);
      RC_ASSERT(few[2 * row] >= 0 && few[2 * row] <= 1);
    }
    RC_ASSERT(few != one.block(std::size_t{b} + 1));
    RC_ASSERT(few != CorrelatedDraws(seed + 1, {{"x", 0}, {"y", {}}}, {{"g", 0.5}}).block(b));
  });
  CHECK(holds);
}
