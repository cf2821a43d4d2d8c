// Traces as a whole: which format a text is, what is refused, what a summary says.
#include "hinterland/work/trace_summary.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <algorithm>

using namespace hinterland;

namespace {

Expected<Trace> parse(const std::string& text, BadLines bad_lines = BadLines::refuse) {
  SilentProgress progress;
  return parse_trace(text, "t", "UTC", progress, bad_lines);
}

const std::string kSwf = "1 0 10 3600 64 -1 -1 64 7200 -1 1 1 1 -1 1 1 -1 -1\n";

class StopAtOnce final : public Progress {
 public:
  bool step(std::string_view, std::int64_t, std::int64_t) override { return false; }
};

Job job(std::int64_t submit_h, std::int64_t run_h, std::int64_t wait_h = 0) {
  Job one;
  one.submit_ms = submit_h * 3'600'000;
  one.run_ms = run_h < 0 ? kUnknown : run_h * 3'600'000;
  one.wait_ms = wait_h < 0 ? kUnknown : wait_h * 3'600'000;
  return one;
}

}  // namespace

TEST_CASE("a format is told by the first line") {
  CHECK(parse("; a comment\n" + kSwf)->format == "swf");
  CHECK(parse(kSwf)->format == "swf");
  CHECK(parse("\n\n" + kSwf)->format == "swf");
  CHECK(parse("1 0 10 3600 64 -1 -1 64 7200 -1 1 1 1 -1 1 1 -1 -1 night\n")->format == "cerit");
  CHECK(parse("JobID|Submit|ElapsedRaw\n1|2024-01-01T00:00:00|60\n")->format == "sacct");
  CHECK(parse("cpu_milli,memory_mib,num_gpu,creation_time,deletion_time,scheduled_time\n1,1,0,0,9,1\n")
            ->format == "gpu-pods");
  CHECK(parse("gmt_create,exec_time_seconds\n2024-01-01 00:00:00,3\n")->format == "image-requests");
}

TEST_CASE("what is no trace is not taken for one") {
  for (const char* text :
       {"", "\n", "name = \"x\"\n", "a,b,c\n1,2,3\n", "JobID,Submit,ElapsedRaw\n", "1 2 3\n"}) {
    CAPTURE(text);
    CHECK_FALSE(looks_like_trace(text));
    CHECK_FALSE(parse(text).has_value());
  }
}

TEST_CASE("a trace without a job is an error") {
  for (const char* text : {"; only a comment\n", "JobID|Submit|ElapsedRaw\n"}) {
    CAPTURE(text);
    const auto trace = parse(text);
    REQUIRE_FALSE(trace.has_value());
    CHECK(trace.error().front().what == "holds no job");
  }
}

TEST_CASE("a wrong line refuses the file, or is left out and counted where that is asked for") {
  const std::string text = kSwf + "1 0 x\n" + kSwf;
  CHECK_FALSE(parse(text).has_value());
  const auto trace = parse(text, BadLines::leave_out);
  REQUIRE(trace.has_value());
  CHECK(trace->bad_lines == 1);
  CHECK(trace->jobs.size() == 2);
  CHECK(trace->jobs[1].line == 3);
}

TEST_CASE("a file without one good line is refused even where wrong lines may be left out") {
  CHECK_FALSE(parse(";\n1 0 x\n", BadLines::leave_out).has_value());
  CHECK_FALSE(parse("JobID|ElapsedRaw\n1|60\n", BadLines::leave_out).has_value());
}

TEST_CASE("a reader that is told to stop says that it was interrupted") {
  std::string text = ";\n";
  while (text.size() < (std::size_t{3} << 20U)) text += kSwf;
  StopAtOnce progress;
  const auto trace = parse_trace(text, "t", "UTC", progress);
  REQUIRE_FALSE(trace.has_value());
  CHECK(trace.error().front().what.find("interrupted") != std::string::npos);
}

TEST_CASE("the span runs from the first submission to the last, however long jobs run") {
  Trace trace;
  trace.jobs = {job(10, 2), job(4, 1), job(5, 20, 3), job(27, -1, -1)};
  CHECK(span(trace.jobs).value == 23);  // from 4 to 27
}

TEST_CASE("a span is an hour at least") {
  Trace trace;
  trace.jobs = {job(10, 0)};
  CHECK(span(trace.jobs).value == 1);
}

TEST_CASE("a summary tells what is known of how many jobs") {
  Trace trace;
  trace.jobs = {job(0, 1), job(1, 3), job(2, -1)};
  trace.jobs[0].cores = 8;
  trace.jobs[1].outcome = Outcome::failed;
  trace.users = {"a", "b"};
  const TraceSummary summary = summarize(trace);
  CHECK(summary.jobs == 3);
  CHECK(summary.users == 2);
  const auto column = [&](const std::string& name) {
    return *std::ranges::find(summary.columns, name, &TraceColumn::name);
  };
  CHECK(column("run_s").known == 2);
  CHECK(column("run_s").mean == 7200);
  CHECK(column("run_s").median == 7200);
  CHECK(column("run_s").most == 3 * 3600);
  CHECK(column("cores").known == 1);
  CHECK(column("gpus").known == 0);
  using Count = std::pair<std::string, std::int64_t>;
  CHECK(summary.outcomes == std::vector<Count>{{"unknown", 2}, {"failed", 1}});
}

TEST_CASE("a column's figures are in order, whatever the jobs") {
  CHECK(rc::check([] {
    Trace trace;
    const auto runs =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1'000'000)));
    for (const int run : runs) {
      trace.jobs.push_back(job(0, 0));
      trace.jobs.back().run_ms = run;
    }
    const TraceColumn column = summarize(trace).columns.front();
    RC_ASSERT(column.known == static_cast<std::int64_t>(runs.size()));
    RC_ASSERT(column.p10 <= column.median);
    RC_ASSERT(column.median <= column.p90);
    RC_ASSERT(column.p90 <= column.most);
    RC_ASSERT(column.mean <= column.most * (1 + 1e-12));
    RC_ASSERT(column.most == *std::ranges::max_element(runs) / 1000.0);
  }));
}

TEST_CASE("any bytes at all are a trace or an error") {
  CHECK(rc::check([] {
    const auto start = *rc::gen::element<std::string>(";\n", "JobID|Submit|Elapsed\n", "", "1 ",
                                                      "gmt_create,exec_time_seconds\n");
    const auto piece =
        rc::gen::element<std::string>("-1", " ", "\n", "|", ",", "1", "\"", "2024-01-01 00:00:00", "-", "贵",
                                      "1e9", "9999999999999999999", ":", "\r");
    const auto pieces = *rc::gen::container<std::vector<std::string>>(piece);
    std::string text = start;
    for (const auto& one : pieces) text += one;
    const auto trace = parse(text);
    if (trace) RC_ASSERT_FALSE(trace->jobs.empty());
    if (!trace) RC_ASSERT_FALSE(trace.error().empty());
  }));
}
