// The counts of deals at each stage as a normal law, moved through time and held against what was counted (deal_fit.hpp).
#pragma once
#include <Eigen/Core>

#include "hinterland/impact/deal_fit.hpp"

namespace hinterland {

class DealFilter {
 public:
  // Before the first signing at `since`.
  DealFilter(const DealRates& rates, double since) : rates_(rates), year_(since) {}

  // To a later point of the calendar, with so many deals signed evenly in between.
  void move_to(double year, double newly_signed);
  // The logarithm of how likely the count's stages are, all but the constant; what it says is taken in.
  double take(const StageCount& count);

  [[nodiscard]] const Eigen::Vector4d& mean() const { return mean_; }
  [[nodiscard]] double variance(DealStage stage) const {
    const auto i = static_cast<Eigen::Index>(stage);
    return covariance_(i, i);
  }

 private:
  DealRates rates_;
  double year_;
  Eigen::Vector4d mean_ = Eigen::Vector4d::Zero();
  Eigen::Matrix4d covariance_ = Eigen::Matrix4d::Zero();
};

// Past all counts; the logarithm of their likelihood is added to `likelihood`.
DealFilter filtered(const std::vector<StageCount>& counts, const DealRates& rates, double since,
                    double& likelihood);

}  // namespace hinterland
