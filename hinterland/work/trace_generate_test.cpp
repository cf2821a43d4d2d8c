// Sampling a model: the same seed gives the same bytes, the reader of traces takes them, and they are what the model says.
#include "hinterland/work/trace_generate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "hinterland/work/hour_slots.hpp"
#include "hinterland/work/trace_figures.hpp"

using namespace hinterland;

namespace {

TraceModel plain() {
  TraceModel model;
  model.arrivals.jobs_per_day = 1000;
  model.run_s.median = 20;
  model.run_s.mean = 25;
  model.run_s.most = 2000;
  model.users.count = 4;
  return model;
}

TraceModel cluster() {
  TraceModel model = plain();
  model.zone = "Asia/Shanghai";
  model.arrivals.hours.assign(24, 0);
  for (std::size_t hour = 8; hour < 18; ++hour) model.arrivals.hours[hour] = 1;
  model.arrivals.weekdays = {1, 1, 1, 1, 1, 0, 0};
  model.arrivals.burst = 0.5;
  model.arrivals.burst_memory = 0.8;
  model.batches = {.single = 0.5, .sizes = {2, 3, 20}, .gaps_s = {0, 5, 30}, .size_gap = -0.4};
  model.cores.values = {1, 8, 64};
  model.cores.shares = {0.5, 0.3, 0.2};
  model.memory_gb.quantiles = {1, 4, 500};
  model.dependence = {.run_cores = 0.6, .cores_memory = 0.5};
  model.users = {.count = 40, .shares = {0.5, 0.2}, .repeats = 0.5, .run_persistence = 0.5};
  return model;
}

std::string text_of(const TraceModel& model, TraceLength length, std::uint64_t seed) {
  SilentProgress progress;
  std::string out;
  const auto jobs =
      generate_trace(model, length, seed, progress, [&](std::string_view piece) -> Expected<void> {
        out += piece;
        return {};
      });
  REQUIRE(jobs.has_value());
  return out;
}

Trace read_again(const TraceModel& model, TraceLength length, std::uint64_t seed = 1) {
  SilentProgress progress;
  const auto trace = parse_trace(text_of(model, length, seed), "generated", "UTC", progress);
  if (!trace) FAIL(describe(trace.error().front()));
  return *trace;
}

std::vector<Job> drawn(const TraceModel& model, int count, std::uint64_t seed = 1) {
  JobStream stream(model, seed);
  std::vector<Job> jobs;
  for (int i = 0; i < count; ++i) jobs.push_back(stream.next().value());
  return jobs;
}

double share_of(const std::vector<Job>& jobs, auto which) {
  return static_cast<double>(std::ranges::count_if(jobs, which)) / static_cast<double>(jobs.size());
}

}  // namespace

TEST_CASE(
    "the same model and seed give the same bytes, another seed gives others, a longer one begins as a "
    "shorter") {
  const TraceModel model = cluster();
  CHECK(text_of(model, {.jobs = 200}, 7) == text_of(model, {.jobs = 200}, 7));
  CHECK(text_of(model, {.jobs = 200}, 7) != text_of(model, {.jobs = 200}, 8));
  CHECK(text_of(model, {.jobs = 400}, 7).starts_with(text_of(model, {.jobs = 200}, 7)));
}

TEST_CASE("what the text says is what was drawn") {
  const TraceModel model = cluster();
  const Trace trace = read_again(model, {.jobs = 500});
  CHECK(trace.format == "swf");
  CHECK(trace.dated);
  const auto jobs = drawn(model, 500);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    CHECK(trace.jobs[i].submit_ms == jobs[i].submit_ms);
    CHECK(trace.jobs[i].run_ms == jobs[i].run_ms);
    CHECK(trace.jobs[i].cores == jobs[i].cores);
    CHECK(trace.jobs[i].memory_gb == doctest::Approx(jobs[i].memory_gb).epsilon(1e-5));
    CHECK(trace.users.at(trace.jobs[i].user - 1) == std::to_string(jobs[i].user));
  }
}

