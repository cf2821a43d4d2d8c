#include "hinterland/siting/band.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "hinterland/base/share_out.hpp"
#include "hinterland/siting/lanes.hpp"

namespace hinterland {

namespace {

// Blocks before `middle` are eliminated downwards, from `past_middle` on upwards.
struct Fronts {
  explicit Fronts(const BlockBand& matrix)
      : middle(matrix.blocks > 4 * (matrix.band + 1) ? (matrix.blocks - matrix.band) / 2 : matrix.blocks),
        past_middle(std::min(matrix.blocks, middle + matrix.band)) {}
  std::uint32_t middle, past_middle;
};

// Both fronts, on two threads where there are two.
template <class Down, class Up>
void from_both_ends(const Fronts& fronts, const BlockBand& matrix, const Down& down, const Up& up) {
  share_out(fronts.middle < matrix.blocks ? 2 : 1, [&](std::size_t, std::int64_t front) {
    if (front == 0)
      down();
    else
      up();
  });
}

// Lower triangle of a block -> its Cholesky factor -> that factor's inverse.
HINTERLAND_INLINE void invert_factor(double* block, double* scratch, std::uint32_t size) {
  double* column = scratch;  // of the factor, side by side
  for (std::uint32_t j = 0; j < size; ++j) {
    const double scale = 1 / std::sqrt(std::max(block[j * size + j], 1e-300));
    for (std::uint32_t i = j; i < size; ++i) column[i] = block[i * size + j] *= scale;
    for (std::uint32_t i = j + 1; i < size; ++i) {
      double* row = block + std::size_t{i} * size;
      for (std::uint32_t k = j + 1; k <= i; ++k) row[k] -= column[i] * column[k];
    }
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

HINTERLAND_INLINE Lanes load(const double* from) {
  Lanes out;
  std::memcpy(&out, from, sizeof out);
  return out;
}

// Four rows and four columns at a time.
HINTERLAND_INLINE void transpose(const double* from, double* to, std::uint32_t size) {
  for (std::uint32_t i = 0; i < size; i += kLanes)
    for (std::uint32_t j = 0; j < size; j += kLanes) {
      const double *one = from + std::size_t{i} * size + j, *two = one + size, *three = two + size,
                   *four = three + size;
      const Lanes a = load(one), b = load(two), c = load(three), d = load(four);
      const Lanes ab_even = __builtin_shufflevector(a, b, 0, 4, 2, 6),
                  ab_odd = __builtin_shufflevector(a, b, 1, 5, 3, 7),
                  cd_even = __builtin_shufflevector(c, d, 0, 4, 2, 6),
                  cd_odd = __builtin_shufflevector(c, d, 1, 5, 3, 7);
      const Lanes turned[] = {__builtin_shufflevector(ab_even, cd_even, 0, 1, 4, 5),
                              __builtin_shufflevector(ab_odd, cd_odd, 0, 1, 4, 5),
                              __builtin_shufflevector(ab_even, cd_even, 2, 3, 6, 7),
                              __builtin_shufflevector(ab_odd, cd_odd, 2, 3, 6, 7)};
      for (std::uint32_t row = 0; row < kLanes; ++row)
        std::memcpy(to + std::size_t{j + row} * size + i, &turned[row], sizeof(Lanes));
    }
}

// to -= sum over p of factor(p) x row p of `rows`, added up in that order; four rows at a time, so that `to` is read
// and written a quarter as often.
template <class Factor>
HINTERLAND_INLINE void subtract_rows(double* __restrict to, const double* __restrict rows,
                                     std::uint32_t first, std::uint32_t past, std::uint32_t columns,
                                     const Factor& factor) {
  // Sums of 32 bits may wrap around: a compiler that has to think of that gathers what lies side by side.
  const std::size_t stride = columns;
  std::uint32_t p = first;
  for (; p + 4 <= past; p += 4) {
    const double a = factor(p), b = factor(p + 1), c = factor(p + 2), d = factor(p + 3);
    const double *one = rows + p * stride, *two = one + stride, *three = two + stride, *four = three + stride;
    for (std::size_t j = 0; j < stride; ++j)
      to[j] = to[j] - a * one[j] - b * two[j] - c * three[j] - d * four[j];
  }
  for (; p < past; ++p) {
    const double a = factor(p);
    const double* row = rows + p * stride;
    for (std::size_t j = 0; j < stride; ++j) to[j] -= a * row[j];
  }
}

// to -= left x right, row-major
HINTERLAND_INLINE void subtract_product(double* to, const double* left, const double* right,
                                        std::uint32_t size, std::uint32_t columns) {
  for (std::uint32_t i = 0; i < size; ++i)
    subtract_rows(to + std::size_t{i} * columns, right, 0, size, columns,
                  [&](std::uint32_t p) { return left[i * size + p]; });
}

// to -= left' x right
HINTERLAND_INLINE void subtract_transposed(double* to, const double* left, const double* right,
                                           std::uint32_t size, std::uint32_t columns) {
  for (std::uint32_t i = 0; i < size; ++i)
    subtract_rows(to + std::size_t{i} * columns, right, 0, size, columns,
                  [&](std::uint32_t p) { return left[p * size + i]; });
}

// out = lower x in, and out = lower' x in
HINTERLAND_INLINE void lower_times(const double* lower, const double* in, double* out, std::uint32_t size,
                                   std::uint32_t columns) {
  std::fill(out, out + std::size_t{size} * columns, 0.0);
  for (std::uint32_t i = 0; i < size; ++i)
    subtract_rows(out + std::size_t{i} * columns, in, 0, i + 1, columns,
                  [&](std::uint32_t k) { return -lower[i * size + k]; });
}
HINTERLAND_INLINE void upper_times(const double* lower, const double* in, double* out, std::uint32_t size,
                                   std::uint32_t columns) {
  std::fill(out, out + std::size_t{size} * columns, 0.0);
  for (std::uint32_t i = 0; i < size; ++i)
    subtract_rows(out + std::size_t{i} * columns, in, i, size, columns,
                  [&](std::uint32_t k) { return -lower[k * size + i]; });
}

// Eliminates blocks first .. past - 1 downwards, into those before `last`:
//     L(b+k, b) = A(b+k, b) inverse(b)',   A(b+k, b+l) -= L(b+k, b) L(b+l, b)'
HINTERLAND_LANES
void factor_down(const BlockBand& matrix, std::uint32_t first, std::uint32_t past, std::uint32_t last) {
  const std::uint32_t size = matrix.size;
  const std::size_t block = std::size_t{size} * size;
  std::vector<double> scratch(block), transposed((matrix.band + 1) * block);
  for (std::uint32_t b = first; b < past; ++b) {
    const double* inverse = matrix.at(b, 0);
    invert_factor(matrix.at(b, 0), scratch.data(), size);
    const std::uint32_t below = std::min(matrix.band, last - 1 - b);
    for (std::uint32_t k = 1; k <= below; ++k) {
      double* off = matrix.at(b, k);
      double* turned = transposed.data() + k * block;
      transpose(off, scratch.data(), size);
      lower_times(inverse, scratch.data(), turned, size, size);
      transpose(turned, off, size);
    }
    for (std::uint32_t l = 1; l <= below; ++l)
      for (std::uint32_t k = l; k <= below; ++k)
        subtract_product(matrix.at(b + l, k - l), matrix.at(b, k), transposed.data() + l * block, size, size);
  }
}

// Eliminates the blocks from the last up to past_middle upwards:
//     W(b, b-k) = inverse(b) A(b, b-k),   A(b-l, b-k) -= W(b, b-l)' W(b, b-k)
// What falls on the middle goes to `corner` [(block x (band + 1) + k)], for the other front writes there.
HINTERLAND_LANES
void factor_up(const BlockBand& matrix, const Fronts& fronts, std::span<double> corner) {
  const std::uint32_t size = matrix.size;
  const std::size_t block = std::size_t{size} * size;
  std::vector<double> scratch(block);
  const auto into = [&](std::uint32_t column, std::uint32_t below) {
    return column + below < fronts.past_middle
               ? corner.data() + (std::size_t{column - fronts.middle} * (matrix.band + 1) + below) * block
               : matrix.at(column, below);
  };
  for (std::uint32_t b = matrix.blocks; b-- > fronts.past_middle;) {
    const double* inverse = matrix.at(b, 0);
    invert_factor(matrix.at(b, 0), scratch.data(), size);
    const std::uint32_t above = std::min(matrix.band, b - fronts.middle);
    for (std::uint32_t k = 1; k <= above; ++k) {
      double* off = matrix.at(b - k, k);
      lower_times(inverse, off, scratch.data(), size, size);
      std::copy(scratch.begin(), scratch.end(), off);
    }
    for (std::uint32_t l = 1; l <= above; ++l)
      for (std::uint32_t k = l; k <= above; ++k)
        subtract_transposed(into(b - k, k - l), matrix.at(b - l, l), matrix.at(b - k, k), size, size);
  }
}

// Solving with what factor_down left: first with L, then (`solve_back`) with L'.
HINTERLAND_LANES
void solve_down(const BlockBand& matrix, std::uint32_t first, std::uint32_t past, std::uint32_t last,
                double* right, std::uint32_t columns) {
  const std::size_t rows = std::size_t{matrix.size} * columns;
  std::vector<double> scratch(rows);
  for (std::uint32_t b = first; b < past; ++b) {
    double* own = right + b * rows;
    lower_times(matrix.at(b, 0), own, scratch.data(), matrix.size, columns);
    std::copy(scratch.begin(), scratch.end(), own);
    for (std::uint32_t k = 1; k <= matrix.band && b + k < last; ++k)
      subtract_product(own + k * rows, matrix.at(b, k), own, matrix.size, columns);
  }
}
HINTERLAND_LANES
void solve_back_down(const BlockBand& matrix, std::uint32_t first, std::uint32_t past, std::uint32_t last,
                     double* right, std::uint32_t columns) {
  const std::size_t rows = std::size_t{matrix.size} * columns;
  std::vector<double> scratch(rows);
  for (std::uint32_t b = past; b-- > first;) {
    double* own = right + b * rows;
    for (std::uint32_t k = 1; k <= matrix.band && b + k < last; ++k)
      subtract_transposed(own, matrix.at(b, k), own + k * rows, matrix.size, columns);
    upper_times(matrix.at(b, 0), own, scratch.data(), matrix.size, columns);
    std::copy(scratch.begin(), scratch.end(), own);
  }
}

// The same with what factor_up left; `corner` [middle block] takes what falls on the middle.
HINTERLAND_LANES
void solve_up(const BlockBand& matrix, const Fronts& fronts, double* right, double* corner,
              std::uint32_t columns) {
  const std::size_t rows = std::size_t{matrix.size} * columns;
  std::vector<double> scratch(rows);
  for (std::uint32_t b = matrix.blocks; b-- > fronts.past_middle;) {
    double* own = right + b * rows;
    lower_times(matrix.at(b, 0), own, scratch.data(), matrix.size, columns);
    std::copy(scratch.begin(), scratch.end(), own);
    for (std::uint32_t k = 1; k <= matrix.band && b - k >= fronts.middle; ++k) {
      double* to =
          b - k < fronts.past_middle ? corner + (b - k - fronts.middle) * rows : right + (b - k) * rows;
      subtract_transposed(to, matrix.at(b - k, k), own, matrix.size, columns);
    }
  }
}
HINTERLAND_LANES
void solve_back_up(const BlockBand& matrix, const Fronts& fronts, double* right, std::uint32_t columns) {
  const std::size_t rows = std::size_t{matrix.size} * columns;
  std::vector<double> scratch(rows);
  for (std::uint32_t b = fronts.past_middle; b < matrix.blocks; ++b) {
    double* own = right + b * rows;
    for (std::uint32_t k = 1; k <= matrix.band && b - k >= fronts.middle; ++k)
      subtract_product(own, matrix.at(b - k, k), right + (b - k) * rows, matrix.size, columns);
    upper_times(matrix.at(b, 0), own, scratch.data(), matrix.size, columns);
    std::copy(scratch.begin(), scratch.end(), own);
  }
}

}  // namespace

void factor(const BlockBand& matrix) {
  const Fronts fronts(matrix);
  const std::size_t block = std::size_t{matrix.size} * matrix.size;
  std::vector<double> corner(std::size_t{fronts.past_middle - fronts.middle} * (matrix.band + 1) * block);
  from_both_ends(
      fronts, matrix, [&] { factor_down(matrix, 0, fronts.middle, fronts.past_middle); },
      [&] { factor_up(matrix, fronts, corner); });
  double* middle = fronts.middle < matrix.blocks ? matrix.at(fronts.middle, 0) : nullptr;
  for (std::size_t k = 0; k < corner.size(); ++k)
    if (corner[k] != 0) middle[k] += corner[k];
  factor_down(matrix, fronts.middle, fronts.past_middle, fronts.past_middle);
}

void solve(const BlockBand& factored, std::span<double> right, std::uint32_t columns) {
  const Fronts fronts(factored);
  const std::size_t rows = std::size_t{factored.size} * columns;
  std::vector<double> corner((fronts.past_middle - fronts.middle) * rows);
  double* all = right.data();
  from_both_ends(
      fronts, factored, [&] { solve_down(factored, 0, fronts.middle, fronts.past_middle, all, columns); },
      [&] { solve_up(factored, fronts, all, corner.data(), columns); });
  for (std::size_t k = 0; k < corner.size(); ++k) all[fronts.middle * rows + k] += corner[k];
  solve_down(factored, fronts.middle, fronts.past_middle, fronts.past_middle, all, columns);
  solve_back_down(factored, fronts.middle, fronts.past_middle, fronts.past_middle, all, columns);
  from_both_ends(
      fronts, factored,
      [&] { solve_back_down(factored, 0, fronts.middle, fronts.past_middle, all, columns); },
      [&] { solve_back_up(factored, fronts, all, columns); });
}

}  // namespace hinterland
