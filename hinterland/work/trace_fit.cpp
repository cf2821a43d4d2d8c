#include "hinterland/work/trace_fit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "hinterland/work/arrival_fit.hpp"
#include "hinterland/work/hour_slots.hpp"
#include "hinterland/work/size_fit.hpp"
#include "hinterland/work/trace_generate.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kLeastJobs = 60;
constexpr std::int64_t kMostHours = 2'629'000;  // 300 years, which is all that is generated
constexpr std::array<double, 6> kBatchGaps = {0, 1, 10, 60, 300, 1200};
// Enough generated jobs that chance in the averages is small, few enough that a fit takes seconds.
constexpr double kJobsOfSamples = 200'000;
constexpr std::int64_t kMostSamples = 20;
constexpr std::size_t kProgressJobs = 1U << 14U;

struct Interval {
  Instant begin, end;
};
Interval interval_of(std::span<const Job> jobs) {
  return {{jobs.front().submit_ms}, {jobs.back().submit_ms}};
}

std::int64_t samples_for(std::size_t jobs) {
  return std::clamp(static_cast<std::int64_t>(kJobsOfSamples / static_cast<double>(jobs)), std::int64_t{1},
                    kMostSamples);
}

// What the model generates over the interval; nullopt if `progress` says stop. At most `limit` jobs: a model that runs
// away is judged by its beginning.
std::optional<TraceFigures> sample(const TraceModel& model, std::uint64_t seed, const Interval& interval,
                                   std::size_t limit, Progress& progress) {
  JobStream stream(model, seed, interval.begin);
  std::vector<Job> jobs;
  while (jobs.size() < limit) {
    const auto job = stream.next();
    if (!job || job->submit_ms > interval.end.ms) break;
    jobs.push_back(*job);
    if (jobs.size() % kProgressJobs == 0 && !progress.step("fitting", 0, 0)) return std::nullopt;
  }
  return trace_figures(jobs, interval.begin, interval.end);
}

std::optional<TraceFigures> samples(const TraceModel& model, std::uint64_t seed, const Interval& interval,
                                    std::size_t jobs, Progress& progress) {
  std::vector<TraceFigures> all;
  for (std::int64_t i = 0; i < samples_for(jobs); ++i) {
    auto one = sample(model, seed + static_cast<std::uint64_t>(i), interval, 4 * jobs + 1000, progress);
    if (!one || !progress.step("fitting", 0, 0)) return std::nullopt;
    all.push_back(std::move(*one));
  }
  return pooled(all);
}

// Arrivals without the ends that the fit leaves out too; the runs of all.
TraceFigures figures_of_past(std::span<const Job> past) {
  const auto core = core_of(past);
  TraceFigures figures = trace_figures(core, interval_of(core).begin, interval_of(core).end);
  put_runs(past, figures);
  return figures;
}

double ln_ratio(double a, double b) { return a > 0 && b > 0 ? std::abs(std::log(a / b)) : 0; }
double difference(double a, double b) { return std::isnan(a) || std::isnan(b) ? 0 : std::abs(a - b); }

double misfit(const TraceFigures& generated, const TraceFigures& real) {
  if (generated.gaps_s.empty()) return 1e300;
  return ks_distance(generated.gaps_s, real.gaps_s) + difference(generated.lag_1_h, real.lag_1_h) +
         difference(generated.lag_24_h, real.lag_24_h) + ln_ratio(generated.dispersion, real.dispersion) +
         ln_ratio(generated.peak_to_mean, real.peak_to_mean);
}

// The best of kBatchGaps for these jobs; `model` has its sizes already. nullopt if `progress` says stop.
std::optional<double> choose_batch_gap(std::span<const Job> jobs, TraceModel model, std::uint64_t seed,
                                       Progress& progress) {
  const auto core = core_of(jobs);
  const Interval interval = interval_of(core);
  const TraceFigures real = trace_figures(core, interval.begin, interval.end);
  double best = 0, least = 1e300;
  for (const double gap : kBatchGaps) {
    fit_arrivals(jobs, gap, model);
    const auto generated = samples(model, seed, interval, core.size(), progress);
    if (!generated) return std::nullopt;
    if (const double now = misfit(*generated, real); now < least) {
      least = now;
      best = gap;
    }
  }
  return best;
}

