#include "hinterland/impact/drivers.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace hinterland {

namespace {

constexpr double kDeviations = 3.5;

std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> rank(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) rank[order[i]] = static_cast<double>(begin + end - 1) / 2;
    begin = end;
  }
  return rank;
}

}  // namespace

double rank_correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const std::vector<double> a = ranks(x), b = ranks(y);
  const double mean = static_cast<double>(a.size() - 1) / 2;
  double both = 0, of_a = 0, of_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - mean) * (b[i] - mean);
    of_a += (a[i] - mean) * (a[i] - mean);
    of_b += (b[i] - mean) * (b[i] - mean);
  }
  return of_a > 0 && of_b > 0 ? both / std::sqrt(of_a * of_b) : 0;
}

std::vector<Driver> strongest(std::vector<Driver> all, std::size_t draws) {
  const double least = kDeviations / std::sqrt(static_cast<double>(draws));
  std::erase_if(all, [&](const Driver& one) { return std::abs(one.correlation) < least; });
  std::ranges::stable_sort(all, std::greater(), [](const Driver& one) { return std::abs(one.correlation); });
  if (all.size() > kDriversTold) all.resize(kDriversTold);
  return all;
}

}  // namespace hinterland
