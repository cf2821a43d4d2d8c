#include "hinterland/impact/ras.hpp"

#include <algorithm>
#include <cmath>

namespace hinterland {

namespace {

constexpr double kNear = 1e-12;
constexpr int kMostRounds = 1000;

// The worst of the rows, each against its sum, before they are scaled.
double scale_rows(Matrix& matrix, const std::vector<double>& rows) {
  double worst = 0;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < matrix.columns; ++j) sum += matrix(i, j);
    if (sum == 0) continue;
    const double factor = rows[i] / sum;
    worst = std::max(worst, std::abs(sum - rows[i]) / std::max(sum, rows[i]));
    for (std::size_t j = 0; j < matrix.columns; ++j) matrix(i, j) *= factor;
  }
  return worst;
}

void scale_columns(Matrix& matrix, const std::vector<double>& columns) {
  std::vector<double> factors(matrix.columns);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j) factors[j] += matrix(i, j);
  }
  for (std::size_t j = 0; j < matrix.columns; ++j) factors[j] = factors[j] > 0 ? columns[j] / factors[j] : 0;
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j) matrix(i, j) *= factors[j];
  }
}

}  // namespace

void balance(Matrix& guess, const std::vector<double>& rows, const std::vector<double>& columns) {
  scale_columns(guess, columns);
  for (int round = 0; round < kMostRounds; ++round) {
    const double worst = scale_rows(guess, rows);
    scale_columns(guess, columns);
    if (worst < kNear) return;
  }
}

}  // namespace hinterland
