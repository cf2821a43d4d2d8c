// The standard normal distribution's area to the left of x:
//
//   Phi(x) = erfc(-x / sqrt 2) / 2
//
// Through erfc, so that the far left tail keeps its digits. Abramowitz and Stegun 1964, 26.2.29.
#pragma once

namespace hinterland {

double normal_cdf(double x);

}  // namespace hinterland
