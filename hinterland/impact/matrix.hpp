// A dense matrix of numbers, row by row; and what is solved with one.
#pragma once
#include <cstddef>
#include <optional>
#include <vector>

namespace hinterland {

struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;

  Matrix() = default;
  Matrix(std::size_t height, std::size_t width) : rows(height), columns(width), values(height * width) {}

  double& operator()(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

Matrix identity(std::size_t size);

// M v; requires as many values as columns.
std::vector<double> times(const Matrix& matrix, const std::vector<double>& column);
// v' M; requires as many values as rows.
std::vector<double> times(const std::vector<double>& row, const Matrix& matrix);

// The inverse of a square matrix, by its LU decomposition with partial pivoting; nothing where it is singular: its
// reciprocal condition number lies below 1e-13.
std::optional<Matrix> inverse_of(const Matrix& matrix);

}  // namespace hinterland