TEST_CASE("a model with runs only becomes image requests, one with GPUs pods") {
  TraceModel model = plain();
  const Trace requests = read_again(model, {.jobs = 300});
  CHECK(requests.format == "image-requests");
  CHECK(requests.users.size() == 4);
  CHECK(requests.jobs[9].submit_ms == drawn(model, 10)[9].submit_ms);
  CHECK(requests.jobs[9].run_ms == drawn(model, 10)[9].run_ms);

  model.calendar = TraceCalendar::undated;
  model.cores.values = {3.152};
  model.cores.shares = {1};
  model.gpus.values = {0, 0.47, 1, 8};
  model.gpus.shares = {0.1, 0.4, 0.3, 0.2};
  const Trace pods = read_again(model, {.jobs = 300});
  CHECK(pods.format == "gpu-pods");
  CHECK_FALSE(pods.dated);
  const auto jobs = drawn(model, 300);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    CHECK(pods.jobs[i].gpus == doctest::Approx(jobs[i].gpus));
    CHECK(pods.jobs[i].cores == doctest::Approx(3.152));
    CHECK(pods.jobs[i].submit_ms == jobs[i].submit_ms);
    CHECK(pods.jobs[i].run_ms == jobs[i].run_ms);
    CHECK(std::isnan(pods.jobs[i].memory_gb));
  }
}

TEST_CASE("sizes that no trace can say are brought to those that one can") {
  const auto model = parse_trace_model(
      "[arrivals]\njobs_per_day = 10\n[run_s]\nmedian = 2\nmean = 3\n[cores]\nvalues = [1e-31]\nshares = "
      "[1]\n"
      "[memory_gb]\nvalues = [1e11]\nshares = [1]\n",
      "m.toml");
  REQUIRE(model);
  SilentProgress progress;
  std::string text;
  REQUIRE(generate_trace(*model, {.jobs = 20}, 1, progress, [&](std::string_view piece) -> Expected<void> {
    text += piece;
    return {};
  }));
  const auto trace = parse_trace(text, "generated", "UTC", progress);
  REQUIRE(trace);
  CHECK(trace->jobs.front().cores == doctest::Approx(1e-3));
  CHECK(trace->jobs.front().memory_gb == doctest::Approx(1e6));
}

TEST_CASE("an undated model with cores becomes an undated SWF") {
  TraceModel model = cluster();
  model.calendar = TraceCalendar::undated;
  model.arrivals.weekdays.clear();
  CHECK_FALSE(read_again(model, {.jobs = 10}).dated);
}

