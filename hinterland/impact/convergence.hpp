// Do regions converge? Two questions, each with its interval.
//
// Beta: do the poor grow faster? Of n regions, each counting once, with y_0 and y_T a head T years apart (Barro and
// Sala-i-Martin 1992, Journal of Political Economy 100 223, equation 1, unconditional):
//
//   ln(y_T / y_0) / T = a + b ln y_0 + e        by least squares
//   b = -(1 - exp(-beta T)) / T     so     beta = -ln(1 + b T) / T,   half of a gap is closed in ln 2 / beta years
//
// b has the interval b +- t(n - 2) se(b); beta's ends are those of b, carried over. beta has no value where b <= -1 / T:
// the order would be turned round within T years.
//
// Sigma: is the spread smaller? sigma_t is the standard deviation of ln y_t over the regions (n - 1). The two years are of
// the same regions, so their spreads are correlated; the interval of sigma_T / sigma_0 inverts the test of Pitman 1939 and
// Morgan 1939 (Biometrika 31 9 and 13), exact where ln y is bivariate normal: with r the correlation of ln y_0 and ln y_T,
//
//   K = 1 + 2 (1 - r^2) t(n - 2)^2 / (n - 2)
//   (sigma_T / sigma_0)^2  in  (s_T / s_0)^2 [K - sqrt(K^2 - 1), K + sqrt(K^2 - 1)]
//
// Intervals speak of the regions as draws from more of their kind, and of nothing else: neither of errors in GDP, nor of the
// years chosen. Beta without sigma is possible (the poor grow faster and shocks spread them anew), not the reverse.
#pragma once
#include <optional>
#include <vector>

namespace hinterland {

struct Interval {
  double value = 0, low = 0, high = 0;
  [[nodiscard]] bool holds(double x) const { return low <= x && x <= high; }
};

struct BetaConvergence {
  Interval slope;                // b, a year and unit of ln y
  std::optional<Interval> beta;  // a year
  double r_squared = 0;
  // "poor grow faster", "poor grow slower": only where the interval leaves 0 out.
  [[nodiscard]] bool converges() const { return slope.high < 0; }
  [[nodiscard]] bool diverges() const { return slope.low > 0; }
};

struct SigmaConvergence {
  double first = 0, last = 0;  // sigma_0, sigma_T
  Interval ratio;              // sigma_T / sigma_0
  [[nodiscard]] bool converges() const { return ratio.high < 1; }
  [[nodiscard]] bool diverges() const { return ratio.low > 1; }
};

// Standard deviation of the logarithms; requires two values above 0.
double sigma_of(const std::vector<double>& values);

// Regions in the same order, at least four, values above 0, not all of `first` equal; `level` as 0.95.
BetaConvergence beta_convergence(const std::vector<double>& first, const std::vector<double>& last,
                                 double years, double level);
SigmaConvergence sigma_convergence(const std::vector<double>& first, const std::vector<double>& last,
                                   double level);

}  // namespace hinterland
