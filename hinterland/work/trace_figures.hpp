// What two traces are compared by: how long their jobs run, and how unevenly they arrive.
//
//   run quantiles   quantile_of_sorted() of base/sample.hpp
//   gaps            between successive submissions
//   hourly counts   of the hours of time from `begin` to `end`, the first and last one whole:
//     dispersion      variance / mean; 1 for a Poisson process
//     lag k           autocorrelation, sum (c_i - m)(c_{i+k} - m) / sum (c_i - m)^2; NaN below 2 k + 2 hours
//     peak to mean    of the fullest hour
//   KS distance     the largest difference of two empirical distribution functions
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "hinterland/work/trace.hpp"

namespace hinterland {

struct TraceFigures {
  double run_p10_s = 0, run_p50_s = 0, run_p90_s = 0, run_p99_s = 0;
  double jobs_per_day = 0, dispersion = 0, lag_1_h = 0, lag_24_h = 0, peak_to_mean = 0;
  std::vector<double> runs_s, gaps_s;  // sorted
};

// Requires jobs in the order of their submission, all between begin and end.
TraceFigures trace_figures(std::span<const Job> jobs, Instant begin, Instant end);

// Replaces runs and their quantiles by those of other jobs.
void put_runs(std::span<const Job> jobs, TraceFigures& figures);

// The mean figures of several samples, their runs and gaps pooled. Requires one.
TraceFigures pooled(std::span<const TraceFigures> samples);

// Requires both sorted and not empty.
double ks_distance(std::span<const double> a, std::span<const double> b);

}  // namespace hinterland
