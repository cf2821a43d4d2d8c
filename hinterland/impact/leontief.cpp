#include "hinterland/impact/leontief.hpp"

#include <algorithm>

namespace hinterland {

Expected<Leontief> leontief_of(Matrix coefficients, const std::string& named) {
  Matrix rest = identity(coefficients.rows);
  for (std::size_t at = 0; at < rest.values.size(); ++at) rest.values[at] -= coefficients.values[at];
  const Location where{.file = named};
  auto inverse = inverse_of(rest);
  if (!inverse)
    return failure({.what = "the table is singular: some industries use up all they make among themselves",
                    .where = where,
                    .mend = "Look for an industry whose inputs add up to its whole output."});
  // Rounding leaves a zero a little below itself.
  if (std::ranges::any_of(inverse->values, [](double value) { return value < -1e-9; }))
    return failure({.what = "no finite output meets every demand: industries use more than they make",
                    .where = where,
                    .mend = "Look for an industry whose inputs add up to more than its output."});
  return Leontief{.coefficients = std::move(coefficients), .inverse = std::move(*inverse)};
}

std::vector<double> per_output(const IoTable& table, const std::vector<double>& of_industries) {
  std::vector<double> shares(table.size());
  for (std::size_t j = 0; j < table.size(); ++j)
    shares[j] = table.output[j] > 0 ? of_industries[j] / table.output[j] : 0;
  return shares;
}

Matrix domestic_coefficients(const IoTable& table) {
  Matrix coefficients = table.domestic;
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (std::size_t j = 0; j < table.size(); ++j)
      coefficients(i, j) = table.output[j] > 0 ? table.domestic(i, j) / table.output[j] : 0;
  }
  return coefficients;
}

std::vector<double> imports_per_output(const IoTable& table) {
  return per_output(table, times(std::vector<double>(table.size(), 1), table.imported));
}

std::vector<double> value_added_per_output(const IoTable& table) {
  std::vector<double> added(table.size());
  for (std::size_t j = 0; j < table.size(); ++j) added[j] = table.value_added(j);
  return per_output(table, added);
}

std::vector<double> output_multipliers(const Leontief& model) {
  return times(std::vector<double>(model.inverse.rows, 1), model.inverse);
}

Matrix with_households(const Matrix& coefficients, const std::vector<double>& earned,
                       const std::vector<double>& bought) {
  const std::size_t n = coefficients.rows;
  Matrix closed(n + 1, n + 1);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) closed(i, j) = coefficients(i, j);
    closed(i, n) = bought[i];
    closed(n, i) = earned[i];
  }
  return closed;
}

}  // namespace hinterland
