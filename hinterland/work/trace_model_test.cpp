// The generator: real-shaped requests that the reader of traces takes.
#include "hinterland/work/trace_model.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/file.hpp"
#include "hinterland/work/trace.hpp"

using namespace hinterland;

namespace {

const TraceModel kModel{.name = "requests",
                        .jobs_per_day = 1000,
                        .run_median_s = 20,
                        .run_mean_s = 25,
                        .run_most_s = 2000,
                        .users = 4};

Trace sample(const TraceModel& model, std::int64_t jobs, std::uint64_t seed) {
  SilentProgress progress;
  const auto trace = parse_trace(generate_requests(model, jobs, seed).value(), "generated", "UTC", progress);
  REQUIRE(trace.has_value());
  return *trace;
}

std::string model_error(const std::string& more) {
  const auto model = parse_trace_model("name = \"x\"\njobs_per_day = 10\n" + more, "m.toml");
  REQUIRE_FALSE(model.has_value());
  return describe(model.error().front());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the same model and seed give the same bytes, another seed gives others") {
  CHECK(generate_requests(kModel, 50, 7).value() == generate_requests(kModel, 50, 7).value());
  CHECK(generate_requests(kModel, 50, 7).value() != generate_requests(kModel, 50, 8).value());
}

TEST_CASE("a longer trace begins as a shorter one of its seed") {
  CHECK(generate_requests(kModel, 100, 7)->starts_with(*generate_requests(kModel, 50, 7)));
}

TEST_CASE("arrivals come at the model's rate and in order") {
  constexpr int kJobs = 20'000;
  const Trace trace = sample(kModel, kJobs, 1);
  REQUIRE(trace.jobs.size() == kJobs);
  CHECK(std::ranges::is_sorted(trace.jobs, {}, &Job::submit_ms));
  const double days = static_cast<double>(trace.jobs.back().submit_ms - 1'704'067'200'000) / 86.4e6;
  CHECK(std::abs(days - 20) < 5 * 20 / std::sqrt(kJobs));  // a sum of exponentials: sigma = mean / sqrt(n)
}

TEST_CASE("runs have the model's median and mean, and none is longer than its longest") {
  constexpr int kJobs = 40'000;
  const Trace trace = sample(kModel, kJobs, 1);
  std::vector<double> runs;
  double sum = 0;
  for (const Job& job : trace.jobs) {
    runs.push_back(static_cast<double>(job.run_ms) / 1000);
    sum += runs.back();
  }
  std::ranges::sort(runs);
  const double variance_of_log = 2 * std::log(kModel.run_mean_s / kModel.run_median_s);
  const double sigma = kModel.run_mean_s * std::sqrt(std::exp(variance_of_log) - 1);
  CHECK(std::abs(sum / kJobs - kModel.run_mean_s) < 5 * sigma / std::sqrt(kJobs) + 0.05);
  // the median's standard error is sqrt(pi / 2 / n) in the logarithm
  const double error = std::sqrt(variance_of_log * 1.5708 / kJobs);
  CHECK(std::abs(std::log(runs[kJobs / 2] / kModel.run_median_s)) < 5 * error + 0.005);

  TraceModel capped = kModel;
  capped.run_most_s = 30;
  for (const Job& job : sample(capped, 2000, 1).jobs) CHECK(job.run_ms <= 30'000);
}

TEST_CASE("every user appears, and no other") { CHECK(sample(kModel, 1000, 3).users.size() == 4); }

TEST_CASE("a model whose runs are all alike gives just that run") {
  TraceModel model = kModel;
  model.run_mean_s = model.run_most_s = model.run_median_s;
  for (const Job& job : sample(model, 50, 1).jobs) CHECK(job.run_ms == 20'000);
}

TEST_CASE("the example's model is a good one") {
  const auto text = read_text(HINTERLAND_SOURCE_DIR "/examples/image-requests.toml");
  REQUIRE(text.has_value());
  CHECK(parse_trace_model(*text, "image-requests.toml").has_value());
}

TEST_CASE("a model whose figures contradict each other is refused") {
  CHECK(has(model_error("run_median_s = 30\nrun_mean_s = 20\nrun_most_s = 90\n"), "median <= mean <= most"));
  CHECK(has(model_error("run_median_s = 10\nrun_mean_s = 20\nrun_most_s = 15\n"), "median <= mean <= most"));
  CHECK(has(model_error("run_median_s = 0\nrun_mean_s = 20\nrun_most_s = 90\n"),
            "run_median_s: 0 is out of range"));
  CHECK(has(model_error("run_mean_s = 20\nrun_most_s = 90\n"), "run_median_s: a value is required"));
}

TEST_CASE("a trace that would leave the calendar is refused") {
  for (const double slow : {1e-300, 1e-4}) {
    TraceModel model = kModel;
    model.jobs_per_day = slow;
    const auto requests = generate_requests(model, 1000, 1);
    REQUIRE_FALSE(requests.has_value());
    CHECK(has(describe(requests.error().front()), "after the year 9999"));
  }
}
