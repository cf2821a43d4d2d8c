// Whole traces: totals add up, what is missing comes from the class, and a job alone gives what judge()
// gives.
#include "hinterland/judge/trace_verdict.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hinterland/cost/terms.hpp"
#include "hinterland/judge/trace_verdict_page.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

const std::string kPresets = HINTERLAND_SOURCE_DIR "/data/workloads";

Question ask(const std::string& preset) {
  Question question;
  question.workload = load_workload(preset, kPresets).value();
  question.from = {"shanghai"};
  return question;
}

Job job(std::int64_t submit_s, std::int64_t run_s, float cores) {
  Job out;
  out.submit_ms = submit_s * 1000;
  out.run_ms = run_s < 0 ? kUnknown : run_s * 1000;
  out.cores = cores;
  return out;
}

class StopAtOnce final : public Progress {
 public:
  bool step(std::string_view, std::int64_t, std::int64_t) override { return false; }
};

}  // namespace

TEST_CASE("a trace of one job gives what the same work gives as a class") {
  const Atlas atlas = china();
  Question question = ask("film-render");
  Trace trace;
  trace.jobs = {job(0, 36'000, 128)};  // ten hours on two of the class's 64-core servers
  SilentProgress progress;
  const TraceVerdict whole = judge_trace(atlas, rates(), question, trace, progress).value();
  CHECK(whole.server_hours.value == doctest::Approx(20));

  const double share = 20 / question.workload.server_hours->value;
  question.workload.server_hours.reset();
  question.workload.runtime = Hours{10};
  question.workload.cores = 128;
  question.workload.deferrable = {};  // a job of a trace ran when it ran
  question.workload.data_in = share * question.workload.data_in;
  question.workload.data_out = share * question.workload.data_out;
  const Verdict one = judge(atlas, rates(), question).value();
  CHECK(whole.moved == (one.answer == Answer::move ? 1 : 0));
  CHECK(whole.saved.value == doctest::Approx(-one.best_row()->difference.value));
  CHECK(whole.home_price.value == doctest::Approx(one.home_row().quote.price.total().value));
}

TEST_CASE("jobs = moved + stayed + refused, and groups sum to the totals") {
  const Atlas atlas = china();
  const Question question = ask("model-training");  // it has no runtime of its own
  Trace trace;
  for (int i = 0; i < 100; ++i)
    trace.jobs.push_back(job(i * 3600, i % 10 == 0 ? -1 : 3600 * i * i, static_cast<float>(i % 7)));
  SilentProgress progress;
  const TraceVerdict verdict = judge_trace(atlas, rates(), question, trace, progress).value();
  CHECK(verdict.jobs == 100);
  CHECK(verdict.moved + verdict.stayed + verdict.refused == 100);
  CHECK(verdict.refused >= 10);  // the runtimes that nobody knows
  std::int64_t jobs = 0;
  double saved = 0;
  for (const TraceGroup& group : verdict.groups) {
    jobs += group.jobs;
    saved += group.saved.value;
    CHECK((group.answer == Answer::move || group.saved.value == 0));
  }
  CHECK(jobs == verdict.jobs);
  CHECK(saved == doctest::Approx(verdict.saved.value));
}

TEST_CASE("what the trace lacks comes from the class, and is counted") {
  const Atlas atlas = china();
  const Workload requests = load_workload("batch-inference", kPresets).value();
  const ServerShape shape = server_shape(atlas.servers.at(requests.server));
  const auto amount = amount_of(job(0, 3600, kUnknownSize), requests, shape, shape).value();
  CHECK(amount.server_hours.value == doctest::Approx(1.0 / 8));  // one GPU of eight, the class's
  // 4,010 GB over 996.25 server-hours, in proportion.
  CHECK((amount.bytes.in + amount.bytes.out).value == doctest::Approx(4'010 / (1e6 * 0.00797 / 8) / 8));
  CHECK(amount_of(job(0, -1, 1), requests, shape, shape)->task == requests.runtime);

  Trace trace;
  trace.jobs = {job(0, 10, kUnknownSize), job(1, -1, 4)};
  SilentProgress progress;
  const auto verdict = judge_trace(atlas, rates(), ask("batch-inference"), trace, progress).value();
  const std::vector<std::pair<std::string, std::int64_t>> expected = {
      {"runtime_hours", 1}, {"cores", 1}, {"gpus", 2}, {"memory_gb", 2}, {"data", 2}};
  CHECK(verdict.from_class == expected);
}

TEST_CASE("a job that runs in no time costs nothing and stays") {
  const Atlas atlas = china();
  Trace trace;
  trace.jobs = {job(0, 0, 1)};
  SilentProgress progress;
  const auto verdict = judge_trace(atlas, rates(), ask("film-render"), trace, progress).value();
  CHECK(verdict.stayed == 1);
  CHECK(verdict.home_price.value == 0);
  CHECK(std::isfinite(verdict.saved.value));
}

TEST_CASE("a year is the trace's span, scaled") {
  const Atlas atlas = china();
  Trace trace;
  for (int day = 0; day < 74; ++day) trace.jobs.push_back(job(day * 86'400, 3'600, 64));  // a fifth of a year
  SilentProgress progress;
  const auto verdict = judge_trace(atlas, rates(), ask("film-render"), trace, progress).value();
  CHECK(verdict.saved_per_year().value == doctest::Approx(5 * verdict.saved.value));
  CHECK(verdict.tells_a_year());
  // When the last job ends, how long it runs, is no matter.
  trace.jobs.back().run_ms = 40LL * 86'400'000;
  const auto longer = judge_trace(atlas, rates(), ask("film-render"), trace, progress).value();
  CHECK(longer.span.value == verdict.span.value);
  trace.jobs.resize(7);
  const auto short_one = judge_trace(atlas, rates(), ask("film-render"), trace, progress).value();
  CHECK_FALSE(short_one.tells_a_year());
  // Nor does its JSON.
  CHECK(trace_verdict_json(atlas, ask("film-render"), trace, short_one).contains("\"saved_per_year\": null"));
  CHECK_FALSE(
      trace_verdict_json(atlas, ask("film-render"), trace, verdict).contains("\"saved_per_year\": null"));
}

TEST_CASE("each job is priced on a server of its kind, whatever server the class has") {
  const Atlas atlas = china();
  SilentProgress progress;
  const auto price = [&](const std::string& work, std::vector<float> gpus) {
    Trace trace;
    for (const float count : gpus) {
      trace.jobs.push_back(job(0, 3'600, 8));
      trace.jobs.back().gpus = count;
    }
    return judge_trace(atlas, rates(), ask(work), trace, progress).value();
  };
  for (const std::string work : {"film-render", "batch-inference"}) {
    CAPTURE(work);
    const TraceVerdict mixed = price(work, {0, 2, 0});
    REQUIRE(mixed.servers.size() == 2);
    CHECK(mixed.servers[0].server->id.text == "cpu-server");
    CHECK(mixed.servers[0].jobs == 2);
    CHECK(mixed.servers[0].server_hours.value == doctest::Approx(2 * 8.0 / 64));
    CHECK(mixed.servers[1].server->id.text == "gpu-server");
    CHECK(mixed.servers[1].server_hours.value == doctest::Approx(2.0 / 8));
    CHECK(mixed.home_price.value ==
          doctest::Approx(price(work, {0, 0}).home_price.value + price(work, {2}).home_price.value));
    CHECK(mixed.refused == 0);
    CHECK(price(work, {0}).servers.size() == 1);
  }
}

TEST_CASE("a job that holds a GPU is refused where the atlas has no server with one, and spoils no total") {
  Atlas atlas = china();
  Table<Server> without;
  for (const Server& server : atlas.servers)
    if (server.gpus == 0) without.put(server);
  atlas.servers = without;
  Trace trace;
  trace.jobs = {job(0, 3'600, 1), job(0, 3'600, 1)};
  trace.jobs.back().gpus = 1;
  SilentProgress progress;
  const auto verdict = judge_trace(atlas, rates(), ask("film-render"), trace, progress).value();
  CHECK(verdict.refused == 1);
  CHECK(verdict.groups.back().reason == "hardware");
  CHECK(verdict.server_hours.value == doctest::Approx(1.0 / 64));
}

TEST_CASE("interrupted, it says so and keeps what it has") {
  const Atlas atlas = china();
  Trace trace;
  trace.jobs.assign(400'000, job(0, 3'600, 1));
  StopAtOnce progress;
  const auto verdict = judge_trace(atlas, rates(), ask("film-render"), trace, progress).value();
  CHECK(verdict.interrupted);
  CHECK(verdict.jobs < 400'000);
  CHECK(verdict.jobs == verdict.moved + verdict.stayed + verdict.refused);
}

TEST_CASE("interrupted, a year is a year of what was judged") {
  const Atlas atlas = china();
  Trace trace;
  for (int hour = 0; hour < 20'000; ++hour) trace.jobs.push_back(job(hour * 3'600, 3'600, 64));
  StopAtOnce stop;
  SilentProgress go_on;
  const auto part = judge_trace(atlas, rates(), ask("film-render"), trace, stop).value();
  const auto whole = judge_trace(atlas, rates(), ask("film-render"), trace, go_on).value();
  CHECK(part.saved_per_year().value == doctest::Approx(whole.saved_per_year().value).epsilon(1e-3));
}
