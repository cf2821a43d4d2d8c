#include "hinterland/siting/band.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "hinterland/siting/lanes.hpp"

namespace hinterland {

namespace {

// Lower triangle of a block -> its Cholesky factor -> that factor's inverse.
HINTERLAND_INLINE void invert_factor(double* block, double* scratch, std::uint32_t size) {
  for (std::uint32_t j = 0; j < size; ++j) {
    for (std::uint32_t k = 0; k < j; ++k) {
      const double factor = block[j * size + k];
      for (std::uint32_t i = j; i < size; ++i) block[i * size + j] -= block[i * size + k] * factor;
    }
    const double scale = 1 / std::sqrt(std::max(block[j * size + j], 1e-300));
    for (std::uint32_t i = j; i < size; ++i) block[i * size + j] *= scale;
  }
  std::fill(scratch, scratch + std::size_t{size} * size, 0.0);
  for (std::uint32_t i = 0; i < size; ++i) {
    double* row = scratch + std::size_t{i} * size;
    row[i] = 1;
    for (std::uint32_t k = 0; k < i; ++k) {
      const double factor = block[i * size + k];
      for (std::uint32_t j = 0; j <= k; ++j) row[j] -= factor * scratch[k * size + j];
    }
    const double scale = 1 / block[i * size + i];
    for (std::uint32_t j = 0; j <= i; ++j) row[j] *= scale;
  }
  std::copy(scratch, scratch + std::size_t{size} * size, block);
}

HINTERLAND_INLINE void transpose(const double* from, double* to, std::uint32_t size) {
  for (std::uint32_t i = 0; i < size; ++i)
    for (std::uint32_t j = 0; j < size; ++j) to[j * size + i] = from[i * size + j];
}

// to -= left x right, row-major
HINTERLAND_INLINE void subtract_product(double* to, const double* left, const double* right,
                                        std::uint32_t rows, std::uint32_t inner, std::uint32_t columns) {
  for (std::uint32_t i = 0; i < rows; ++i) {
    double* row = to + std::size_t{i} * columns;
    for (std::uint32_t p = 0; p < inner; ++p) {
      const double factor = left[i * inner + p];
      const double* other = right + std::size_t{p} * columns;
      for (std::uint32_t j = 0; j < columns; ++j) row[j] -= factor * other[j];
    }
  }
}

// to -= left' x right
HINTERLAND_INLINE void subtract_transposed(double* to, const double* left, const double* right,
                                           std::uint32_t size, std::uint32_t columns) {
  for (std::uint32_t p = 0; p < size; ++p)
    for (std::uint32_t i = 0; i < size; ++i) {
      const double factor = left[p * size + i];
      double* row = to + std::size_t{i} * columns;
      const double* other = right + std::size_t{p} * columns;
      for (std::uint32_t j = 0; j < columns; ++j) row[j] -= factor * other[j];
    }
}

}  // namespace

HINTERLAND_LANES
void factor(const BlockBand& matrix) {
  const std::uint32_t size = matrix.size;
  const std::size_t block = std::size_t{size} * size;
  std::vector<double> scratch(block), transposed((matrix.band + 1) * block);
  for (std::uint32_t b = 0; b < matrix.blocks; ++b) {
    double* inverse = matrix.at(b, 0);
    invert_factor(inverse, scratch.data(), size);
    const std::uint32_t below = std::min(matrix.band, matrix.blocks - 1 - b);
    for (std::uint32_t k = 1; k <= below; ++k) {
      double* off = matrix.at(b, k);
      // off becomes off x inverse', and `turned` its transpose.
      double* turned = transposed.data() + k * block;
      transpose(off, scratch.data(), size);
      std::fill(turned, turned + block, 0.0);
      for (std::uint32_t j = 0; j < size; ++j)
        for (std::uint32_t p = 0; p <= j; ++p) {
          const double entry = inverse[j * size + p];
          for (std::uint32_t i = 0; i < size; ++i) turned[j * size + i] += entry * scratch[p * size + i];
        }
      transpose(turned, off, size);
    }
    for (std::uint32_t l = 1; l <= below; ++l)
      for (std::uint32_t k = l; k <= below; ++k)
        subtract_product(matrix.at(b + l, k - l), matrix.at(b, k), transposed.data() + l * block, size, size,
                         size);
  }
}

HINTERLAND_LANES
void solve(const BlockBand& factored, std::span<double> right, std::uint32_t columns) {
  const std::uint32_t size = factored.size;
  const std::size_t rows = std::size_t{size} * columns;
  std::vector<double> scratch(rows);
  for (std::uint32_t b = 0; b < factored.blocks; ++b) {
    double* own = right.data() + b * rows;
    std::fill(scratch.begin(), scratch.end(), 0.0);
    const double* inverse = factored.at(b, 0);
    for (std::uint32_t i = 0; i < size; ++i)
      for (std::uint32_t k = 0; k <= i; ++k)
        for (std::uint32_t c = 0; c < columns; ++c)
          scratch[i * columns + c] += inverse[i * size + k] * own[k * columns + c];
    std::copy(scratch.begin(), scratch.end(), own);
    for (std::uint32_t k = 1; k <= factored.band && b + k < factored.blocks; ++k)
      subtract_product(own + k * rows, factored.at(b, k), own, size, size, columns);
  }
  for (std::uint32_t b = factored.blocks; b-- > 0;) {
    double* own = right.data() + b * rows;
    for (std::uint32_t k = 1; k <= factored.band && b + k < factored.blocks; ++k)
      subtract_transposed(own, factored.at(b, k), own + k * rows, size, columns);
    std::fill(scratch.begin(), scratch.end(), 0.0);
    const double* inverse = factored.at(b, 0);
    for (std::uint32_t k = 0; k < size; ++k)
      for (std::uint32_t i = 0; i <= k; ++i)
        for (std::uint32_t c = 0; c < columns; ++c)
          scratch[i * columns + c] += inverse[k * size + i] * own[k * columns + c];
    std::copy(scratch.begin(), scratch.end(), own);
  }
}

}  // namespace hinterland
