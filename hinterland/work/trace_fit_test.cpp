// Fitting: what a model says is recovered from what it generates, and what cannot be fitted is refused.
#include "hinterland/work/trace_fit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "hinterland/work/arrival_fit.hpp"
#include "hinterland/work/hour_slots.hpp"
#include "hinterland/work/size_fit.hpp"
#include "hinterland/work/trace_generate.hpp"

using namespace hinterland;

namespace {

TraceModel cluster() {
  TraceModel model;
  model.zone = "Asia/Shanghai";
  model.arrivals = {.jobs_per_day = 600, .burst = 0.6, .burst_memory = 0.7};
  for (std::size_t hour = 0; hour < 24; ++hour)
    model.arrivals.hours.push_back(hour >= 8 && hour < 20 ? 1.6 : 0.4);
  model.arrivals.weekdays = {1.2, 1.2, 1.2, 1.2, 1.2, 0.5, 0.5};
  model.run_s.quantiles = {10, 100, 1000, 20'000};
  model.cores.values = {1, 8, 64};
  model.cores.shares = {0.5, 0.3, 0.2};
  model.memory_gb.quantiles = {1, 4, 500};
  model.dependence = {.run_cores = 0.5, .run_memory = 0.2, .cores_memory = 0.6};
  model.users = {.count = 20, .shares = {0.3, 0.2}, .repeats = 0.5, .run_persistence = 0.6};
  return model;
}

std::vector<Job> drawn(const TraceModel& model, int count, std::uint64_t seed = 1) {
  JobStream stream(model, seed);
  std::vector<Job> jobs;
  for (int i = 0; i < count; ++i) jobs.push_back(stream.next().value());
  return jobs;
}

TraceModel sizes_of(const TraceModel& model, int count) {
  TraceModel fitted;
  fit_sizes(drawn(model, count), static_cast<std::size_t>(model.users.count), fitted);
  return fitted;
}

TraceModel arrivals_of(const TraceModel& model, int count, double batch_gap_s) {
  TraceModel fitted;
  fitted.zone = model.zone;
  fit_arrivals(drawn(model, count), batch_gap_s, fitted);
  return fitted;
}

Trace trace_of(const TraceModel& model, int count, std::uint64_t seed = 1) {
  Trace trace;
  trace.file = "drawn.swf";
  trace.dated = model.calendar == TraceCalendar::dated;
  trace.jobs = drawn(model, count, seed);
  for (int user = 1; user <= static_cast<int>(model.users.count); ++user)
    trace.users.push_back(std::to_string(user));
  return trace;
}

Expected<TraceFit> fitted(const Trace& trace, const std::string& zone = "UTC") {
  SilentProgress progress;
  return fit_trace(trace, {.zone = zone}, progress);
}

std::string refusal(const Trace& trace) {
  const auto fit = fitted(trace);
  REQUIRE_FALSE(fit.has_value());
  return describe(fit.error().front());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("sizes, their dependence and users' repetition are recovered") {
  const TraceModel model = cluster();
  const TraceModel fit = sizes_of(model, 60'000);
  CHECK(fit.cores.values == std::vector<double>{1, 8, 64});
  for (std::size_t i = 0; i < 3; ++i) CHECK(std::abs(fit.cores.shares[i] - model.cores.shares[i]) < 0.02);
  CHECK(std::abs(fit.dependence.run_cores - 0.5) < 0.03);
  CHECK(std::abs(fit.dependence.run_memory - 0.2) < 0.03);
  CHECK(std::abs(fit.dependence.cores_memory - 0.6) < 0.03);
  CHECK(fit.dependence.run_gpus == 0);
  CHECK(std::abs(fit.users.repeats - 0.5) < 0.02);
  CHECK(std::abs(fit.users.run_persistence - 0.6) < 0.06);
  CHECK(fit.users.count == 20);
  CHECK(std::abs(fit.users.shares[0] - 0.3) < 0.02);
  CHECK_FALSE(fit.gpus.given());
  CHECK(fit.step_s == 1);
}

TEST_CASE("users who never repeat on purpose are not taken to, though sizes agree by chance") {
  TraceModel model = cluster();
  model.users.repeats = 0;
  CHECK(sizes_of(model, 40'000).users.repeats < 0.02);
  model.memory_gb = {};
  CHECK(sizes_of(model, 40'000).users.repeats < 0.02);  // a third of all pairs agree
}

TEST_CASE("rate, hours, weekdays and bursts are recovered") {
  const TraceModel model = cluster();
  const TraceModel fit = arrivals_of(model, 120'000, 0);  // 200 days
  CHECK(fit.arrivals.jobs_per_day == doctest::Approx(600).epsilon(0.06));
  REQUIRE(fit.arrivals.hours.size() == 24);
  for (std::size_t i = 0; i < 24; ++i)
    CHECK(fit.arrivals.hours[i] == doctest::Approx(model.arrivals.hours[i]).epsilon(0.25));
  REQUIRE(fit.arrivals.weekdays.size() == 7);
  for (std::size_t i = 0; i < 7; ++i)
    CHECK(fit.arrivals.weekdays[i] == doctest::Approx(model.arrivals.weekdays[i]).epsilon(0.25));
  CHECK(std::abs(fit.arrivals.burst - 0.6) < 0.06);
  CHECK(std::abs(fit.arrivals.burst_memory - 0.7) < 0.08);
  CHECK(fit.batches.single == 1);
}

TEST_CASE("Poisson arrivals are not taken for bursts or batches") {
  TraceModel model = cluster();
  model.arrivals = {.jobs_per_day = 600};
  const TraceModel fit = arrivals_of(model, 40'000, 0);
  CHECK(fit.arrivals.burst < 0.1);
  CHECK(fit.arrivals.jobs_per_day == doctest::Approx(600).epsilon(0.03));
}

TEST_CASE("batches are recovered where they stand apart") {
  TraceModel model = cluster();
  model.arrivals = {.jobs_per_day = 200};
  model.users = {.count = 200};
  model.batches = {.single = 0.7, .sizes = {4, 8, 16}, .gaps_s = {1, 2, 8}, .size_gap = 0.5};
  const TraceModel fit = arrivals_of(model, 40'000, 120);
  CHECK(fit.batches.single == doctest::Approx(0.7).epsilon(0.03));
  CHECK(fit.batches.sizes[13] == doctest::Approx(8).epsilon(0.15));  // the median
  CHECK(fit.batches.gaps_s[13] == doctest::Approx(2).epsilon(0.15));
  CHECK(fit.batches.size_gap > 0.25);  // the mean of few gaps says little of the batch's own
  CHECK(fit.arrivals.jobs_per_day == doctest::Approx(200).epsilon(0.05));
}

TEST_CASE("a trace of few hours has a rate and no hours") {
  const TraceModel fit = arrivals_of(cluster(), 300, 0);
  CHECK(fit.arrivals.hours.empty());
  CHECK(fit.arrivals.weekdays.empty());
  CHECK(fit.arrivals.jobs_per_day > 100);
}

TEST_CASE("a few jobs long before the others do not count as months of quiet") {
  auto jobs = drawn(cluster(), 10'000);
  for (std::size_t i = 0; i < 10; ++i) jobs[i].submit_ms -= 200 * 86'400'000LL;
  TraceModel fit;
  fit_arrivals(jobs, 0, fit);
  CHECK(fit.arrivals.jobs_per_day > 500);
}

TEST_CASE("a model is near to the last third of its own trace, and the baseline is not") {
  const auto fit = fitted(trace_of(cluster(), 30'000), "Asia/Shanghai");
  REQUIRE(fit.has_value());
  const FitRecord& q = fit->model.fit;
  CHECK(q.run_ks[1] < 0.05);
  CHECK(q.gap_ks[1] < 0.05);
  CHECK(q.gap_ks[2] > 2 * q.gap_ks[1]);
  CHECK(q.lag_1_h[2] == doctest::Approx(q.lag_1_h[0]).epsilon(0.2));
  CHECK(q.lag_24_h[2] == doctest::Approx(q.lag_24_h[0]).epsilon(0.3));
  CHECK(q.dispersion[2] == doctest::Approx(q.dispersion[0]).epsilon(0.4));
  CHECK(std::abs(q.dispersion[3] - 1) < 0.1);
  CHECK(q.jobs_per_day[2] == doctest::Approx(q.jobs_per_day[1]).epsilon(0.1));
  CHECK(fit->quality.past_jobs == 20'000);
  CHECK(fit->quality.held_out_jobs == 10'000);
  CHECK(fit->model.users.count == 20);
}

TEST_CASE("fitting twice gives the same model, and the seed only moves its quality") {
  const Trace trace = trace_of(cluster(), 3000);
  SilentProgress progress;
  const auto one = fit_trace(trace, {.seed = 1}, progress), again = fit_trace(trace, {.seed = 1}, progress);
  CHECK(trace_model_toml(one->model) == trace_model_toml(again->model));
  const auto other = fit_trace(trace, {.seed = 2}, progress);
  CHECK(other->model.run_s.quantiles == one->model.run_s.quantiles);
  CHECK(other->model.fit.gap_ks != one->model.fit.gap_ks);
}

TEST_CASE("the order of the file does not matter") {
  Trace trace = trace_of(cluster(), 3000);
  const auto straight = fitted(trace);
  // Jobs of one second keep their order: which of them comes first says which repeats which.
  std::ranges::reverse(trace.jobs);
  std::ranges::stable_sort(trace.jobs, std::greater<>(), &Job::submit_ms);
  CHECK(fitted(trace)->model.arrivals.hours == straight->model.arrivals.hours);
  CHECK(fitted(trace)->model.run_s.quantiles == straight->model.run_s.quantiles);
}

TEST_CASE("an undated trace has hours from its start, no weekdays and no date") {
  TraceModel model = cluster();
  model.calendar = TraceCalendar::undated;
  model.arrivals.weekdays.clear();
  const auto fit = fitted(trace_of(model, 20'000));
  REQUIRE(fit.has_value());
  CHECK(fit->model.calendar == TraceCalendar::undated);
  CHECK(fit->model.arrivals.weekdays.empty());
  REQUIRE(fit->model.arrivals.hours.size() == 24);
  CHECK(fit->model.arrivals.hours[12] > 2 * fit->model.arrivals.hours[3]);
  CHECK(has(fit->model.fit.last, "s after its start"));
}

TEST_CASE("what half of the jobs do not know is not modelled, and the shares are told") {
  Trace trace = trace_of(cluster(), 3000);
  for (std::size_t i = 0; i < trace.jobs.size(); ++i) {
    if (i % 3 != 0) trace.jobs[i].memory_gb = kUnknownSize;
    if (i % 10 == 0) trace.jobs[i].run_ms = kUnknown;
  }
  const auto fit = fitted(trace);
  REQUIRE(fit.has_value());
  CHECK_FALSE(fit->model.memory_gb.given());
  CHECK(fit->model.cores.given());
  CHECK(fit->known[0].second == doctest::Approx(0.9));
  CHECK(fit->known[3].second == doctest::Approx(1.0 / 3));
}

TEST_CASE("what cannot be fitted is refused") {
  CHECK(has(refusal(trace_of(cluster(), 59)), "drawn.swf: 59 of its 59 jobs know their run"));
  Trace runless = trace_of(cluster(), 200);
  for (std::size_t i = 0; i < 150; ++i) runless.jobs[i].run_ms = kUnknown;
  CHECK(has(refusal(runless), "50 of its 200 jobs know their run"));
  Trace moment = trace_of(cluster(), 200);
  for (Job& job : moment.jobs) job.submit_ms = 1000;
  CHECK(has(refusal(moment), "submitted at one moment"));
  Trace far = trace_of(cluster(), 200);
  far.jobs.back().submit_ms = 900'000'000'000'000;
  CHECK(has(refusal(far), "more than 300 years"));
  CHECK_FALSE(fitted(trace_of(cluster(), 200), "Mars/Olympus").has_value());
}

TEST_CASE("a fit stops when it is told to") {
  class Stop final : public Progress {
   public:
    bool step(std::string_view, std::int64_t, std::int64_t) override { return false; }
  } stop;
  const auto fit = fit_trace(trace_of(cluster(), 3000), {}, stop);
  REQUIRE_FALSE(fit.has_value());
  CHECK(has(describe(fit.error().front()), "interrupted while fitting"));
}

TEST_CASE(
    "jobs at both ends of a trace and none between have a rate; its last minutes alone are no third to try "
    "on") {
  Trace trace = trace_of(cluster(), 900);
  for (std::size_t i = 0; i < trace.jobs.size(); ++i)
    trace.jobs[i].submit_ms = static_cast<std::int64_t>(i) * 1000 + (i < 450 ? 0 : 100 * 86'400'000LL);
  TraceModel fit;
  fit_arrivals(trace.jobs, 0, fit);
  CHECK(fit.arrivals.jobs_per_day == doctest::Approx(9).epsilon(0.05));
  CHECK(fit.arrivals.hours.empty());
  CHECK(has(refusal(trace), "its last third is too short for what came before"));
}

TEST_CASE("a fit may begin in an hour that the clocks repeat, and values may be nearly equal") {
  Trace trace = trace_of(cluster(), 300);
  const std::int64_t shift = parse_civil("2013-10-27T00:30:00", "UTC")->ms - trace.jobs.front().submit_ms;
  for (std::size_t i = 0; i < trace.jobs.size(); ++i) {
    trace.jobs[i].submit_ms += shift;
    trace.jobs[i].memory_gb = i % 2 == 0 ? 4.29496F : 4.294961F;
  }
  const auto fit = fitted(trace, "Europe/Prague");
  if (!fit) FAIL(describe(fit.error().front()));
  CHECK(fit->model.start == "2013-10-27T00:00:00");
  CHECK(fit->model.memory_gb.values == std::vector<double>{4.295});
}
