#include "hinterland/sim/scenario_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/policy/server_size.hpp"
#include "hinterland/work/trace_generate.hpp"
#include "hinterland/work/trace_model.hpp"

namespace hinterland {

namespace {

// 2023-01-01T00:00: a common year that begins on a Sunday; which year it is only moves the weekdays.
constexpr Instant kModelYear{1'672'531'200'000};

Size size_of(const Job& job, const Workload& workload) {
  const auto whole = [](float known, double fallback, double parts) {
    const double value = std::isnan(known) ? fallback : static_cast<double>(known);
    return static_cast<std::int64_t>(std::ceil(value * parts - 1e-6));
  };
  Size size{.cores = whole(job.cores, workload.cores, 1),
            .gpus = whole(job.gpus, workload.gpus, kGpuParts),
            .memory_gb = whole(job.memory_gb, workload.memory_gb, 1)};
  if (size == Size{}) size.cores = 1;
  return size;
}

void add(const Job& job, const Workload& workload, const ScenarioWork& work, std::uint16_t group,
         RawJobs& out) {
  if (job.run_ms == kUnknown && !workload.runtime) {
    ++out.left_out;
    return;
  }
  const std::int64_t run =
      std::max<std::int64_t>(1, job.run_ms != kUnknown ? job.run_ms : from_hours(*workload.runtime).ms);
  const std::int64_t request =
      job.requested_ms > 0 ? job.requested_ms : std::llround(static_cast<double>(run) * work.request_factor);
  out.jobs.push_back({{job.submit_ms}, {run}, {request}, size_of(job, workload), group});
}

Expected<void> add_trace(const ScenarioWork& work, const Workload& workload, std::uint16_t group,
                         RawJobs& out, Progress& progress) {
  const auto trace = load_trace(work.trace, work.zone, progress, work.bad_lines);
  if (!trace) return std::unexpected(trace.error());
  out.dated = out.dated || trace->dated;
  for (const Job& job : trace->jobs) add(job, workload, work, group, out);
  return {};
}

Expected<void> add_model(const Scenario& scenario, const ScenarioWork& work, const Workload& workload,
                         std::uint16_t group, const std::string& models, Instant begin, RawJobs& out,
                         Progress& progress) {
  const auto model = load_trace_model(work.model, models);
  if (!model) return std::unexpected(model.error());
  JobStream stream(*model, static_cast<std::uint64_t>(scenario.seed) + group, begin);
  const double end = work.days ? static_cast<double>(begin.ms) + *work.days * 86.4e6 : HUGE_VAL;
  const auto most = work.jobs ? static_cast<std::int64_t>(*work.jobs) : INT64_MAX;
  for (std::int64_t made = 0; made < most; ++made) {
    const auto job = stream.next();
    if (!job || static_cast<double>(job->submit_ms) >= end) break;
    add(*job, workload, work, group, out);
    if (made % 65536 == 0 && !progress.step("jobs made", made, work.jobs ? most : 0)) {
      return failure({.what = "interrupted while making jobs",
                      .where = {.file = scenario.file},
                      .mend = "Nothing was written."});
    }
  }
  return {};
}

// Requires jobs in the order of their arrival.
Expected<void> check_times(const std::vector<RawJob>& jobs, const std::string& file) {
  const RawJob& longest = *std::ranges::max_element(jobs, {}, &RawJob::run);
  if (longest.run > kMostSimulated)
    return failure(
        {.what = fmt::format("a run takes {:.3g} h, more than a hundred years", in_hours(longest.run).value),
         .where = {.file = file, .field = "work"},
         .mend = "Check the unit of the trace's run times."});
  if (jobs.back().submit - jobs.front().submit > kMostSimulated)
    return failure({.what = "more than a hundred years lie between the first job and the last",
                    .where = {.file = file, .field = "work"},
                    .mend = "Check the trace's times of submission; several traces need the same years."});
  return {};
}

}  // namespace

Expected<RawJobs> scenario_jobs(const Scenario& scenario, const std::vector<Workload>& workloads,
                                const WorkFolders& folders, Hours offset, Progress& progress) {
  RawJobs out;
  Errors errors;
  const auto keep = [&](const Expected<void>& added) {
    if (!added) add_errors(errors, added.error());
  };
  for (std::size_t group = 0; group < scenario.work.size(); ++group) {
    if (!scenario.work[group].trace.empty())
      keep(add_trace(scenario.work[group], workloads[group], static_cast<std::uint16_t>(group), out,
                     progress));
  }
  // Models begin with the first job of the traces, or with a year that has none of its own.
  const bool traces = !out.jobs.empty();
  const std::int64_t ahead = from_hours(offset).ms;  // local midnight is so much before that of UTC
  const Instant begin = traces ? std::ranges::min_element(out.jobs, {}, &RawJob::submit)->submit
                               : Instant{kModelYear.ms - ahead};
  out.dated = out.dated || !traces;
  for (std::size_t group = 0; group < scenario.work.size(); ++group) {
    if (scenario.work[group].trace.empty())
      keep(add_model(scenario, scenario.work[group], workloads[group], static_cast<std::uint16_t>(group),
                     folders.models, begin, out, progress));
  }
  if (errors.empty() && out.jobs.empty()) {
    add_error(errors, {.what = "there is not one job to simulate",
                       .where = {.file = scenario.file, .field = "work"},
                       .mend = "Name a trace with jobs whose run time is known, there or in the class."});
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  std::ranges::stable_sort(out.jobs, {}, &RawJob::submit);
  if (auto good = check_times(out.jobs, scenario.file); !good)
    return std::unexpected(std::move(good.error()));
  const std::int64_t first = out.jobs.front().submit.ms, clock = out.dated ? first + ahead : first;
  out.begin = {first - ((clock % kHour.ms) + kHour.ms) % kHour.ms};
  return out;
}

}  // namespace hinterland
