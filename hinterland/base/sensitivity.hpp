// Sobol indices: which share of a result's variance each of its independent inputs carries.
//
//   first-order  S_i  = V[E(y | x_i)] / V(y)          what would go, were x_i known
//   total        ST_i = E[V(y | all but x_i)] / V(y)   what would stay, were all but x_i known
//
// from two independent samples A and B of all inputs, and AB_i: A with the column of x_i taken from B
// (Saltelli et al. 2010, Computer Physics Communications 181 259, table 2 (b), (c) and (f); the last two are
// Jansen's, 1999):
//
//   S_i  = mean of (f(B) - m) (f(AB_i) - f(A)) / V            m, V: mean and variance of f over A and B
//   S_i  = 1 - mean of (f(B) - f(AB_i))^2 / 2 V
//   ST_i = mean of (f(A) - f(AB_i))^2 / 2 V
//
// Taking m away changes no expectation and much of the scatter. Of the two for S_i the one with the smaller error is
// given: the first is sharp where x_i carries little, the second where it carries nearly all. The samples are plain
// random ones, so a standard error follows from the rows: that of a ratio of two means (delta method). An estimate
// may leave [0, 1] by its error.
#pragma once
#include <vector>

namespace hinterland {

struct SobolIndex {
  double first = 0, first_error = 0;  // standard errors
  double total = 0, total_error = 0;
};

// One a column of `ab`. All columns have the length of `a` and `b`, which is at least 2. All zero where the result
// does not vary.
std::vector<SobolIndex> sobol_indices(const std::vector<double>& a, const std::vector<double>& b,
                                      const std::vector<std::vector<double>>& ab);

}  // namespace hinterland
