// Against functions whose indices are known in closed form.
#include "hinterland/base/sensitivity.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "hinterland/base/random.hpp"

using namespace hinterland;

namespace {

using Function = std::function<double(const std::vector<double>&)>;

// Indices of f over the unit cube of `width` dimensions, by n rows.
std::vector<SobolIndex> indices_of(const Function& f, std::size_t width, std::size_t n, std::uint64_t seed) {
  RandomStream first(seed, "A"), second(seed, "B");
  std::vector<double> fa, fb;
  std::vector<std::vector<double>> fab(width);
  for (std::size_t j = 0; j < n; ++j) {
    std::vector<double> a(width), b(width);
    for (double& x : a) x = first.uniform();
    for (double& x : b) x = second.uniform();
    fa.push_back(f(a));
    fb.push_back(f(b));
    for (std::size_t i = 0; i < width; ++i) {
      std::vector<double> mixed = a;
      mixed[i] = b[i];
      fab[i].push_back(f(mixed));
    }
  }
  return sobol_indices(fa, fb, fab);
}

// sin x1 + a sin^2 x2 + b x3^4 sin x1 on (-pi, pi)^3, a = 7, b = 0.1 (Ishigami and Homma 1990).
double ishigami(const std::vector<double>& u) {
  const auto x = [&](std::size_t i) { return std::numbers::pi * (2 * u[i] - 1); };
  return std::sin(x(0)) + 7 * std::pow(std::sin(x(1)), 2) + 0.1 * std::pow(x(2), 4) * std::sin(x(0));
}

}  // namespace

TEST_CASE("the Ishigami function's indices, known in closed form") {
  // V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2; V1 = (1 + b pi^4/5)^2/2; V2 = a^2/8; V13 = b^2 pi^8 (1/18 - 1/50)
  const double p4 = std::pow(std::numbers::pi, 4), a = 7, b = 0.1;
  const double v = a * a / 8 + b * p4 / 5 + b * b * p4 * p4 / 18 + 0.5;
  const double v1 = std::pow(1 + b * p4 / 5, 2) / 2, v2 = a * a / 8;
  const double v13 = b * b * p4 * p4 * (1.0 / 18 - 1.0 / 50);
  const std::vector<double> first = {v1 / v, v2 / v, 0}, total = {(v1 + v13) / v, v2 / v, v13 / v};
  CHECK(first[0] == doctest::Approx(0.3139).epsilon(1e-3));  // as printed in the literature
  CHECK(first[1] == doctest::Approx(0.4424).epsilon(1e-3));
  CHECK(total[2] == doctest::Approx(0.2437).epsilon(1e-3));
  const auto found = indices_of(ishigami, 3, 1 << 16, 1);
  for (std::size_t i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK(std::abs(found[i].first - first[i]) < 0.015);
    CHECK(std::abs(found[i].total - total[i]) < 0.015);
    CHECK(std::abs(found[i].first - first[i]) < 4 * found[i].first_error);
    CHECK(std::abs(found[i].total - total[i]) < 4 * found[i].total_error);
  }
}

TEST_CASE("the standard error is that of repeated runs") {
  static constexpr int kRuns = 200;
  double mean = 0, square = 0, said = 0;
  for (int run = 0; run < kRuns; ++run) {
    const SobolIndex index = indices_of(ishigami, 3, 256, static_cast<std::uint64_t>(run))[1];
    mean += index.first / kRuns;
    square += index.first * index.first / kRuns;
    said += index.first_error / kRuns;
  }
  CHECK(std::sqrt(square - mean * mean) == doctest::Approx(said).epsilon(0.25));
}

TEST_CASE("a sum: shares of its variances, first-order and total alike; a constant carries nothing") {
  const auto found = indices_of([](const auto& x) { return 3 * x[0] + 4 * x[1] + 1e9; }, 3, 1 << 14, 3);
  CHECK(found[0].first == doctest::Approx(9.0 / 25).epsilon(0.05));
  CHECK(found[1].total == doctest::Approx(16.0 / 25).epsilon(0.05));
  CHECK(found[2].first == 0);
  CHECK(found[2].total == 0);
  const auto constant = indices_of([](const auto&) { return 5; }, 2, 16, 1);
  CHECK(constant[0].first == 0);
  CHECK(constant[1].total_error == 0);
}
