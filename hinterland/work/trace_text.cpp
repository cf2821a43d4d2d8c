// Generated jobs as the text of a trace.
#include <fmt/format.h>

#include <cmath>
#include <iterator>

#include "hinterland/base/number.hpp"
#include "hinterland/work/trace_generate.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kPieceBytes = 1U << 18U;
constexpr std::int64_t kProgressJobs = 1 << 14;

std::string seconds(std::int64_t ms) {
  return ms % 1000 == 0 ? std::to_string(ms / 1000) : shortest(static_cast<double>(ms) / 1000);
}
std::string size_text(float size, double scale = 1) {
  // A float has seven digits; more would only show how it was rounded.
  return std::isnan(size) ? "" : fmt::format("{:.7g}", static_cast<double>(size) * scale);
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return text;
}

// A trace in one of the formats, line by line.
class TraceWriter {
 public:
  TraceWriter(const TraceModel& model, std::uint64_t seed)
      : format_(format_of(model)), begin_ms_(model.begin().ms) {
    switch (format_) {
      case TraceFormat::swf:
        text = fmt::format("; Version: 2.2\n; Note: generated from the model '{}', seed {}\n",
                           one_line(model.name), seed);
        if (model.calendar == TraceCalendar::dated)
          text += fmt::format("; UnixStartTime: {}\n", begin_ms_ / 1000);
        break;
      case TraceFormat::gpu_pods:
        text =
            "name,cpu_milli,memory_mib,num_gpu,gpu_milli,pod_phase,creation_time,deletion_time,scheduled_"
            "time\n";
        break;
      case TraceFormat::image_requests:
        text = "gmt_create,predict_type,predict_status,exec_time_seconds,groupId\n";
        break;
    }
  }

  void add(const Job& job) {
    ++jobs;
    switch (format_) {
      case TraceFormat::swf: return add_swf(job);
      case TraceFormat::gpu_pods: return add_pod(job);
      case TraceFormat::image_requests: return add_request(job);
    }
  }

  std::string text;  // not yet handed on
  std::int64_t jobs = 0;

 private:
  void add_swf(const Job& job) {
    const std::string cores = size_text(job.cores);
    const bool has_memory = !std::isnan(job.memory_gb) && job.cores > 0;
    const std::string memory =
        has_memory ? size_text(job.memory_gb, 1e9 / 1024 / static_cast<double>(job.cores)) : "-1";
    const std::string user = job.user > 0 ? std::to_string(job.user) : "-1";
    fmt::format_to(std::back_inserter(text), "{} {} -1 {} {} -1 -1 {} -1 {} 1 {} -1 -1 -1 -1 -1 -1\n", jobs,
                   seconds(job.submit_ms - begin_ms_), seconds(job.run_ms), cores, cores, memory, user);
  }

  void add_pod(const Job& job) {
    const auto gpus = static_cast<double>(job.gpus);
    const bool shared = gpus > 0 && gpus < 1;
    const std::string count = shared ? "1" : size_text(job.gpus);
    const std::string milli = std::isnan(gpus) ? "" : shared ? fmt::format("{:.7g}", gpus * 1000) : "1000";
    const std::string created = seconds(job.submit_ms - begin_ms_);
    fmt::format_to(std::back_inserter(text), "pod-{:06},{},{},{},{},Succeeded,{},{},{}\n", jobs,
                   size_text(job.cores, 1000), size_text(job.memory_gb, 1e9 / 1048576), count, milli, created,
                   seconds(job.submit_ms - begin_ms_ + job.run_ms), created);
  }

  void add_request(const Job& job) {
    const std::string at = format_civil({job.submit_ms}, "UTC");
    const std::string user = job.user > 0 ? fmt::format("G{:04}", job.user) : "";
    fmt::format_to(std::back_inserter(text), "{} {},TXT_2_IMG,SUCCEED,{},{}\n",
                   std::string_view(at).substr(0, 10), std::string_view(at).substr(11, 8),
                   seconds(job.run_ms), user);
  }

  TraceFormat format_;
  std::int64_t begin_ms_;
};

}  // namespace

TraceFormat format_of(const TraceModel& model) {
  if (model.gpus.given() || (model.memory_gb.given() && !model.cores.given())) return TraceFormat::gpu_pods;
  return model.cores.given() ? TraceFormat::swf : TraceFormat::image_requests;
}

Expected<std::int64_t> generate_trace(const TraceModel& model, const TraceLength& length, std::uint64_t seed,
                                      Progress& progress,
                                      const std::function<Expected<void>(std::string_view)>& sink) {
  JobStream stream(model, seed);
  TraceWriter writer(model, seed);
  const double end_ms = static_cast<double>(model.begin().ms) + 86.4e6 * length.days;
  while (length.days > 0 || writer.jobs < length.jobs) {
    const auto job = stream.next();
    if (length.days > 0 && (!job || static_cast<double>(job->submit_ms) >= end_ms)) break;
    if (!job) {
      return failure(
          {.what = fmt::format("job {} of {} would come 300 years after the start, or after the year 9999",
                               writer.jobs + 1, length.jobs),
           .where = {.file = model.file, .field = "jobs_per_day"},
           .mend = "Ask for fewer jobs, or for more a day."});
    }
    writer.add(*job);
    if (writer.text.size() >= kPieceBytes) {
      if (auto taken = sink(writer.text); !taken) return std::unexpected(taken.error());
      writer.text.clear();
    }
    if (writer.jobs % kProgressJobs == 0 &&
        !progress.step("generating", writer.jobs, length.days > 0 ? 0 : length.jobs)) {
      return failure({.what = fmt::format("interrupted after {} jobs", writer.jobs),
                      .where = {},
                      .mend = "A file of --out was left as it was."});
    }
  }
  if (auto taken = sink(writer.text); !taken) return std::unexpected(taken.error());
  return writer.jobs;
}

}  // namespace hinterland
