#include "hinterland/base/sensitivity.hpp"

#include <cmath>

namespace hinterland {

namespace {

// sum(x) / sum(v) and its standard error, row by row.
struct Ratio {
  double value = 0, error = 0;
};

template <class Numerator>
Ratio ratio_of_means(const std::vector<double>& v, const Numerator& x) {
  const auto n = static_cast<double>(v.size());
  double sum_x = 0, sum_v = 0;
  for (std::size_t j = 0; j < v.size(); ++j) {
    sum_x += x(j);
    sum_v += v[j];
  }
  const double value = sum_x / sum_v;
  double scatter = 0;
  for (std::size_t j = 0; j < v.size(); ++j) {
    const double off = x(j) - value * v[j];
    scatter += off * off;
  }
  return {.value = value, .error = std::sqrt(scatter * n / (n - 1)) / sum_v};
}

}  // namespace

std::vector<SobolIndex> sobol_indices(const std::vector<double>& a, const std::vector<double>& b,
                                      const std::vector<std::vector<double>>& ab) {
  const std::size_t n = a.size();
  double mean = 0;
  for (std::size_t j = 0; j < n; ++j) mean += (a[j] + b[j]) / (2 * static_cast<double>(n));
  std::vector<double> variance(n);  // each row's share in it
  double all = 0;
  for (std::size_t j = 0; j < n; ++j) {
    variance[j] = ((a[j] - mean) * (a[j] - mean) + (b[j] - mean) * (b[j] - mean)) / 2;
    all += variance[j];
  }
  std::vector<SobolIndex> indices(ab.size());
  if (all <= 0) return indices;
  for (std::size_t i = 0; i < ab.size(); ++i) {
    const auto half_square = [](double x) { return x * x / 2; };
    const Ratio little =
        ratio_of_means(variance, [&](std::size_t j) { return (b[j] - mean) * (ab[i][j] - a[j]); });
    const Ratio others =
        ratio_of_means(variance, [&](std::size_t j) { return half_square(b[j] - ab[i][j]); });
    const Ratio first =
        little.error <= others.error ? little : Ratio{.value = 1 - others.value, .error = others.error};
    const Ratio total = ratio_of_means(variance, [&](std::size_t j) { return half_square(a[j] - ab[i][j]); });
    indices[i] = {
        .first = first.value, .first_error = first.error, .total = total.value, .total_error = total.error};
  }
  return indices;
}

}  // namespace hinterland