TEST_CASE("jobs come in order, at the model's rate, when the clock of its zone allows") {
  const TraceModel model = cluster();
  const auto jobs = drawn(model, 40'000);
  CHECK(std::ranges::is_sorted(jobs, {}, &Job::submit_ms));
  HourSlots clock(model.zone, true);
  // Batches begin between 8 and 18 on weekdays; their last jobs may come a little later.
  CHECK(share_of(jobs, [&](const Job& job) {
          const auto slot = clock.of(hour_index(job.submit_ms));
          return slot.weekday < 5 && slot.hour >= 8 && slot.hour < 18;
        }) > 0.99);
  const double days = static_cast<double>(jobs.back().submit_ms - model.begin().ms) / 86.4e6;
  // exp(0.5^2) - 1 = 0.28 is the variance of an hour's rate; about 120 working hours' worth of it is independent.
  CHECK(std::abs(days - 40) < 6);
}

TEST_CASE("Poisson arrivals come at the model's rate") {
  constexpr int kJobs = 20'000;
  const auto jobs = drawn(plain(), kJobs);
  const double days = static_cast<double>(jobs.back().submit_ms - plain().begin().ms) / 86.4e6;
  CHECK(std::abs(days - 20) < 5 * 20 / std::sqrt(kJobs));  // a sum of exponentials: sigma = mean / sqrt(n)
  const auto figures = trace_figures(jobs, plain().begin(), {jobs.back().submit_ms});
  CHECK(std::abs(figures.dispersion - 1) < 5 * std::sqrt(2.0 / 480));
}

TEST_CASE("batches keep the mean rate and bunch the arrivals") {
  TraceModel model = plain();
  model.batches = {.single = 0.5, .sizes = {2, 10}, .gaps_s = {0, 4}};
  constexpr int kJobs = 60'000;
  const auto jobs = drawn(model, kJobs);
  const double days = static_cast<double>(jobs.back().submit_ms - model.begin().ms) / 86.4e6;
  CHECK(std::abs(days - 60) <
        5 * 60 * std::sqrt(6.0 / kJobs));  // a job counts as a sixth: E[n^2] / E[n] of a batch
  CHECK(trace_figures(jobs, model.begin(), {jobs.back().submit_ms}).dispersion > 3);
}

TEST_CASE("runs have the model's median and mean, and none is longer than its longest") {
  constexpr int kJobs = 40'000;
  std::vector<double> runs;
  double sum = 0;
  TraceModel model = plain();
  model.step_s = 0.001;
  for (const Job& job : drawn(model, kJobs)) {
    runs.push_back(static_cast<double>(job.run_ms) / 1000);
    sum += runs.back();
  }
  std::ranges::sort(runs);
  const double variance_of_log = 2 * std::log(25.0 / 20);
  const double sigma = 25 * std::sqrt(std::exp(variance_of_log) - 1);
  CHECK(std::abs(sum / kJobs - 25) < 5 * sigma / std::sqrt(kJobs));
  // the median's standard error is sqrt(pi / 2 / n) in the logarithm
  CHECK(std::abs(std::log(runs[kJobs / 2] / 20)) < 5 * std::sqrt(variance_of_log * 1.5708 / kJobs));
  model.run_s.most = 30;
  for (const Job& job : drawn(model, 2000)) CHECK(job.run_ms <= 30'000);
}

TEST_CASE("submissions and runs are multiples of the step") {
  TraceModel model = cluster();
  model.step_s = 60;
  for (const Job& job : drawn(model, 500)) {
    CHECK((job.submit_ms - model.begin().ms) % 60'000 == 0);
    CHECK(job.run_ms % 60'000 == 0);
  }
}

TEST_CASE("users have their shares, the others share the rest, and every one appears") {
  TraceModel model = plain();
  model.users = {.count = 12, .shares = {0.5, 0.2}};
  const auto jobs = drawn(model, 20'000);
  CHECK(share_of(jobs, [](const Job& job) { return job.user == 1; }) == doctest::Approx(0.5).epsilon(0.05));
  CHECK(share_of(jobs, [](const Job& job) { return job.user == 2; }) == doctest::Approx(0.2).epsilon(0.1));
  CHECK(share_of(jobs, [](const Job& job) { return job.user == 12; }) == doctest::Approx(0.03).epsilon(0.3));
  std::set<std::uint32_t> seen;
  for (const Job& job : jobs) seen.insert(job.user);
  CHECK(seen.size() == 12);
  CHECK(*seen.begin() == 1);
}

TEST_CASE("repeating users leave the sizes' distribution as it is") {
  TraceModel model = cluster();
  model.users.repeats = 0.8;
  const auto jobs = drawn(model, 60'000);
  CHECK(share_of(jobs, [](const Job& job) { return job.cores == 1; }) == doctest::Approx(0.5).epsilon(0.05));
  CHECK(share_of(jobs, [](const Job& job) { return job.cores == 64; }) == doctest::Approx(0.2).epsilon(0.1));
  std::vector<double> runs;
  for (const Job& job : jobs) runs.push_back(static_cast<double>(job.run_ms) / 1000);
  std::ranges::sort(runs);
  CHECK(std::abs(runs[runs.size() / 2] - 20) <= 1);
}

TEST_CASE("so many days have all their jobs and none after them") {
  const TraceModel model = plain();
  const Trace trace = read_again(model, {.days = 3});
  CHECK(std::abs(static_cast<double>(trace.jobs.size()) - 3000) < 5 * std::sqrt(3000));
  CHECK(trace.jobs.back().submit_ms < model.begin().ms + 3 * 86'400'000);
}

TEST_CASE("a trace that would leave the calendar is refused, and so is one that the user stops") {
  TraceModel model = plain();
  model.arrivals.jobs_per_day = 1e-2;
  SilentProgress silent;
  const auto nowhere = [](std::string_view) -> Expected<void> { return {}; };
  const auto late = generate_trace(model, {.jobs = 10'000}, 1, silent, nowhere);
  REQUIRE_FALSE(late.has_value());
  CHECK(describe(late.error().front()).find("after the year 9999") != std::string::npos);

  class Stop final : public Progress {
   public:
    bool step(std::string_view, std::int64_t, std::int64_t) override { return false; }
  } stop;
  const auto stopped = generate_trace(plain(), {.jobs = 100'000}, 1, stop, nowhere);
  REQUIRE_FALSE(stopped.has_value());
  CHECK(describe(stopped.error().front()).find("interrupted") != std::string::npos);
}

TEST_CASE("a sink that fails ends the writing") {
  SilentProgress silent;
  int pieces = 0;
  const auto written =
      generate_trace(plain(), {.jobs = 100'000}, 1, silent, [&](std::string_view) -> Expected<void> {
        ++pieces;
        return failure({.what = "full", .where = {}, .mend = "Make room."});
      });
  CHECK_FALSE(written.has_value());
  CHECK(pieces == 1);
}
