#include "hinterland/impact/convergence.hpp"

#include <boost/math/distributions/students_t.hpp>

#include <cmath>

#include "hinterland/base/sample.hpp"

namespace hinterland {

namespace {

double students_quantile(std::size_t regions, double level) {
  return boost::math::quantile(boost::math::students_t(static_cast<double>(regions - 2)), (1 + level) / 2);
}

std::vector<double> logarithms(const std::vector<double>& values) {
  std::vector<double> out;
  for (const double value : values) out.push_back(std::log(value));
  return out;
}

// Sums of squares and products about the means.
struct Moments {
  double xx = 0, xy = 0, yy = 0;
};

Moments moments(const std::vector<double>& x, const std::vector<double>& y) {
  const double mean_x = mean(x), mean_y = mean(y);
  Moments out;
  for (std::size_t i = 0; i < x.size(); ++i) {
    out.xx += (x[i] - mean_x) * (x[i] - mean_x);
    out.xy += (x[i] - mean_x) * (y[i] - mean_y);
    out.yy += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return out;
}

}  // namespace

double sigma_of(const std::vector<double>& values) {
  const auto x = logarithms(values);
  return std::sqrt(moments(x, x).xx / static_cast<double>(x.size() - 1));
}

BetaConvergence beta_convergence(const std::vector<double>& first, const std::vector<double>& last,
                                 double years, double level) {
  const auto x = logarithms(first), end = logarithms(last);
  std::vector<double> growth;
  for (std::size_t i = 0; i < x.size(); ++i) growth.push_back((end[i] - x[i]) / years);
  const Moments sums = moments(x, growth);
  const double slope = sums.xy / sums.xx;
  const double residual = std::max(0.0, sums.yy - slope * sums.xy);
  const double error = std::sqrt(residual / static_cast<double>(x.size() - 2) / sums.xx);
  const double away = students_quantile(x.size(), level) * error;
  BetaConvergence out{.slope = {slope, slope - away, slope + away},
                      .beta = {},
                      .r_squared = sums.yy > 0 ? 1 - residual / sums.yy : 1};
  const auto speed = [&](double b) { return -std::log1p(b * years) / years; };
  if (out.slope.low * years > -1)  // the highest speed still has a value
    out.beta = Interval{speed(slope), speed(out.slope.high), speed(out.slope.low)};
  return out;
}

SigmaConvergence sigma_convergence(const std::vector<double>& first, const std::vector<double>& last,
                                   double level) {
  const Moments sums = moments(logarithms(first), logarithms(last));
  const double r_squared = sums.xy * sums.xy / (sums.xx * sums.yy);
  const double t = students_quantile(first.size(), level);
  const double k = 1 + 2 * (1 - r_squared) * t * t / static_cast<double>(first.size() - 2);
  // (K - sqrt(K^2 - 1)) (K + sqrt(K^2 - 1)) = 1
  const double away = k + std::sqrt(std::max(0.0, k * k - 1));
  const double ratio = std::sqrt(sums.yy / sums.xx);
  return {.first = sigma_of(first),
          .last = sigma_of(last),
          .ratio = {ratio, ratio / std::sqrt(away), ratio * std::sqrt(away)}};
}

}  // namespace hinterland
