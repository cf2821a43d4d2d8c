#include "hinterland/impact/deal_fit.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>

#include "hinterland/base/normal.hpp"
#include "hinterland/base/random.hpp"
#include "hinterland/impact/deal_filter.hpp"

namespace hinterland {

namespace {

using Scores = Eigen::Vector4d;  // standard normal scores: start, build, drop, since

constexpr double kNinetyFifth = 1.6448536269514722;  // Phi^-1(0.95)
constexpr double kTails = 5;                         // degrees of freedom of the t distribution
constexpr std::size_t kDrawsBetweenSteps = 500;
constexpr double kFromPrior = 0.2;  // share of draws

double log_normal(const Range& range, double z) {
  return range.central * std::exp(z * std::log(range.high / range.low) / (2 * kNinetyFifth));
}

// What a point in the scores stands for.
struct DealCase {
  DealRates rates;
  double since = 0;
};

DealCase case_of(const DealPriors& priors, const Scores& z) {
  return {.rates = {.start = 1 / log_normal(priors.start_years, z[0]),
                    .build = 1 / log_normal(priors.build_years, z[1]),
                    .drop = log_normal(priors.drop, z[2])},
          .since = Spread(priors.since).quantile(normal_cdf(z[3]))};
}

// -ln of the posterior, up to a constant.
double deficit(const DealQuestion& question, const Scores& z) {
  double likelihood = 0;
  const DealCase one = case_of(question.priors, z);
  filtered(question.counts, one.rates, one.since, likelihood);
  return z.squaredNorm() / 2 - likelihood;
}

struct Slopes {
  Scores gradient;
  Eigen::Matrix4d curvature;
};

// By central differences.
Slopes slopes_at(const DealQuestion& question, const Scores& z, double here) {
  static constexpr double kStep = 1e-3;
  const auto at = [&](Eigen::Index i, double di, Eigen::Index j, double dj) {
    Scores moved = z;
    moved[i] += di;
    moved[j] += dj;
    return deficit(question, moved);
  };
  Slopes out;
  for (Eigen::Index i = 0; i < 4; ++i) {
    const double up = at(i, kStep, i, 0), down = at(i, -kStep, i, 0);
    out.gradient[i] = (up - down) / (2 * kStep);
    out.curvature(i, i) = (up - 2 * here + down) / (kStep * kStep);
    for (Eigen::Index j = 0; j < i; ++j) {
      out.curvature(i, j) = out.curvature(j, i) = (at(i, kStep, j, kStep) - at(i, kStep, j, -kStep) -
                                                   at(i, -kStep, j, kStep) + at(i, -kStep, j, -kStep)) /
                                                  (4 * kStep * kStep);
    }
  }
  return out;
}

// The curvature, raised until it curves upwards in every direction.
Eigen::LLT<Eigen::Matrix4d> upwards(const Eigen::Matrix4d& curvature) {
  double raise = 0;
  while (true) {
    Eigen::LLT<Eigen::Matrix4d> root(curvature + raise * Eigen::Matrix4d::Identity());
    if (root.info() == Eigen::Success) return root;
    raise = std::max(1e-3, 4 * raise);
  }
}

// Where the posterior is highest, and how it curves there.
struct Mode {
  Scores at;
  Eigen::LLT<Eigen::Matrix4d> curvature;
};

// Newton's steps, halved until they lead down.
Mode find_mode(const DealQuestion& question) {
  static constexpr int kMostSteps = 60, kMostHalvings = 30;
  static constexpr double kNear = 1e-6;
  Scores z = Scores::Zero();
  double here = deficit(question, z);
  for (int step = 0; step < kMostSteps; ++step) {
    const Slopes slopes = slopes_at(question, z, here);
    Scores move = -upwards(slopes.curvature).solve(slopes.gradient);
    move /= std::max(1.0, move.norm());
    double there = deficit(question, z + move);
    for (int k = 0; k < kMostHalvings && !(there < here); ++k) {
      move /= 2;
      there = deficit(question, z + move);
    }
    if (!(there < here) || here - there < kNear) break;
    z += move;
    here = there;
  }
  return {z, upwards(slopes_at(question, z, here).curvature)};
}

struct WeightedCase {
  DealCase what;
  double weight = 0;
  DealFilter filter;
};

double log_sum(double a, double b) { return std::max(a, b) + std::log1p(std::exp(-std::abs(a - b))); }

// Draws from t about the mode and from the prior, with the weights that make them the posterior's.
std::vector<WeightedCase> posterior(const DealQuestion& question, Progress& progress) {
  const Mode mode = find_mode(question);
  const Eigen::Matrix4d root = mode.curvature.matrixL();
  const double log_root = root.diagonal().array().log().sum();
  // Constants of the two densities: (2 pi)^-2 and Gamma(a + 2) / (Gamma(a) (pi nu)^2), a = nu / 2.
  const double prior_constant = -2 * std::log(2 * M_PI);
  const double t_constant =
      std::lgamma(kTails / 2 + 2) - std::lgamma(kTails / 2) - 2 * std::log(M_PI * kTails);
  RandomStream random(question.seed, "deals");
  std::vector<WeightedCase> out;
  std::vector<double> logs;
  for (std::size_t i = 0; i < question.draws; ++i) {
    // At least so many are made, for there is no band of none.
    if (i > 0 && i % kDrawsBetweenSteps == 0 &&
        !progress.step("draws", static_cast<std::int64_t>(i), static_cast<std::int64_t>(question.draws)))
      break;
    const bool from_prior = random.uniform() < kFromPrior;
    Scores z;
    for (Eigen::Index k = 0; k < 4; ++k) z[k] = random.normal();
    double chi = 0;
    for (int k = 0; k < static_cast<int>(kTails); ++k) {
      const double normal = random.normal();
      chi += normal * normal;
    }
    if (!from_prior)
      z = mode.at + root.transpose().triangularView<Eigen::Upper>().solve(z) * std::sqrt(kTails / chi);
    const double away = (root.transpose() * (z - mode.at)).squaredNorm();
    const double by_t = t_constant + log_root - (kTails / 2 + 2) * std::log1p(away / kTails);
    const double by_prior = prior_constant - z.squaredNorm() / 2;
    double likelihood = 0;
    const DealCase what = case_of(question.priors, z);
    const DealFilter filter = filtered(question.counts, what.rates, what.since, likelihood);
    logs.push_back(by_prior + likelihood -
                   log_sum(std::log(kFromPrior) + by_prior, std::log(1 - kFromPrior) + by_t));
    out.push_back({.what = what, .weight = 0, .filter = filter});
  }
  const double most = *std::ranges::max_element(logs);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].weight = std::exp(logs[i] - most);
  return out;
}

using Weighted = std::vector<std::pair<double, double>>;  // value, weight

Band band_of(Weighted values, double level) {
  std::ranges::sort(values);
  double all = 0;
  for (const auto& [value, weight] : values) all += weight;
  const auto quantile = [&](double q) {
    double sum = 0;
    for (const auto& [value, weight] : values) {
      sum += weight;
      if (sum >= q * all) return value;
    }
    return values.back().first;
  };
  return {quantile((1 - level) / 2), quantile(0.5), quantile((1 + level) / 2)};
}

template <class Quantity>
LearntBand learnt(const DealQuestion& question, const std::vector<WeightedCase>& cases,
                  const Quantity& quantity) {
  Weighted before, after;
  RandomStream random(question.seed, "deals before counting");
  for (const WeightedCase& one : cases) {
    after.emplace_back(quantity(one.what), one.weight);
    Scores z;
    for (Eigen::Index k = 0; k < 4; ++k) z[k] = random.normal();
    before.emplace_back(quantity(case_of(question.priors, z)), 1);
  }
  return {.prior = band_of(std::move(before), question.level),
          .posterior = band_of(std::move(after), question.level)};
}

// The stages at a later point, each draw once, scattered as its filter says.
DealForecast forecast(const DealQuestion& question, const std::vector<WeightedCase>& cases, double year,
                      RandomStream& random) {
  const StageCount& last = question.counts.back();
  const double fresh = question.signing_per_year * (year - last.year);
  DealForecast out{.year = year, .signed_deals = last.signed_deals + fresh};
  std::array<Weighted, kDealStages> values;
  for (const WeightedCase& one : cases) {
    DealFilter filter = one.filter;
    if (year > last.year) filter.move_to(year, fresh);
    for (std::size_t s = 0; s < kDealStages; ++s) {
      const auto stage = static_cast<DealStage>(s);
      const double value = filter.mean()[static_cast<Eigen::Index>(s)] +
                           std::sqrt(std::max(0.0, filter.variance(stage))) * random.normal();
      values[s].emplace_back(std::clamp(value, 0.0, out.signed_deals), one.weight);
    }
  }
  Band* const bands[] = {&out.waiting, &out.building, &out.operating, &out.dropped};
  for (std::size_t s = 0; s < kDealStages; ++s) *bands[s] = band_of(std::move(values[s]), question.level);
  return out;
}

}  // namespace

DealFit fit_deals(const DealQuestion& question, Progress& progress) {
  const auto cases = posterior(question, progress);
  DealFit out;
  out.draws = cases.size();
  out.start_years = learnt(question, cases, [](const DealCase& one) { return 1 / one.rates.start; });
  out.build_years = learnt(question, cases, [](const DealCase& one) { return 1 / one.rates.build; });
  out.drop = learnt(question, cases, [](const DealCase& one) { return one.rates.drop; });
  out.since = learnt(question, cases, [](const DealCase& one) { return one.since; });
  out.operating_in_the_end =
      learnt(question, cases, [](const DealCase& one) { return share_operating_in_the_end(one.rates); });
  RandomStream random(question.seed, "deals ahead");
  out.now = forecast(question, cases, question.counts.back().year, random);
  for (const double year : question.ahead) out.ahead.push_back(forecast(question, cases, year, random));
  double sum = 0, squares = 0;
  for (const WeightedCase& one : cases) {
    sum += one.weight;
    squares += one.weight * one.weight;
  }
  out.effective_draws = sum * sum / squares;
  return out;
}

}  // namespace hinterland
