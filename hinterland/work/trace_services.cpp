// Traces of services as CSV: GPU pods and image-generation requests.
#include <fmt/format.h>

#include "hinterland/work/trace_csv.hpp"

namespace hinterland {

// Pods of a GPU cluster (Alibaba 2023): times in seconds since the trace began; a pod lives from
// scheduled_time to deletion_time; it holds num_gpu whole GPUs, or gpu_milli / 1000 of one.
void parse_gpu_pods(std::string_view text, Trace& trace, Errors& errors, Progress& progress) {
  CsvReader reader(text, trace.file);
  const auto job_of = [](NamedRow& row) -> std::optional<Job> {
    const auto created = row.number("creation_time"), scheduled = row.number("scheduled_time"),
               deleted = row.number("deletion_time");
    const auto gpus = row.number("num_gpu"), milli = row.number("gpu_milli");
    Job job;
    job.cores = as_size(row.number("cpu_milli"), 1e-3);
    job.memory_gb = as_size(row.number("memory_mib"), 1048576.0 / 1e9);
    if (gpus) job.gpus = static_cast<float>(*gpus == 1 && milli ? *milli / 1000 : *gpus);
    if (!created && row.good())
      row.complain("creation_time", "is not known", "Each pod needs the second of its creation.");
    if (!row.good()) return std::nullopt;
    job.submit_ms = as_ms(created);
    if (scheduled && *scheduled < *created) {
      row.complain("scheduled_time", "lies before creation_time", "Check the row.");
    } else if (scheduled) {
      job.wait_ms = as_ms(*scheduled - *created);
    }
    if (scheduled && deleted && *deleted < *scheduled) {
      row.complain("deletion_time", "lies before scheduled_time", "Check the row.");
    } else if (scheduled && deleted) {
      job.run_ms = as_ms(*deleted - *scheduled);
    }
    const std::string_view phase = row.cell("pod_phase");
    job.outcome = phase == "Succeeded" ? Outcome::completed
                  : phase == "Failed"  ? Outcome::failed
                  : phase == "Running" ? Outcome::running
                                       : Outcome::unknown;
    return job;
  };
  read_named_rows(reader, text.size(), trace, errors, progress,
                  {"cpu_milli", "memory_mib", "num_gpu", "creation_time", "deletion_time", "scheduled_time"},
                  job_of);
}

// Requests of a text-to-image service (Alibaba 2026): when, and how long the accelerator worked.
void parse_image_requests(std::string_view text, const std::string& zone, Trace& trace, Errors& errors,
                          Progress& progress) {
  CsvReader reader(text, trace.file);
  UserIndex users(trace);
  trace.dated = true;
  const auto job_of = [&](NamedRow& row) -> std::optional<Job> {
    const auto at = parse_civil(row.cell("gmt_create"), zone);
    if (!at) row.complain("gmt_create", at.error().front().what, at.error().front().mend);
    const auto run = row.number("exec_time_seconds");
    if (!row.good()) return std::nullopt;
    Job job;
    job.submit_ms = at->ms;
    job.run_ms = as_ms(run);
    job.user = users.of(row.cell("groupId"));
    const std::string_view status = row.cell("predict_status");
    job.outcome = status == "SUCCEED" ? Outcome::completed
                  : status.empty()    ? Outcome::unknown
                                      : Outcome::failed;
    return job;
  };
  read_named_rows(reader, text.size(), trace, errors, progress, {"gmt_create", "exec_time_seconds"}, job_of);
}

}  // namespace hinterland