TraceModel baseline_of(const TraceFigures& past, double step_s) {
  double sum = 0, squares = 0, most = 0;
  for (const double run : past.runs_s) {
    const double log = std::log(std::max(run, step_s / 2));
    sum += log;
    squares += log * log;
    most = std::max(most, run);
  }
  const auto n = static_cast<double>(past.runs_s.size());
  const double variance = std::max(0.0, squares / n - sum / n * sum / n);
  TraceModel model;
  model.step_s = step_s;
  model.arrivals.jobs_per_day = past.jobs_per_day;
  model.run_s.median = std::exp(sum / n);
  model.run_s.mean = std::exp(sum / n + variance / 2);
  return model;
}

void put_record(const TraceFit& fit, FitRecord& record) {
  const TraceQuality& q = fit.quality;
  const auto all = [&](double TraceFigures::* member) {
    return std::vector<double>{q.held_out.*member, q.past.*member, q.model.*member, q.baseline.*member};
  };
  record.run_p10_s = all(&TraceFigures::run_p10_s);
  record.run_p50_s = all(&TraceFigures::run_p50_s);
  record.run_p90_s = all(&TraceFigures::run_p90_s);
  record.run_p99_s = all(&TraceFigures::run_p99_s);
  record.jobs_per_day = all(&TraceFigures::jobs_per_day);
  record.dispersion = all(&TraceFigures::dispersion);
  record.lag_1_h = all(&TraceFigures::lag_1_h);
  record.lag_24_h = all(&TraceFigures::lag_24_h);
  record.peak_to_mean = all(&TraceFigures::peak_to_mean);
  // A trace too short for a lag has none.
  for (auto* list : {&record.lag_1_h, &record.lag_24_h}) {
    if (std::ranges::any_of(*list, [](double one) { return std::isnan(one); })) list->clear();
  }
  const auto distances = [&](std::vector<double> TraceFigures::* member) {
    std::vector<double> out;
    for (const TraceFigures* figures : {&q.past, &q.model, &q.baseline})
      out.push_back(ks_distance(figures->*member, q.held_out.*member));
    return out;
  };
  record.run_ks = distances(&TraceFigures::runs_s);
  record.gap_ks = distances(&TraceFigures::gaps_s);
}

std::unexpected<Errors> refused(const Trace& trace, std::string what, std::string mend) {
  return failure({.what = std::move(what), .where = {.file = trace.file}, .mend = std::move(mend)});
}

std::unexpected<Errors> stopped(const Trace& trace) {
  return refused(trace, "interrupted while fitting", "Nothing was written.");
}

std::string submission(const Trace& trace, const Job& job, const std::string& zone) {
  if (trace.dated) return format_civil({job.submit_ms}, zone);
  return fmt::format("{:.0f} s after its start", static_cast<double>(job.submit_ms) / 1000);
}

// The midnight before; noon where clocks skip or repeat midnight; the default where a trace's years have five digits.
std::string start_of(Instant first, const std::string& zone) {
  const std::string day = format_civil(first, zone).substr(0, 10);
  for (const char* hour : {"T00:00:00", "T12:00:00"}) {
    const auto start = parse_civil(day + hour, zone);
    if (start && start->ms > 0) return day + hour;
  }
  return TraceModel{}.start;
}

Expected<void> check_fittable(const Trace& trace, std::span<const Job> jobs, std::span<const Job> past,
                              std::span<const Job> held_out) {
  const auto has_run = [](const Job& job) { return job.run_ms != kUnknown; };
  const auto runs = std::ranges::count_if(jobs, has_run);
  if (static_cast<std::size_t>(runs) < kLeastJobs || std::ranges::none_of(past, has_run) ||
      std::ranges::none_of(held_out, has_run) ||
      static_cast<double>(runs) < kLeastKnown * static_cast<double>(jobs.size())) {
    return refused(
        trace, fmt::format("{} of its {} jobs know their run", runs, jobs.size()),
        fmt::format("A fit needs {} and half of them; a model can also be written by hand.", kLeastJobs));
  }
  const auto core = core_of(past);
  if (core.front().submit_ms == core.back().submit_ms ||
      held_out.front().submit_ms == held_out.back().submit_ms) {
    return refused(trace, "all its jobs, or a third of them, are submitted at one moment",
                   "A fit needs jobs that arrive over some time.");
  }
  if ((jobs.back().submit_ms - jobs.front().submit_ms) / kHourMs > kMostHours)
    return refused(trace, "spans more than 300 years", "Is a submission wrong?");
  return {};
}

}  // namespace

