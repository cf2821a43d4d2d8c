#include "hinterland/siting/band.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

#include "hinterland/base/random.hpp"

namespace hinterland {

TEST_CASE("a factored band solves what a full matrix would") {
  using Shape = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;
  for (const auto& [size, blocks, band] :
       {Shape{4, 1, 0}, Shape{8, 7, 0}, Shape{4, 30, 0}, Shape{8, 5, 2}, Shape{4, 40, 3}, Shape{12, 29, 6},
        Shape{4, 28, 6}, Shape{8, 9, 8}}) {
    CAPTURE(size);
    CAPTURE(blocks);
    CAPTURE(band);
    RandomStream random(size * 100 + blocks, "band");
    const std::size_t n = std::size_t{size} * blocks;
    std::vector<double> data(std::size_t{blocks} * (band + 1) * size * size), full(n * n);
    const BlockBand matrix{.size = size, .blocks = blocks, .band = band, .data = data};
    for (std::uint32_t b = 0; b < blocks; ++b)
      for (std::uint32_t k = 0; k <= band && b + k < blocks; ++k)
        for (std::uint32_t i = 0; i < size; ++i)
          for (std::uint32_t j = 0; j < size; ++j) {
            if (k == 0 && j > i) continue;
            const double value =
                random.uniform() - 0.5 + (k == 0 && i == j ? 1.0 * size * (2 * band + 1) : 0);
            full[((b + k) * size + i) * n + b * size + j] = full[(b * size + j) * n + (b + k) * size + i] =
                value;
            matrix.at(b, k)[i * size + j] = value;
            if (k == 0) matrix.at(b, k)[j * size + i] = value;
          }
    const std::uint32_t columns = 1 + blocks % 3;
    std::vector<double> wanted(n * columns), right(n * columns);
    for (double& x : wanted) x = random.uniform() - 0.5;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        for (std::uint32_t c = 0; c < columns; ++c)
          right[i * columns + c] += full[i * n + j] * wanted[j * columns + c];
    factor(matrix);
    solve(matrix, right, columns);
    double worst = 0;
    for (std::size_t k = 0; k < right.size(); ++k) worst = std::max(worst, std::abs(right[k] - wanted[k]));
    CHECK(worst < 1e-12);
  }
}

}  // namespace hinterland
