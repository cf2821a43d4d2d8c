// The distribution of one quantity of a job, in the few numbers that a model file holds, and draws from it.
//
// Three forms, of which a file gives one:
//   values, shares   a few values, each with its share of the jobs (cores, GPUs)
//   quantiles        a grid of the quantile function at `levels` (0 to 1); between two levels it is geometric where the
//                    lower end is positive, else straight; equal neighbours are a value that many jobs share
//   median, mean     log-normal: ln x is normal with mean ln(median) and variance 2 ln(mean / median); with `most`, cut
//                    there (given x <= most, as if draws above it were drawn again)
//
// A draw is a standard normal z: x = quantile(Phi(z)), so that quantities can be joined by correlated normals
// (copula.hpp).
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hinterland/base/field.hpp"

namespace hinterland {

// As a file gives it.
struct Marginal {
  std::vector<double> values, shares, quantiles;
  std::optional<double> median, mean, most;
  [[nodiscard]] bool given() const { return !values.empty() || !quantiles.empty() || median || mean; }
};
Fields<Marginal> marginal_fields();
// What the fields alone cannot tell: one form, lists of equal lengths, quantiles that do not fall. `levels` are those of
// the file; empty: evenly spaced.
void check_marginal(const Marginal& marginal, std::span<const double> levels, const Location& where,
                    Errors& errors);
// Levels of a grid of quantiles: at least two, from 0 to 1, rising.
void check_levels(std::span<const double> levels, const Location& where, Errors& errors);

class Distribution {
 public:
  // Requires a checked marginal.
  Distribution(const Marginal& marginal, std::span<const double> levels);

  // The value whose normal score is z.
  [[nodiscard]] double at(double z) const;
  // Where the jobs that share the value at z stand in the middle: its share below plus half its own.
  [[nodiscard]] double middle(double z) const;
  // Of the log-normal, before it is cut.
  [[nodiscard]] double mean() const;

 private:
  // Between two cumulative shares the quantile function goes from low to high.
  struct Piece {
    double upto = 0;  // cumulative share at its end
    double low = 0, high = 0;
    double log_ratio = 0;  // ln(high / low) where it is geometric, else 0
  };
  [[nodiscard]] std::size_t piece_of(double share) const;

  std::vector<Piece> pieces_;  // empty: log-normal
  double log_median_ = 0, sigma_ = 0, share_at_most_ = 1;
};

// A number to the five digits that a model's file has: more than a fit knows.
double five_digits(double value);

// The levels at which fits keep quantiles: dense where tails are long.
std::span<const double> fitted_levels();

// The distribution of the samples, sorted: values and shares if they are few (at most 64 that differ in five digits), else quantiles
// at fitted_levels(), each a value that occurs. Requires a sample.
Marginal fit_marginal(std::span<const double> sorted);
// Quantiles whatever they are.
Marginal fit_quantiles(std::span<const double> sorted);

}  // namespace hinterland
