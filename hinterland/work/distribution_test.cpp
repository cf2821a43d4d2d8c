// Distributions of a job's quantities: the three forms, their draws and how they are fitted.
#include "hinterland/work/distribution.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/normal.hpp"
#include "hinterland/base/random.hpp"
#include "hinterland/work/trace_figures.hpp"

using namespace hinterland;

namespace {

Marginal quantiles(std::vector<double> numbers) {
  Marginal out;
  out.quantiles = std::move(numbers);
  return out;
}
Marginal few(std::vector<double> values, std::vector<double> shares) {
  Marginal out;
  out.values = std::move(values);
  out.shares = std::move(shares);
  return out;
}
Marginal lognormal(double median, double mean, std::optional<double> most = {}) {
  Marginal out;
  out.median = median;
  out.mean = mean;
  out.most = most;
  return out;
}

std::string problem(const Marginal& marginal, std::vector<double> levels = {}) {
  Errors errors;
  check_marginal(marginal, levels, {.file = "m.toml", .line = 3, .field = "run_s"}, errors);
  return errors.empty() ? "" : describe(errors.front());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::vector<double> draws(const Distribution& distribution, int count) {
  RandomStream random(1, "test");
  std::vector<double> out;
  for (int i = 0; i < count; ++i) out.push_back(distribution.at(random.normal()));
  std::ranges::sort(out);
  return out;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("a grid of quantiles is met at its levels, and is geometric between them") {
  const Distribution d(quantiles({1, 4, 4, 100}), std::vector<double>{0, 0.25, 0.75, 1});
  CHECK(std::abs(d.at(normal_quantile(0.125)) - 2) < 1e-9);
  CHECK(d.at(0) == 4);
  CHECK(d.at(normal_quantile(0.7)) == 4);
  CHECK(std::abs(d.at(normal_quantile(0.875)) - 20) < 1e-7);
  CHECK(d.at(-40) == 1);
  CHECK(std::abs(d.at(40) - 100) < 1e-9);
}

TEST_CASE("from zero a grid is straight, and without levels they are even") {
  const Distribution d(quantiles({0, 10}), {});
  CHECK(std::abs(d.at(0) - 5) < 1e-12);
  CHECK(d.mean() == 5);
}

TEST_CASE("a few values come with their shares") {
  const auto sample = draws(Distribution(few({1, 8}, {0.75, 0.25}), {}), 40'000);
  const auto ones = std::ranges::count(sample, 1.0);
  CHECK(std::abs(static_cast<double>(ones) / 40'000 - 0.75) < 5 * std::sqrt(0.75 * 0.25 / 40'000));
  CHECK(std::ranges::count(sample, 8.0) + ones == 40'000);
}

TEST_CASE("jobs that share a value stand in the middle of their ranks") {
  const Distribution values(few({1, 8}, {0.75, 0.25}), {});
  CHECK(values.middle(-3) == 0.375);
  CHECK(values.middle(3) == 0.875);
  const Distribution grid(quantiles({1, 2, 2, 2, 9}), {});
  CHECK(grid.middle(0) == 0.5);
  CHECK(grid.middle(normal_quantile(0.3)) == 0.5);
  CHECK(std::abs(grid.middle(normal_quantile(0.1)) - 0.1) < 1e-9);
}

TEST_CASE("a log-normal has its median and mean, and none above its most") {
  constexpr int kDraws = 40'000;
  const Distribution d(lognormal(20, 25), {});
  CHECK(std::abs(d.at(0) - 20) < 1e-9);
  CHECK(std::abs(d.mean() - 25) < 1e-9);
  const double sigma = 25 * std::sqrt(std::pow(25.0 / 20, 2) - 1);
  CHECK(std::abs(mean_of(draws(d, kDraws)) - 25) < 5 * sigma / std::sqrt(kDraws));
  CHECK(draws(Distribution(lognormal(20, 25, 30), {}), 2000).back() <= 30 + 1e-9);
  CHECK(draws(Distribution(lognormal(20, 20, 20), {}), 10).front() == doctest::Approx(20));
}

TEST_CASE("a draw never falls when its score rises, and the mean is that of the draws") {
  CHECK(rc::check([] {
    auto numbers = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
        rc::gen::map(rc::gen::inRange(0, 1000), [](int n) { return n / 8.0; })));
    numbers.push_back(200);
    std::ranges::sort(numbers);
    const Distribution d(quantiles(numbers), {});
    double before = -1, sum = 0;
    constexpr int kSteps = 20'000;
    for (int i = 0; i < kSteps; ++i) {
      const double now = d.at(normal_quantile((i + 0.5) / kSteps));
      RC_ASSERT(now >= before - 1e-9);
      before = now;
      sum += now;
    }
    RC_ASSERT(std::abs(sum / kSteps - d.mean()) < 0.02 * d.mean() + 0.01);
  }));
}

TEST_CASE("few different values are fitted as they are, many as quantiles that occur") {
  const std::vector<double> cores = {1, 1, 1, 4};
  const Marginal exact = fit_marginal(cores);
  CHECK(exact.values == std::vector<double>{1, 4});
  CHECK(exact.shares == std::vector<double>{0.75, 0.25});
  std::vector<double> runs;
  for (int i = 0; i <= 1000; ++i) runs.push_back(i);
  const Marginal grid = fit_marginal(runs);
  REQUIRE(grid.quantiles.size() == fitted_levels().size());
  for (std::size_t i = 0; i < grid.quantiles.size(); ++i)
    CHECK(grid.quantiles[i] == std::round(fitted_levels()[i] * 1000));
}

TEST_CASE("what is fitted to a sample generates its like") {
  RandomStream random(5, "sample");
  std::vector<double> sample;
  for (int i = 0; i < 20'000; ++i) sample.push_back(std::exp(4 + 2 * random.normal()));
  std::ranges::sort(sample);
  const auto again = draws(Distribution(fit_marginal(sample), fitted_levels()), 20'000);
  CHECK(ks_distance(sample, again) < 0.02);  // 1.36 sqrt(2 / n) is 0.0136
}

TEST_CASE("a marginal that contradicts itself is refused at its place") {
  CHECK(problem(lognormal(20, 25, 90)).empty());
  CHECK(problem(Marginal{}) ==
        "m.toml:3: run_s: is empty. Give values with shares, or quantiles, or a median with a mean.");
  Marginal both = lognormal(20, 25);
  both.quantiles = {1, 2};
  CHECK(has(problem(both), "mixes two forms"));
  CHECK(has(problem(lognormal(30, 20)), "median <= mean <= most"));
  CHECK(has(problem(lognormal(10, 20, 15)), "median <= mean <= most"));
  CHECK(has(problem(few({1, 2}, {1})), "m.toml:3: shares: 1 shares for 2 values"));
  CHECK(has(problem(few({1, 2}, {0.5, 0.2})), "sum up to 0.7"));
  CHECK(has(problem(few({2, 1}, {0.5, 0.5})), "values: do not rise"));
  CHECK(has(problem(quantiles({5})), "is one number"));
  CHECK(has(problem(quantiles({5, 4})), "fall somewhere"));
  CHECK(has(problem(quantiles({1, 2}), {0, 0.5, 1}), "2 quantiles for 3 levels"));
  Marginal half;
  half.mean = 3;
  CHECK(has(problem(half), "median: is missing"));
}

TEST_CASE("levels rise from 0 to 1") {
  const auto bad = [](std::vector<double> levels) {
    Errors errors;
    check_levels(levels, {.file = "m.toml"}, errors);
    return !errors.empty();
  };
  CHECK_FALSE(bad({0, 0.5, 1}));
  CHECK(bad({0.1, 1}));
  CHECK(bad({0, 0.9}));
  CHECK(bad({0, 0.5, 0.5, 1}));
  CHECK(bad({0}));
}
