// What traces are compared by.
#include "hinterland/work/trace_figures.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cmath>

using namespace hinterland;

namespace {

constexpr std::int64_t kHour = 3'600'000;

Job job(double submit_h, double run_s) {
  Job out;
  out.submit_ms = static_cast<std::int64_t>(submit_h * kHour);
  out.run_ms = static_cast<std::int64_t>(run_s * 1000);
  return out;
}

// counts[i] jobs in hour i.
TraceFigures of_counts(const std::vector<int>& counts) {
  std::vector<Job> jobs;
  for (std::size_t hour = 0; hour < counts.size(); ++hour) {
    for (int i = 0; i < counts[hour]; ++i) jobs.push_back(job(static_cast<double>(hour), 1));
  }
  return trace_figures(jobs, {0}, {static_cast<std::int64_t>(counts.size()) * kHour - 1});
}

}  // namespace

TEST_CASE("hourly counts give dispersion, peak and autocorrelation by hand") {
  const TraceFigures figures = of_counts({0, 4, 0, 4});
  CHECK(figures.dispersion == 2);  // variance 4, mean 2
  CHECK(figures.peak_to_mean == 2);
  CHECK(figures.lag_1_h == -0.75);
  CHECK(std::isnan(figures.lag_24_h));
  CHECK(figures.jobs_per_day == doctest::Approx(48));
}

TEST_CASE("a trace that repeats every day is correlated over 24 hours") {
  std::vector<int> counts;
  for (int hour = 0; hour < 240; ++hour) counts.push_back(hour % 24 < 8 ? 9 : 1);
  CHECK(of_counts(counts).lag_24_h == doctest::Approx(0.9));  // 216 of 240 products
}

TEST_CASE("runs and gaps are kept sorted; a run that is not known is left out") {
  Job unknown = job(1, 0);
  unknown.run_ms = kUnknown;
  const std::array<Job, 4> jobs = {job(0, 50), job(0.5, 10), unknown, job(3, 30)};
  const TraceFigures figures = trace_figures(jobs, {0}, {3 * kHour});
  CHECK(figures.runs_s == std::vector<double>{10, 30, 50});
  CHECK(figures.gaps_s == std::vector<double>{1800, 1800, 7200});
  CHECK(figures.run_p50_s == 30);
}

TEST_CASE("pooled samples have mean figures and all runs") {
  const std::array<TraceFigures, 2> samples = {of_counts({0, 4, 0, 4}), of_counts({2, 2, 2, 2})};
  const TraceFigures both = pooled(samples);
  CHECK(both.dispersion == 1);
  CHECK(both.runs_s.size() == 16);
  CHECK(both.jobs_per_day == doctest::Approx(48));
}

TEST_CASE("the KS distance is the largest difference of distribution functions") {
  CHECK(ks_distance(std::vector<double>{1, 2, 3, 4}, std::vector<double>{1, 2, 3, 4}) == 0);
  CHECK(ks_distance(std::vector<double>{1, 2}, std::vector<double>{3, 4}) == 1);
  CHECK(ks_distance(std::vector<double>{1, 2, 3, 4}, std::vector<double>{3}) == 0.5);
  CHECK(ks_distance(std::vector<double>{5, 5, 5}, std::vector<double>{5}) == 0);
}

TEST_CASE("the KS distance is symmetric, and that found by trying every value") {
  CHECK(rc::check([] {
    const auto numbers = [] {
      auto out = *rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(
          rc::gen::map(rc::gen::inRange(0, 12), [](int n) { return static_cast<double>(n); })));
      std::ranges::sort(out);
      return out;
    };
    const auto a = numbers(), b = numbers();
    double farthest = 0;
    for (double value = 0; value < 12; ++value) {
      const auto share = [&](const std::vector<double>& of) {
        return static_cast<double>(std::ranges::upper_bound(of, value) - of.begin()) /
               static_cast<double>(of.size());
      };
      farthest = std::max(farthest, std::abs(share(a) - share(b)));
    }
    RC_ASSERT(std::abs(ks_distance(a, b) - farthest) < 1e-12);
    RC_ASSERT(ks_distance(a, b) == ks_distance(b, a));
  }));
}
