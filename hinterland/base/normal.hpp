// The standard normal distribution's area to the left of x, and its inverse:
//
//   Phi(x) = erfc(-x / sqrt 2) / 2
//
// Through erfc, so that the far left tail keeps its digits. Abramowitz and Stegun 1964, 26.2.29.
#pragma once

namespace hinterland {

double normal_cdf(double x);

// For 0 < p < 1: Newton on ln Phi, which is concave, so that it closes in from one side.
double normal_quantile(double p);

}  // namespace hinterland
