#include "hinterland/impact/deal_filter.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace hinterland {

namespace {

constexpr double kRounding = 1.0 / 12;  // variance of a count as a whole number

Eigen::Vector4d as_vector(const StageShares& shares) { return Eigen::Vector4d(shares.data()); }

// Variance of where one deal stands.
Eigen::Matrix4d scatter(const Eigen::Vector4d& shares) {
  Eigen::Matrix4d out = -shares * shares.transpose();
  out.diagonal() += shares;
  return out;
}

}  // namespace

void DealFilter::move_to(double year, double newly_signed) {
  const double span = year - year_;
  Eigen::Matrix4d lead;  // row: from
  Eigen::Matrix4d scattered = Eigen::Matrix4d::Zero();
  for (std::size_t from = 0; from < kDealStages; ++from) {
    const auto row = static_cast<Eigen::Index>(from);
    const Eigen::Vector4d shares = as_vector(stages_after(rates_, static_cast<DealStage>(from), span));
    lead.row(row) = shares.transpose();
    scattered += std::max(0.0, mean_[row]) * scatter(shares);
  }
  const Eigen::Vector4d fresh = as_vector(stages_of_signed_within(rates_, span));
  covariance_ = lead.transpose() * covariance_ * lead + scattered + newly_signed * scatter(fresh);
  mean_ = lead.transpose() * mean_ + newly_signed * fresh;
  year_ = year;
}

double DealFilter::take(const StageCount& count) {
  const std::array<std::optional<double>, kDealStages> seen = {std::nullopt, count.building, count.operating,
                                                               count.dropped};
  double likelihood = 0;
  // One count after the other: their errors are independent.
  for (std::size_t i = 0; i < kDealStages; ++i) {
    if (!seen[i]) continue;
    const auto at = static_cast<Eigen::Index>(i);
    const double variance = covariance_(at, at) + kRounding;
    const double miss = *seen[i] - mean_[at];
    likelihood -= (std::log(variance) + miss * miss / variance) / 2;
    const Eigen::Vector4d gain = covariance_.col(at) / variance;
    mean_ += gain * miss;
    covariance_ -= gain * gain.transpose() * variance;
  }
  return likelihood;
}

DealFilter filtered(const std::vector<StageCount>& counts, const DealRates& rates, double since,
                    double& likelihood) {
  DealFilter filter(rates, since);
  double signed_before = 0;
  for (const StageCount& count : counts) {
    filter.move_to(count.year, count.signed_deals - signed_before);
    likelihood += filter.take(count);
    signed_before = count.signed_deals;
  }
  return filter;
}

}  // namespace hinterland
