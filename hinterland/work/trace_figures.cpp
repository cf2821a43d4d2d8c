#include "hinterland/work/trace_figures.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hinterland/base/sample.hpp"
#include "hinterland/work/hour_slots.hpp"

namespace hinterland {

namespace {

void put_run_quantiles(TraceFigures& figures) {
  if (figures.runs_s.empty()) return;
  figures.run_p10_s = quantile_of_sorted(figures.runs_s, 0.1);
  figures.run_p50_s = quantile_of_sorted(figures.runs_s, 0.5);
  figures.run_p90_s = quantile_of_sorted(figures.runs_s, 0.9);
  figures.run_p99_s = quantile_of_sorted(figures.runs_s, 0.99);
}

double autocorrelation(std::span<const double> counts, double mean, double squares, std::size_t lag) {
  if (counts.size() < 2 * lag + 2 || squares == 0) return std::numeric_limits<double>::quiet_NaN();
  double sum = 0;
  for (std::size_t i = 0; i + lag < counts.size(); ++i) sum += (counts[i] - mean) * (counts[i + lag] - mean);
  return sum / squares;
}

}  // namespace

void put_runs(std::span<const Job> jobs, TraceFigures& figures) {
  figures.runs_s.clear();
  for (const Job& job : jobs) {
    if (job.run_ms != kUnknown) figures.runs_s.push_back(static_cast<double>(job.run_ms) / 1000);
  }
  std::ranges::sort(figures.runs_s);
  put_run_quantiles(figures);
}

TraceFigures trace_figures(std::span<const Job> jobs, Instant begin, Instant end) {
  TraceFigures figures;
  const std::int64_t first = hour_index(begin.ms);
  std::vector<double> counts(static_cast<std::size_t>(hour_index(end.ms) - first + 1));
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    counts.at(static_cast<std::size_t>(hour_index(jobs[i].submit_ms) - first)) += 1;
    if (i > 0)
      figures.gaps_s.push_back(static_cast<double>(jobs[i].submit_ms - jobs[i - 1].submit_ms) / 1000);
  }
  std::ranges::sort(figures.gaps_s);
  put_runs(jobs, figures);
  const double mean = static_cast<double>(jobs.size()) / static_cast<double>(counts.size());
  double squares = 0, most = 0;
  for (const double count : counts) {
    squares += (count - mean) * (count - mean);
    most = std::max(most, count);
  }
  figures.jobs_per_day =
      static_cast<double>(jobs.size()) / std::max(1.0, static_cast<double>((end - begin).ms)) * 86.4e6;
  if (mean > 0) {
    figures.dispersion = squares / static_cast<double>(counts.size()) / mean;
    figures.peak_to_mean = most / mean;
  }
  figures.lag_1_h = autocorrelation(counts, mean, squares, 1);
  figures.lag_24_h = autocorrelation(counts, mean, squares, 24);
  return figures;
}

TraceFigures pooled(std::span<const TraceFigures> samples) {
  TraceFigures out;
  const auto mean_of = [&](double TraceFigures::* member) {
    double sum = 0;
    for (const TraceFigures& sample : samples) sum += sample.*member;
    out.*member = sum / static_cast<double>(samples.size());
  };
  for (double TraceFigures::* member :
       {&TraceFigures::jobs_per_day, &TraceFigures::dispersion, &TraceFigures::lag_1_h,
        &TraceFigures::lag_24_h, &TraceFigures::peak_to_mean}) {
    mean_of(member);
  }
  for (const TraceFigures& sample : samples) {
    out.runs_s.insert(out.runs_s.end(), sample.runs_s.begin(), sample.runs_s.end());
    out.gaps_s.insert(out.gaps_s.end(), sample.gaps_s.begin(), sample.gaps_s.end());
  }
  std::ranges::sort(out.runs_s);
  std::ranges::sort(out.gaps_s);
  put_run_quantiles(out);
  return out;
}

double ks_distance(std::span<const double> a, std::span<const double> b) {
  const auto size_a = static_cast<double>(a.size()), size_b = static_cast<double>(b.size());
  double farthest = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const double value = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == value) ++i;
    while (j < b.size() && b[j] == value) ++j;
    farthest =
        std::max(farthest, std::abs(static_cast<double>(i) / size_a - static_cast<double>(j) / size_b));
  }
  return farthest;
}

}  // namespace hinterland