Expected<TraceFit> fit_trace(const Trace& trace, const FitOptions& options, Progress& progress) {
  if (auto zone = check_zone(options.zone); !zone) return std::unexpected(zone.error());
  std::vector<Job> jobs = trace.jobs;
  std::ranges::stable_sort(jobs, {}, &Job::submit_ms);
  const std::span<const Job> all = jobs;
  const auto past = all.first(jobs.size() * 2 / 3), held_out = all.subspan(jobs.size() * 2 / 3);
  if (past.empty() || held_out.empty()) return refused(trace, "has too few jobs", "A fit needs 60.");
  if (auto good = check_fittable(trace, all, past, held_out); !good) return std::unexpected(good.error());

  TraceFit fit;
  TraceModel model;
  model.zone = options.zone;
  model.calendar = trace.dated ? TraceCalendar::dated : TraceCalendar::undated;
  fit_sizes(past, trace.users.size(), model);
  const auto gap = choose_batch_gap(past, model, options.seed, progress);
  if (!gap) return stopped(trace);
  fit_arrivals(past, *gap, model);

  fit.quality.past = figures_of_past(past);
  const Interval future = interval_of(held_out);
  fit.quality.held_out = trace_figures(held_out, future.begin, future.end);
  fit.quality.past_jobs = static_cast<std::int64_t>(past.size());
  fit.quality.held_out_jobs = static_cast<std::int64_t>(held_out.size());
  fit.quality.samples = samples_for(held_out.size());
  auto generated = samples(model, options.seed, future, held_out.size(), progress);
  if (!generated) return stopped(trace);
  auto plain =
      samples(baseline_of(fit.quality.past, model.step_s), options.seed, future, held_out.size(), progress);
  if (!plain) return stopped(trace);
  fit.quality.model = std::move(*generated);
  fit.quality.baseline = std::move(*plain);
  if (fit.quality.model.gaps_s.empty() || fit.quality.baseline.gaps_s.empty()) {
    return refused(trace, "its last third is too short for what came before",
                   "Give a longer part of the trace.");
  }

  fit_sizes(all, trace.users.size(), model);
  fit_arrivals(all, *gap, model);
  model.name = options.name;
  model.source = options.source;
  model.licence = options.licence;
  if (trace.dated) model.start = start_of({core_of(all).front().submit_ms}, options.zone);
  model.fit = {.trace = trace.file,
               .command = options.command,
               .first = submission(trace, all.front(), options.zone),
               .last = submission(trace, all.back(), options.zone),
               .jobs = static_cast<double>(all.size()),
               .batch_gap_s = *gap};
  put_record(fit, model.fit);
  const auto share = [&](auto knows) {
    return static_cast<double>(std::ranges::count_if(all, knows)) / static_cast<double>(all.size());
  };
  fit.known = {{"run_s", share([](const Job& job) { return job.run_ms != kUnknown; })},
               {"cores", share([](const Job& job) { return !std::isnan(job.cores); })},
               {"gpus", share([](const Job& job) { return !std::isnan(job.gpus); })},
               {"memory_gb", share([](const Job& job) { return !std::isnan(job.memory_gb); })}};
  // What is returned is what the file says, to its digits.
  auto as_written = parse_trace_model(trace_model_toml(model), trace.file);
  if (!as_written) return std::unexpected(as_written.error());
  fit.model = std::move(*as_written);
  return fit;
}

std::vector<FitRow> fit_rows(const FitRecord& fit) {
  using enum FitRow::Error;
  return {{"run p10 (s)", &fit.run_p10_s},
          {"run p50 (s)", &fit.run_p50_s},
          {"run p90 (s)", &fit.run_p90_s},
          {"run p99 (s)", &fit.run_p99_s},
          {"KS distance of runs", &fit.run_ks, distance},
          {"jobs a day", &fit.jobs_per_day},
          {"KS distance of gaps", &fit.gap_ks, distance},
          {"dispersion of hourly counts", &fit.dispersion},
          {"peak to mean", &fit.peak_to_mean},
          {"autocorrelation, 1 h", &fit.lag_1_h, difference},
          {"autocorrelation, 24 h", &fit.lag_24_h, difference}};
}

FitError fit_error(const FitRow& row, std::size_t place) {
  const double figure = (*row.figures)[place];
  if (row.is_distance()) return {.value = figure};
  const double right = (*row.figures)[0];
  if (row.error == FitRow::Error::difference || right == 0) return {.value = figure - right};
  return {.value = figure / right - 1, .relative = true};
}

}  // namespace hinterland
