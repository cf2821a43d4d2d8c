#include "hinterland/work/trace_summary.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "hinterland/base/sample.hpp"

namespace hinterland {

namespace {

template <class Get>
TraceColumn column(const Trace& trace, std::string name, Get get) {
  std::vector<double> values;
  for (const Job& job : trace.jobs) {
    const double value = get(job);
    if (!std::isnan(value)) values.push_back(value);
  }
  TraceColumn out{.name = std::move(name), .known = static_cast<std::int64_t>(values.size())};
  if (values.empty()) return out;
  std::ranges::sort(values);
  for (const double value : values) out.mean += value / static_cast<double>(values.size());
  out.p10 = quantile_of_sorted(values, 0.1);
  out.median = quantile_of_sorted(values, 0.5);
  out.p90 = quantile_of_sorted(values, 0.9);
  out.most = values.back();
  return out;
}

double seconds(std::int64_t ms) { return ms == kUnknown ? std::nan("") : static_cast<double>(ms) / 1000; }

}  // namespace

TraceSummary summarize(const Trace& trace) {
  TraceSummary summary{.jobs = static_cast<std::int64_t>(trace.jobs.size()),
                       .span = span(trace.jobs),
                       .first = {std::ranges::min(trace.jobs, {}, &Job::submit_ms).submit_ms},
                       .users = static_cast<std::int64_t>(trace.users.size()),
                       .columns = {},
                       .outcomes = {}};
  summary.columns = {
      column(trace, "run_s", [](const Job& job) { return seconds(job.run_ms); }),
      column(trace, "requested_s", [](const Job& job) { return seconds(job.requested_ms); }),
      column(trace, "wait_s", [](const Job& job) { return seconds(job.wait_ms); }),
      column(trace, "cores", [](const Job& job) { return static_cast<double>(job.cores); }),
      column(trace, "gpus", [](const Job& job) { return static_cast<double>(job.gpus); }),
      column(trace, "memory_gb", [](const Job& job) { return static_cast<double>(job.memory_gb); }),
      column(trace, "data_gb", [](const Job& job) { return static_cast<double>(job.data_gb); }),
  };
  static constexpr std::array<const char*, 5> kNames = {"unknown", "completed", "failed", "cancelled",
                                                        "running"};
  std::array<std::int64_t, 5> counts{};
  for (const Job& job : trace.jobs) ++counts.at(static_cast<std::size_t>(job.outcome));
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts.at(i) > 0) summary.outcomes.emplace_back(kNames.at(i), counts.at(i));
  }
  return summary;
}

}  // namespace hinterland
