// Traces: jobs with times, as real systems recorded them.
//
// A job keeps what its trace knows; what the trace does not know stays unknown (kUnknown, NaN for sizes)
// until a user names a class that supplies it. Nothing is filled in silently.
//
// Formats, told apart by their first lines:
//   swf         Standard Workload Format 2.2 (Parallel Workloads Archive): 18 columns, `;` comments.
//               -1 means unknown; any other negative is an error.
//   cerit       SWF's columns without a header and with a queue behind them, as the CERIT-SC logs of 2013:
//               submit is Unix time, column 10 is the memory of the whole job in bytes
//   sacct       `sacct --parsable2`: a header with | between names; JobID, Submit and ElapsedRaw or Elapsed
//               at least. Steps (JobIDs with a dot) belong to their job and are left out.
//   gpu-pods    CSV with cpu_milli, memory_mib, num_gpu, gpu_milli and creation, scheduled and deletion times
//               in seconds
//   image-requests  CSV with gmt_create and exec_time_seconds (a text-to-image service)
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/base/progress.hpp"
#include "hinterland/base/time.hpp"

namespace hinterland {

inline constexpr std::int64_t kUnknown = -1;
inline constexpr float kUnknownSize = std::numeric_limits<float>::quiet_NaN();

enum class Outcome : std::uint8_t { unknown, completed, failed, cancelled, running };

// 64 bytes, so that a million jobs are 64 MB.
struct Job {
  std::int64_t submit_ms = 0;            // since 1970 (UTC) if the trace is dated, else since its start
  std::int64_t run_ms = kUnknown;        // as it happened
  std::int64_t requested_ms = kUnknown;  // the limit its user asked for
  std::int64_t wait_ms = kUnknown;
  float cores = kUnknownSize;  // of the whole job
  float gpus = kUnknownSize;
  float memory_gb = kUnknownSize;
  float data_gb = kUnknownSize;  // in and out
  std::uint32_t user = 0;        // index + 1 into Trace::users; 0: unknown
  std::uint32_t line = 0;        // in the file, for messages
  Outcome outcome = Outcome::unknown;
};
static_assert(sizeof(Job) == 64);

struct Trace {
  std::string file;
  std::string format;
  std::vector<Job> jobs;  // in the order of the file
  std::vector<std::string> users;
  bool dated = false;  // submit times are real instants
  std::int64_t skipped_steps = 0;
  std::int64_t bad_lines = 0;  // left out, because BadLines::leave_out was asked for
  bool interrupted = false;
};

// What to do with lines that are wrong: refuse the file and list them, or leave them out and count them.
enum class BadLines { refuse, leave_out };

// Reads and checks the whole file; `zone` is the zone of civil times in it ("UTC").
// Interrupted by `progress`, it fails with an Error that says so.
Expected<Trace> load_trace(const std::string& path, const std::string& zone, Progress& progress,
                           BadLines bad_lines = BadLines::refuse);
Expected<Trace> parse_trace(std::string_view text, const std::string& file, const std::string& zone,
                            Progress& progress, BadLines bad_lines = BadLines::refuse);

// Whether `text` begins like a trace (rather than like a workload's TOML).
bool looks_like_trace(std::string_view text);

// One reader a format, each in its file. They append to trace.jobs, list all problems and count the bad
// lines.
void parse_swf(std::string_view text, Trace& trace, Errors& errors, Progress& progress);
void parse_sacct(std::string_view text, const std::string& zone, Trace& trace, Errors& errors,
                 Progress& progress);
void parse_gpu_pods(std::string_view text, Trace& trace, Errors& errors, Progress& progress);
void parse_image_requests(std::string_view text, const std::string& zone, Trace& trace, Errors& errors,
                          Progress& progress);

// How long jobs came, from the first submission to the last, at least one hour: what "a year" is scaled from. When the last
// of them ended says nothing about how many come in a year.
Hours span(std::span<const Job> jobs);

// Of less than a week nobody can say what a year is like.
inline constexpr Hours kLeastSpan{168};

}  // namespace hinterland
