#include "hinterland/work/copula.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace hinterland {

namespace {

constexpr std::size_t kTerms = 40;
constexpr double kMostCorrelation = 0.99;
constexpr double kFarthest = 7;  // of scores
constexpr int kSteps = 2800;

struct Expansion {
  std::array<double, kTerms> terms{};  // a_1 ... a_K
  double deviation = 0;                // sqrt of the sum of all a_k^2: that of the middle rank
};

// By the midpoint rule.
Expansion expansion_of(const Distribution& distribution) {
  Expansion out;
  static constexpr double kWidth = 2 * kFarthest / kSteps;
  double variance = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double z = -kFarthest + (i + 0.5) * kWidth;
    const double weight = kWidth * std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
    const double rank = distribution.middle(z) - 0.5;
    variance += weight * rank * rank;
    double before = 1, now = z;  // He_0, He_1
    for (std::size_t k = 1; k <= kTerms; ++k) {
      out.terms.at(k - 1) += weight * rank * now;
      const auto order = static_cast<double>(k);
      const double next = (z * now - std::sqrt(order) * before) / std::sqrt(order + 1);
      before = now;
      now = next;
    }
  }
  out.deviation = std::sqrt(variance);
  return out;
}

}  // namespace

RankLink::RankLink(const Distribution& a, const Distribution& b) {
  const Expansion left = expansion_of(a), right = expansion_of(b);
  const double scale = left.deviation * right.deviation;
  for (std::size_t k = 0; k < kTerms; ++k)
    terms_.push_back(scale > 1e-9 ? left.terms.at(k) * right.terms.at(k) / scale : 0);
}

double RankLink::rank_correlation(double r) const {
  double sum = 0;
  for (std::size_t k = terms_.size(); k-- > 0;) sum = (sum + terms_[k]) * r;
  return sum;
}

double RankLink::score_correlation(double wanted) const {
  double low = -kMostCorrelation, high = kMostCorrelation;
  if (rank_correlation(high) == 0) return 0;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (rank_correlation(middle) < wanted ? low : high) = middle;
  }
  return (low + high) / 2;
}

std::vector<double> middle_ranks(std::span<const double> values) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i])) order.push_back(i);
  }
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    const double middle = static_cast<double>(i + end) / 2 / static_cast<double>(order.size());
    for (; i < end; ++i) ranks[order[i]] = middle;
  }
  return ranks;
}

double correlation(std::span<const double> a, std::span<const double> b) {
  double n = 0, sum_a = 0, sum_b = 0;
  const auto known = [&](std::size_t i) { return !std::isnan(a[i]) && !std::isnan(b[i]); };
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!known(i)) continue;
    n += 1;
    sum_a += a[i];
    sum_b += b[i];
  }
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!known(i)) continue;
    const double da = a[i] - sum_a / n, db = b[i] - sum_b / n;
    aa += da * da;
    bb += db * db;
    ab += da * db;
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

ScoreMatrix identity() {
  ScoreMatrix matrix{};
  for (std::size_t i = 0; i < kScores; ++i) matrix.at(i).at(i) = 1;
  return matrix;
}

bool cholesky(const ScoreMatrix& matrix, ScoreMatrix& factor) {
  factor = {};
  for (std::size_t i = 0; i < kScores; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double rest = matrix.at(i).at(j);
      for (std::size_t k = 0; k < j; ++k) rest -= factor.at(i).at(k) * factor.at(j).at(k);
      if (i != j) {
        factor.at(i).at(j) = rest / factor.at(j).at(j);
      } else if (rest > 1e-9) {
        factor.at(i).at(i) = std::sqrt(rest);
      } else {
        return false;
      }
    }
  }
  return true;
}

ScoreMatrix made_definite(ScoreMatrix matrix) {
  ScoreMatrix factor;
  while (!cholesky(matrix, factor)) {
    for (std::size_t i = 0; i < kScores; ++i) {
      for (std::size_t j = 0; j < kScores; ++j) {
        if (i != j) matrix.at(i).at(j) *= 0.9;
      }
    }
  }
  return matrix;
}

}  // namespace hinterland
