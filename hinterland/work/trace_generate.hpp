// Sampling a trace model: jobs one after another, in the order of their submission, and the text of a trace.
//
// Nothing grows with the length of the trace but what the model itself remembers: the batches that are under way and
// each user's last job. Same model and seed: same jobs, and a longer trace begins as a shorter one.
//
// Cores, GPUs and GB are between a thousandth and a million, or 0.
//
// The text is a format that `load_trace` reads and that carries what the model knows:
//   image-requests  for a model with runs only (users, dated)
//   swf             with cores (memory, users); `; UnixStartTime` dates it
//   gpu-pods        with GPUs, or with memory but no cores (no users, no date: seconds since its start)
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "hinterland/work/trace.hpp"
#include "hinterland/work/trace_model.hpp"

namespace hinterland {

class JobStream {
 public:
  // Requires a checked model. `begin` instead of the model's own.
  JobStream(const TraceModel& model, std::uint64_t seed, std::optional<Instant> begin = {});
  JobStream(JobStream&&) noexcept;
  JobStream& operator=(JobStream&&) noexcept;
  ~JobStream();

  // The next job: submission, run, sizes, user (from 1). nullopt: it would come 300 years after the first or later, or after the
  // year 9999.
  std::optional<Job> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

enum class TraceFormat { swf, gpu_pods, image_requests };
TraceFormat format_of(const TraceModel& model);

// How much to generate: so many jobs, or all of so many days.
struct TraceLength {
  std::int64_t jobs = 0;
  double days = 0;  // if above 0, it counts instead of jobs
};

// Writes the trace in pieces; stops when the sink fails. Fails if a job of `jobs` would come too late (JobStream::next), and
// if `progress` says stop. Returns the number of jobs.
Expected<std::int64_t> generate_trace(const TraceModel& model, const TraceLength& length, std::uint64_t seed,
                                      Progress& progress,
                                      const std::function<Expected<void>(std::string_view)>& sink);

}  // namespace hinterland
