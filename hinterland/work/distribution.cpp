#include "hinterland/work/distribution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include "hinterland/base/normal.hpp"
#include "hinterland/base/number.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kMostValues = 64;
constexpr std::array<double, 27> kLevels = {0,    0.01, 0.02, 0.05, 0.1,  0.15, 0.2,   0.25,  0.3,
                                            0.35, 0.4,  0.45, 0.5,  0.55, 0.6,  0.65,  0.7,   0.75,
                                            0.8,  0.85, 0.9,  0.95, 0.98, 0.99, 0.995, 0.999, 1};

std::vector<double> even_levels(std::size_t count) {
  std::vector<double> levels(count);
  for (std::size_t i = 0; i < count; ++i) levels[i] = static_cast<double>(i) / static_cast<double>(count - 1);
  return levels;
}

class Complaints {
 public:
  Complaints(const Location& where, Errors& errors) : where_(where), errors_(errors) {}
  void add(std::string field, std::string what, std::string mend) {
    Location at = where_;
    if (!field.empty()) at.field = std::move(field);
    add_error(errors_, {.what = std::move(what), .where = std::move(at), .mend = std::move(mend)});
  }

 private:
  const Location& where_;
  Errors& errors_;
};

void check_values(const Marginal& marginal, Complaints& complaints) {
  if (marginal.values.size() != marginal.shares.size()) {
    complaints.add("shares",
                   fmt::format("{} shares for {} values", marginal.shares.size(), marginal.values.size()),
                   "Give each value its share of the jobs.");
    return;
  }
  const double sum = std::accumulate(marginal.shares.begin(), marginal.shares.end(), 0.0);
  if (std::abs(sum - 1) > 0.01)
    complaints.add("shares", fmt::format("sum up to {:.4g}", sum), "Let them sum up to 1.");
  if (!std::ranges::is_sorted(marginal.values, std::less_equal<>()))
    complaints.add("values", "do not rise", "Order them from the least, each once.");
}

void check_quantiles(const Marginal& marginal, std::span<const double> levels, Complaints& complaints) {
  if (levels.empty() && marginal.quantiles.size() < 2)
    complaints.add("quantiles", "is one number", "Give at least the least and the most.");
  if (!levels.empty() && levels.size() != marginal.quantiles.size()) {
    complaints.add("quantiles",
                   fmt::format("{} quantiles for {} levels", marginal.quantiles.size(), levels.size()),
                   "Give one for each of the file's levels.");
  }
  if (!std::ranges::is_sorted(marginal.quantiles))
    complaints.add("quantiles", "fall somewhere", "Order them from the least.");
}

void check_lognormal(const Marginal& marginal, Complaints& complaints) {
  if (!marginal.median || !marginal.mean) {
    complaints.add(marginal.median ? "mean" : "median", "is missing: a log-normal has both", "Give it too.");
  } else if (*marginal.mean < *marginal.median || marginal.most.value_or(*marginal.mean) < *marginal.mean) {
    complaints.add("mean", "the figures are not in the order median <= mean <= most",
                   "A log-normal has its mean above its median.");
  }
}

}  // namespace

Fields<Marginal> marginal_fields() {
  return {
      field("values", &Marginal::values).within(0, 1e12).documented("the values that occur, from the least"),
      field("shares", &Marginal::shares).within(0, 1).documented("the share of the jobs with each"),
      field("quantiles", &Marginal::quantiles)
          .within(0, 1e12)
          .documented("the quantiles at the file's levels"),
      field("median", &Marginal::median).above(0, 1e12).documented("the median of a log-normal"),
      field("mean", &Marginal::mean).above(0, 1e12).documented("the mean of a log-normal"),
      field("most", &Marginal::most).above(0, 1e12).documented("where a log-normal is cut"),
  };
}

void check_marginal(const Marginal& marginal, std::span<const double> levels, const Location& where,
                    Errors& errors) {
  Complaints complaints(where, errors);
  const bool values = !marginal.values.empty() || !marginal.shares.empty();
  const bool quantiles = !marginal.quantiles.empty();
  const bool lognormal = marginal.median || marginal.mean || marginal.most;
  if (int{values} + int{quantiles} + int{lognormal} != 1) {
    complaints.add("", values || quantiles || lognormal ? "mixes two forms" : "is empty",
                   "Give values with shares, or quantiles, or a median with a mean.");
    return;
  }
  if (values) check_values(marginal, complaints);
  if (quantiles) check_quantiles(marginal, levels, complaints);
  if (lognormal) check_lognormal(marginal, complaints);
}

void check_levels(std::span<const double> levels, const Location& where, Errors& errors) {
  if (levels.size() >= 2 && levels.front() == 0 && levels.back() == 1 &&
      std::ranges::is_sorted(levels, std::less_equal<>())) {
    return;
  }
  Complaints(where, errors)
      .add("levels", "do not rise from 0 to 1", "Begin with 0, end with 1, and let each be larger.");
}

