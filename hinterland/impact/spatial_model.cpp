#include "hinterland/impact/spatial_model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hinterland {

namespace {

constexpr double kDamping = 0.5;  // of people and capital, who otherwise chase each other

double sum_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

// All hats of a round, as logarithms where they multiply.
class Rounds {
 public:
  Rounds(const SpatialWorld& world, const SpatialParameters& parameters, const SpatialPolicy& policy)
      : world_(world),
        parameters_(parameters),
        policy_(policy),
        n_(world.size()),
        total_(sum_of(world.product)),
        everybody_(sum_of(world.people)),
        price_(n_, 0.0),
        people_(n_, 0.0),
        capital_(n_, 0.0),
        sold_(n_, 0.0),
        value_(n_, 0.0),
        income_(n_, 0.0),
        weight_(n_, 0.0) {
    if (policy.capital)
      for (std::size_t i = 0; i < n_; ++i) capital_[i] = std::log((*policy.capital)[i]);
  }

  // One round; the largest change that it would make without damping.
  double step() {
    const double theta = parameters_.trade_elasticity, alpha = parameters_.capital_share;
    const double kept = 1 - parameters_.owners_elsewhere * alpha;
    std::vector<double> made(n_), spent(n_), cheap(n_),
        shown(n_, 0.0);  // X', I', p^-theta, what m's prices come to
    double all = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      made[i] =
          world_.product[i] *
          std::exp(price_[i] + (1 - alpha + parameters_.agglomeration) * people_[i] + alpha * capital_[i]);
      all += made[i];
    }
    // Money has no level: all products together stay worth what they were.
    const double level = std::log(total_ / all);
    for (std::size_t i = 0; i < n_; ++i) {
      price_[i] += level;
      made[i] *= std::exp(level);
      spent[i] = kept * made[i] + (1 - kept) * world_.product[i];
      cheap[i] = std::exp(-theta * price_[i]);
    }
    for (std::size_t k = 0; k < n_; ++k)
      for (std::size_t m = 0; m < n_; ++m) shown[m] += world_.trade(k, m) * cheap[k];
    double most = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      double wanted = 0;
      for (std::size_t m = 0; m < n_; ++m) wanted += world_.trade(i, m) * cheap[i] / shown[m] * spent[m];
      const double change = std::log(wanted / made[i]) / (1 + theta);
      most = std::max(most, std::abs(change));
      sold_[i] = std::log(made[i] / world_.product[i]);
      income_[i] = std::log(spent[i] / world_.product[i]) - people_[i] + std::log(shown[i]) / theta;
      price_[i] += change;
    }
    most = std::max(most, place_people());
    if (!policy_.capital) {
      for (std::size_t i = 0; i < n_; ++i) {
        const double change = sold_[i] - capital_[i];
        most = std::max(most, std::abs(change));
        capital_[i] += kDamping * change;
      }
    }
    return most;
  }

  // The largest change of a region's people, in logarithms.
  [[nodiscard]] double farthest() const {
    double most = 0;
    for (const double one : people_) most = std::max(most, std::abs(one));
    return most;
  }

  [[nodiscard]] SpatialOutcome outcome(int rounds) const {
    SpatialOutcome out{.easing = easing_, .rounds = rounds};
    const auto barriers = barriers_of(world_, parameters_);
    double before = 0, after = 0, barriers_before = 0, barriers_after = 0, log_sum = 0;
    double all = 0;
    for (std::size_t i = 0; i < n_; ++i) all += world_.people[i] * std::exp(people_[i]);
    for (std::size_t i = 0; i < n_; ++i) {
      const double share = world_.people[i] / everybody_;
      const double now = world_.people[i] * std::exp(people_[i]) / all;
      const double eased = eases(i) ? easing_ : 0.0;
      out.people.push_back(now);
      out.income.push_back(std::exp(income_[i]));
      before += world_.product[i];
      after += world_.product[i] * std::exp(people_[i] + income_[i]);
      log_sum += share * std::exp(parameters_.migration_elasticity * (value_[i] + eased));
      barriers_before += share * barriers[i];
      barriers_after += now * (barriers[i] - eased);
    }
    out.output = after / before - 1;
    out.welfare = std::log(log_sum) / parameters_.migration_elasticity + barriers_after - barriers_before;
    return out;
  }

 private:
  [[nodiscard]] bool eases(std::size_t i) const { return policy_.people && policy_.people->into[i]; }

  double place_people() {
    const double s = parameters_.congestion(), kappa = parameters_.migration_elasticity;
    double inside = 0, outside = 0, share_inside = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      value_[i] = (1 - s) * income_[i] - s * people_[i];
      weight_[i] = world_.people[i] / everybody_ * std::exp(kappa * value_[i]);
      (eases(i) ? inside : outside) += weight_[i];
      if (eases(i)) share_inside += world_.people[i] / everybody_;
    }
    // The easing with which as many are inside as the policy says.
    double pull = 1;
    if (policy_.people) {
      const double goal = share_inside + policy_.people->share;
      pull = goal * outside / ((1 - goal) * inside);
      easing_ = std::log(pull) / kappa;
    }
    const double everywhere = pull * inside + outside;
    double most = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      const double now = weight_[i] * (eases(i) ? pull : 1) / everywhere;
      const double change = std::log(now * everybody_ / world_.people[i]) - people_[i];
      most = std::max(most, std::abs(change));
      people_[i] += kDamping * change;
    }
    return most;
  }

  const SpatialWorld& world_;
  const SpatialParameters& parameters_;
  const SpatialPolicy& policy_;
  std::size_t n_;
  double total_, everybody_;
  std::vector<double> price_, people_, capital_;  // logarithms of hats
  std::vector<double> sold_, value_, income_, weight_;
  double easing_ = 0;
};

}  // namespace

