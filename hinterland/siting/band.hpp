// A symmetric positive definite matrix in blocks, none further than `band` from the diagonal: factored and solved from
// both ends at once.
//
// The blocks before a middle of `band` blocks are eliminated downwards, those after it upwards, each on a thread of its
// own; what they leave of the middle is eliminated last. Of the diagonal blocks the inverse of their Cholesky factor is
// kept, so that solving multiplies only.
// Golub & Van Loan, Matrix Computations (2013), 4.3 (band Cholesky); George 1973, SIAM J. Numerical Analysis 10, 345
// (separators).
#pragma once
#include <cstdint>
#include <span>

namespace hinterland {

struct BlockBand {
  std::uint32_t size;    // of a block: whole vector registers
  std::uint32_t blocks;  // on the diagonal
  std::uint32_t band;
  std::span<double>
      data;  // [(block x (band + 1) + k) x size x size]: the block in row `block + k`, column `block`

  double* at(std::uint32_t column, std::uint32_t below) const {
    return data.data() + (std::size_t{column} * (band + 1) + below) * size * size;
  }
};

// In place.
void factor(const BlockBand& matrix);

// In place: `right` [(block x size + row) x columns], of a factored matrix.
void solve(const BlockBand& factored, std::span<double> right, std::uint32_t columns);

}  // namespace hinterland
