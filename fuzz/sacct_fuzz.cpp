// Any bytes as `sacct --parsable2`. Promised: jobs or errors, and what a job holds is in range.
#include <cmath>

#include "fuzz/fuzz.hpp"
#include "hinterland/work/trace_summary.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  Trace trace{.file = "fuzz.txt", .format = "sacct"};
  Errors errors;
  SilentProgress progress;
  parse_sacct(text_of(data, size), "UTC", trace, errors, progress);
  if (!errors.empty()) promise_errors(errors);
  for (const Job& job : trace.jobs) {
    promise(job.run_ms >= kUnknown && job.requested_ms >= kUnknown && job.wait_ms >= kUnknown);
    promise(job.user <= trace.users.size());
    promise(job.line > 0);
  }
  if (trace.jobs.empty()) return 0;  // parse_trace refuses such a trace
  promise(summarize(trace).jobs == static_cast<std::int64_t>(trace.jobs.size()));
  for (const Job& job : trace.jobs) {
    for (const float amount : {job.cores, job.gpus, job.memory_gb}) {
      promise(std::isnan(amount) || (amount >= 0 && std::isfinite(amount)));
    }
  }
  promise(span(trace.jobs).value >= 1);
  return 0;
}
