#include "hinterland/impact/ras.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

#include "hinterland/base/random.hpp"

using namespace hinterland;

TEST_CASE("a guess that fits stays as it is") {
  Matrix guess(2, 2);
  guess.values = {1, 2, 3, 4};
  balance(guess, {3, 7}, {4, 6});
  CHECK(guess.values == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("rows and columns meet their sums, zeros stay, and cross ratios are the guess's") {
  CHECK(rc::check("margins and odds ratios", [] {
    RandomStream draw(*rc::gen::arbitrary<std::uint64_t>(), "ras");
    const std::size_t n = 2 + static_cast<std::size_t>(4 * draw.uniform());
    Matrix guess(n, n), target(n, n);
    for (double& value : guess.values) value = 0.05 + draw.uniform();
    for (double& value : target.values) value = draw.uniform();
    for (std::size_t j = 0; j < n; ++j) guess(n - 1, j) = target(n - 1, j) = 0;
    std::vector<double> rows(n), columns(n);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) rows[i] += target(i, j), columns[j] += target(i, j);
    }
    Matrix found = guess;
    balance(found, rows, columns);
    for (std::size_t i = 0; i < n; ++i) {
      double row = 0, column = 0;
      for (std::size_t j = 0; j < n; ++j) row += found(i, j), column += found(j, i);
      RC_ASSERT(std::abs(row - rows[i]) <= 1e-11 * (1 + rows[i]));
      RC_ASSERT(std::abs(column - columns[i]) <= 1e-11 * (1 + columns[i]));
      RC_ASSERT(found(n - 1, i) == 0);
    }
    if (n < 3) return;
    const auto odds = [](const Matrix& m) { return m(0, 0) * m(1, 1) / (m(0, 1) * m(1, 0)); };
    RC_ASSERT(std::abs(odds(found) / odds(guess) - 1) < 1e-9);
  }));
}
