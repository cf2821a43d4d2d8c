#include "hinterland/impact/matrix.hpp"

#include <Eigen/LU>

namespace hinterland {

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kSingular = 1e-13;

}  // namespace

Matrix identity(std::size_t size) {
  Matrix one(size, size);
  for (std::size_t i = 0; i < size; ++i) one(i, i) = 1;
  return one;
}

std::vector<double> times(const Matrix& matrix, const std::vector<double>& column) {
  std::vector<double> product(matrix.rows);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j) product[i] += matrix(i, j) * column[j];
  }
  return product;
}

std::vector<double> times(const std::vector<double>& row, const Matrix& matrix) {
  std::vector<double> product(matrix.columns);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.columns; ++j) product[j] += row[i] * matrix(i, j);
  }
  return product;
}

std::optional<Matrix> inverse_of(const Matrix& matrix) {
  const auto size = static_cast<Eigen::Index>(matrix.rows);
  const Eigen::PartialPivLU<Rows> lu(Eigen::Map<const Rows>(matrix.values.data(), size, size));
  if (!(lu.rcond() > kSingular)) return std::nullopt;
  Matrix inverse(matrix.rows, matrix.columns);
  Eigen::Map<Rows>(inverse.values.data(), size, size) = lu.inverse();
  return inverse;
}

}  // namespace hinterland