Distribution::Distribution(const Marginal& marginal, std::span<const double> levels) {
  if (!marginal.values.empty()) {
    const double sum = std::accumulate(marginal.shares.begin(), marginal.shares.end(), 0.0);
    double upto = 0;
    for (std::size_t i = 0; i < marginal.values.size(); ++i) {
      upto += marginal.shares[i] / sum;
      pieces_.push_back({.upto = upto, .low = marginal.values[i], .high = marginal.values[i]});
    }
    pieces_.back().upto = 1;
  } else if (!marginal.quantiles.empty()) {
    const auto& q = marginal.quantiles;
    const std::vector<double> even = levels.empty() ? even_levels(q.size()) : std::vector<double>();
    for (std::size_t i = 1; i < q.size(); ++i) {
      const double upto = levels.empty() ? even[i] : levels[i];
      pieces_.push_back({.upto = upto,
                         .low = q[i - 1],
                         .high = q[i],
                         .log_ratio = q[i - 1] > 0 ? std::log(q[i] / q[i - 1]) : 0});
    }
  } else {
    log_median_ = std::log(*marginal.median);
    sigma_ = std::sqrt(2 * std::log(*marginal.mean / *marginal.median));
    if (marginal.most && sigma_ > 0)
      share_at_most_ = normal_cdf((std::log(*marginal.most) - log_median_) / sigma_);
  }
}

std::size_t Distribution::piece_of(double share) const {
  const auto found = std::ranges::lower_bound(pieces_, share, {}, &Piece::upto);
  return std::min(static_cast<std::size_t>(found - pieces_.begin()), pieces_.size() - 1);
}

double Distribution::at(double z) const {
  if (pieces_.empty()) {
    if (share_at_most_ < 1) z = normal_quantile(share_at_most_ * normal_cdf(z));
    return std::exp(log_median_ + sigma_ * z);
  }
  const double share = normal_cdf(z);
  const std::size_t i = piece_of(share);
  const Piece& piece = pieces_[i];
  if (piece.low == piece.high) return piece.low;
  const double from = i == 0 ? 0 : pieces_[i - 1].upto;
  const double part = std::clamp((share - from) / (piece.upto - from), 0.0, 1.0);
  return piece.log_ratio > 0 ? piece.low * std::exp(part * piece.log_ratio)
                             : piece.low + part * (piece.high - piece.low);
}

double Distribution::middle(double z) const {
  const double share = normal_cdf(z);
  if (pieces_.empty()) return share;
  std::size_t i = piece_of(share);
  if (pieces_[i].low != pieces_[i].high) return share;
  std::size_t last = i;
  const double value = pieces_[i].low;
  const auto flat = [&](std::size_t k) { return pieces_[k].low == value && pieces_[k].high == value; };
  while (i > 0 && flat(i - 1)) --i;
  while (last + 1 < pieces_.size() && flat(last + 1)) ++last;
  return ((i == 0 ? 0 : pieces_[i - 1].upto) + pieces_[last].upto) / 2;
}

double Distribution::mean() const {
  if (pieces_.empty()) return std::exp(log_median_ + sigma_ * sigma_ / 2);
  double sum = 0, from = 0;
  for (const Piece& piece : pieces_) {
    const double middle =
        piece.log_ratio > 0 ? (piece.high - piece.low) / piece.log_ratio : (piece.low + piece.high) / 2;
    sum += (piece.upto - from) * middle;
    from = piece.upto;
  }
  return sum;
}

std::span<const double> fitted_levels() { return kLevels; }

double five_digits(double value) { return parse_number(fmt::format("{:.5g}", value)).value_or(value); }

Marginal fit_marginal(std::span<const double> sorted) {
  Marginal marginal;
  for (std::size_t i = 0; i < sorted.size();) {
    const auto same = std::ranges::equal_range(sorted.subspan(i), sorted[i]);
    const double share = static_cast<double>(same.size()) / static_cast<double>(sorted.size());
    const double value = five_digits(sorted[i]);
    i += same.size();
    if (!marginal.values.empty() && marginal.values.back() == value) {
      marginal.shares.back() += share;
      continue;
    }
    if (marginal.values.size() == kMostValues) return fit_quantiles(sorted);
    marginal.values.push_back(value);
    marginal.shares.push_back(share);
  }
  return marginal;
}

Marginal fit_quantiles(std::span<const double> sorted) {
  Marginal marginal;
  for (const double level : kLevels) {
    const auto at = static_cast<std::size_t>(std::lround(level * static_cast<double>(sorted.size() - 1)));
    marginal.quantiles.push_back(sorted[at]);
  }
  return marginal;
}

}  // namespace hinterland