Expected<Matrix> gravity_trade(const std::vector<double>& product, const Matrix& distance_km, double decay) {
  const std::size_t n = product.size();
  Matrix near(n, n);
  for (std::size_t i = 0; i < near.values.size(); ++i)
    near.values[i] = std::pow(distance_km.values[i], -decay);
  std::vector<double> strength = product;
  Matrix trade(n, n);
  for (int round = 0; round < kMostSpatialRounds; ++round) {
    std::vector<double> wanted(n, 0.0);
    for (std::size_t m = 0; m < n; ++m) {
      double all = 0;
      for (std::size_t k = 0; k < n; ++k) all += strength[k] * near(k, m);
      for (std::size_t k = 0; k < n; ++k) {
        trade(k, m) = strength[k] * near(k, m) / all;
        wanted[k] += trade(k, m) * product[m];
      }
    }
    double most = 0;
    for (std::size_t k = 0; k < n; ++k) {
      most = std::max(most, std::abs(std::log(product[k] / wanted[k])));
      strength[k] *= product[k] / wanted[k];
    }
    if (most < kSpatialTolerance) return trade;
  }
  return failure({.what = fmt::format("trade does not balance within {} rounds", kMostSpatialRounds),
                  .where = {.file = "spatial_economy.csv", .field = "distance_decay"},
                  .mend = "Give a smaller decay, or a longer way within a region."});
}

std::vector<double> barriers_of(const SpatialWorld& world, const SpatialParameters& parameters) {
  const double everybody = sum_of(world.people);
  std::vector<double> gaps;
  double mean = 0;
  for (std::size_t i = 0; i < world.size(); ++i) {
    gaps.push_back((1 - parameters.congestion()) * std::log(world.product[i] / world.people[i]));
    mean += world.people[i] / everybody * gaps.back();
  }
  for (double& gap : gaps) gap = parameters.barrier_share * (gap - mean);
  return gaps;
}

Expected<SpatialOutcome> spatial_outcome(const SpatialWorld& world, const SpatialParameters& parameters,
                                         const SpatialPolicy& policy, int most_rounds) {
  const auto refuse = [&](const std::string& what) {
    return failure(
        {.what = fmt::format("{} (agglomeration {:g}, migration elasticity {:g}, housing share / (1 + its "
                             "elasticity) {:g})",
                             what, parameters.agglomeration, parameters.migration_elasticity,
                             parameters.congestion()),
         .where = {.file = "spatial_economy.csv", .field = "agglomeration"},
         .mend =
             "Give a smaller agglomeration or migration elasticity, or homes that fend people off more."});
  };
  Rounds rounds(world, parameters, policy);
  for (int round = 1; round <= most_rounds; ++round) {
    const double most = rounds.step();
    if (!std::isfinite(most)) break;
    if (most >= kSpatialTolerance) continue;
    if (rounds.farthest() > kFarthestMove) return refuse("people run together, and regions empty");
    return rounds.outcome(round);
  }
  return refuse(fmt::format("people and capital come to no rest within {} rounds", most_rounds));
}

}  // namespace hinterland
