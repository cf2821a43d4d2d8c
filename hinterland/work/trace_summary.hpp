// What a trace knows of its jobs, and what is missing.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "hinterland/work/trace.hpp"

namespace hinterland {

// Quantiles are quantile()s of base/sample.hpp.
struct TraceColumn {
  std::string name;
  std::int64_t known = 0;  // jobs that have it
  double p10 = 0, median = 0, mean = 0, p90 = 0, most = 0;
};
struct TraceSummary {
  std::int64_t jobs = 0;
  Hours span;     // first submission to last end
  Instant first;  // submission; a real instant if the trace is dated
  std::int64_t users = 0;
  std::vector<TraceColumn> columns;  // run, request, wait, cores, gpus, memory, data
  std::vector<std::pair<std::string, std::int64_t>> outcomes;
};

// Requires a job.
TraceSummary summarize(const Trace& trace);

}  // namespace hinterland
