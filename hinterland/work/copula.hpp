// How quantities of a job hang together: a Gaussian copula, fitted to rank correlations.
//
// Each quantity has a standard normal score, x = quantile(Phi(z)); the scores are jointly normal with correlations r.
// r is what would make the quantities' rank correlation (Spearman's, tied values in the middle of their ranks) the one
// measured. With many equal values (cores) that is not the textbook's 2 sin(pi rho / 6) but follows from both
// distributions: with m(z) the middle rank of the value at z and He_k the normalised Hermite polynomials,
//
//   rank correlation(r) = sum_k a_k b_k r^k / sqrt(sum a_k^2 sum b_k^2),   a_k = E[m_a(z) He_k(z)]   (Mehler)
//
// which is solved for r. Method: our own choice, no source opened.
#pragma once
#include <array>
#include <span>
#include <vector>

#include "hinterland/work/distribution.hpp"

namespace hinterland {

// Spearman's rank correlation that scores of correlation r give to two quantities, and its inverse; r is kept within
// -0.99 and 0.99.
class RankLink {
 public:
  RankLink(const Distribution& a, const Distribution& b);
  [[nodiscard]] double rank_correlation(double r) const;
  [[nodiscard]] double score_correlation(double rank_correlation) const;

 private:
  std::vector<double> terms_;  // of r^1, r^2, ...
};

// Ranks from 0 to 1, equal values in the middle of theirs; NaN stays NaN.
std::vector<double> middle_ranks(std::span<const double> values);

// Pearson's correlation over the pairs in which neither is NaN; 0 if one never varies.
double correlation(std::span<const double> a, std::span<const double> b);

// Correlations of four scores and their Cholesky factor: scores = factor x independent normals.
inline constexpr std::size_t kScores = 4;
using ScoreMatrix = std::array<std::array<double, kScores>, kScores>;
ScoreMatrix identity();
// False if the matrix is not positive definite.
bool cholesky(const ScoreMatrix& matrix, ScoreMatrix& factor);
// The matrix, its correlations shrunk in steps of a tenth until it is positive definite.
ScoreMatrix made_definite(ScoreMatrix matrix);

}  // namespace hinterland
