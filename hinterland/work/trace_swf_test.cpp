// The Standard Workload Format, column by column.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <cmath>

#include "hinterland/work/trace.hpp"

using namespace hinterland;

namespace {

Expected<Trace> parse(const std::string& text) {
  SilentProgress progress;
  return parse_trace(text, "t.swf", "UTC", progress);
}

// The first job of a trace that must be good.
Job only(const std::string& text) {
  const auto trace = parse(text);
  REQUIRE(trace.has_value());
  return trace->jobs.front();
}

std::string error_of(const std::string& line) {
  const auto trace = parse(";\n" + line + "\n");
  REQUIRE_FALSE(trace.has_value());
  REQUIRE(trace.error().size() == 1);
  return describe(trace.error().front());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("each column goes to its place") {
  const Job job = only("1 100 10 3600 64 -1 2048 32 7200 4096 1 7 1 -1 1 1 -1 -1\n");
  CHECK(job.submit_ms == 100'000);
  CHECK(job.wait_ms == 10'000);
  CHECK(job.run_ms == 3'600'000);
  CHECK(job.requested_ms == 7'200'000);
  CHECK(job.cores == 64);
  CHECK(job.memory_gb == doctest::Approx(2048 * 1024 * 64 / 1e9));  // used, a processor
  CHECK(job.outcome == Outcome::completed);
  CHECK(job.user == 1);
  CHECK(job.line == 1);
}

TEST_CASE("what was requested stands in for what is not known to be used") {
  const Job job = only("1 0 -1 60 -1 -1 -1 32 -1 4096 0 -1 -1 -1 -1 -1 -1 -1\n");
  CHECK(job.cores == 32);
  CHECK(job.memory_gb == doctest::Approx(4096.0 * 1024 * 32 / 1e9));
  CHECK(job.outcome == Outcome::failed);
}

TEST_CASE("-1 stays unknown") {
  const Job job = only("1 0 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1\n");
  CHECK(job.run_ms == kUnknown);
  CHECK(job.wait_ms == kUnknown);
  CHECK(job.requested_ms == kUnknown);
  CHECK(std::isnan(job.cores));
  CHECK(std::isnan(job.memory_gb));
  CHECK(std::isnan(job.gpus));
  CHECK(job.user == 0);
  CHECK(job.outcome == Outcome::unknown);
}

TEST_CASE("a start time in the header dates the trace") {
  const std::string line = "1 60 -1 60 1 -1 -1 1 -1 -1 1 1 1 -1 1 1 -1 -1\n";
  const auto dated = parse("; UnixStartTime: 1704067200\n" + line);
  REQUIRE(dated.has_value());
  CHECK(dated->dated);
  CHECK(dated->jobs.front().submit_ms == (1'704'067'200 + 60) * std::int64_t{1000});
  for (const char* header :
       {"; UnixStartTime: soon\n", "; UnixStartTime: -5\n", "; UnixStartTime:\n", ";\n"}) {
    CAPTURE(header);
    const auto undated = parse(header + line);
    REQUIRE(undated.has_value());
    CHECK_FALSE(undated->dated);
    CHECK(undated->jobs.front().submit_ms == 60'000);
  }
}

TEST_CASE("a CERIT log counts memory in bytes of the whole job and submits in Unix time") {
  const auto trace = parse("1 1356994803 2 60 4 -1 5 4 60 2000000000 1 1 1 -1 1 1 -1 -1 night\n");
  REQUIRE(trace.has_value());
  CHECK(trace->dated);
  CHECK(trace->jobs.front().submit_ms == 1'356'994'803'000);
  CHECK(trace->jobs.front().memory_gb == doctest::Approx(2));
  // Their largest, all of a node, and a node of twice that: more than any time may be.
  for (const char* bytes : {"549755813888", "1099511627776"}) {
    const auto large =
        parse("1 1356994803 2 60 4 -1 5 4 60 " + std::string(bytes) + " 1 1 1 -1 1 1 -1 -1 night\n");
    REQUIRE(large.has_value());
    CHECK(large->jobs.front().memory_gb == doctest::Approx(std::stod(bytes) / 1e9));
  }
}

TEST_CASE("spaces, tabs, CRLF, empty lines and comments in between change nothing") {
  const auto trace = parse(
      ";\r\n\r\n  1\t0 -1  60 1 -1 -1 1 -1 -1 1 1 1 -1 1 1 -1 -1 \r\n; more\r\n\n"
      "2 5 -1 60 1 -1 -1 1 -1 -1 1 1 1 -1 1 1 -1 -1");
  REQUIRE(trace.has_value());
  REQUIRE(trace->jobs.size() == 2);
  CHECK(trace->jobs[1].line == 6);
}

TEST_CASE("each bad column is located and named") {
  const std::string good = "1 0 10 3600 64 -1 -1 64 7200 -1 1 1 1 -1 1 1 -1";
  CHECK(has(error_of(good), "t.swf:2: think time: the line has 17 of 18 columns"));
  CHECK(has(error_of("1 0 -2" + good.substr(6) + " -1"), "t.swf:2: wait: -2 is negative"));
  CHECK(has(error_of("1 x 10" + good.substr(6) + " -1"), "t.swf:2: submit: 'x' is not a number"));
  CHECK(has(error_of("1 1e300" + good.substr(3) + " -1"), "t.swf:2: submit: 1e+300 is too large"));
  CHECK(has(error_of("1 0 10 60 1 -1 1e300" + good.substr(14)), "used memory: 1e+300 is too large"));
  CHECK(has(error_of("1 nan" + good.substr(3) + " -1"), "'nan' is not a number"));
  CHECK(has(error_of("1 0 " + std::string(100'000, '9')), "t.swf:2: wait: '999"));
}

TEST_CASE("all bad lines are listed together") {
  const auto trace = parse(";\nx\ny\nz\n");
  REQUIRE_FALSE(trace.has_value());
  CHECK(trace.error().size() == 3);
}

TEST_CASE("users are told apart by their numbers") {
  std::string text;
  for (const int user : {7, 9, 7}) {
    text += fmt::format("1 0 -1 60 1 -1 -1 1 -1 -1 1 {} 1 -1 1 1 -1 -1\n", user);
  }
  const auto trace = parse(text);
  REQUIRE(trace.has_value());
  CHECK(trace->users == std::vector<std::string>{"7", "9"});
  CHECK(trace->jobs[0].user == trace->jobs[2].user);
  CHECK(trace->jobs[0].user != trace->jobs[1].user);
}

TEST_CASE("jobs that are written as SWF are read as the same jobs") {
  CHECK(rc::check([] {
    struct Line {
      int submit, wait, run, cores, limit, user;
    };
    const auto maybe = [](int most) { return *rc::gen::oneOf(rc::gen::just(-1), rc::gen::inRange(0, most)); };
    std::vector<Line> lines(static_cast<std::size_t>(*rc::gen::inRange(1, 20)));
    std::string text = ";\n";
    for (Line& line : lines) {
      line = {*rc::gen::inRange(0, 2'000'000'000), maybe(1'000'000),  maybe(10'000'000),
              *rc::gen::inRange(1, 100'000),       maybe(10'000'000), *rc::gen::inRange(0, 5)};
      text += fmt::format("1 {} {} {} {} -1 -1 -1 {} -1 1 {} -1 -1 -1 -1 -1 -1\n", line.submit, line.wait,
                          line.run, line.cores, line.limit, line.user);
    }
    const auto trace = parse(text);
    RC_ASSERT(trace.has_value());
    RC_ASSERT(trace->jobs.size() == lines.size());
    const auto ms = [](int s) { return s < 0 ? kUnknown : s * std::int64_t{1000}; };
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const Job& job = trace->jobs[i];
      RC_ASSERT(job.submit_ms == ms(lines[i].submit));
      RC_ASSERT(job.wait_ms == ms(lines[i].wait));
      RC_ASSERT(job.run_ms == ms(lines[i].run));
      RC_ASSERT(job.requested_ms == ms(lines[i].limit));
      RC_ASSERT(job.cores == static_cast<float>(lines[i].cores));
      RC_ASSERT(trace->users.at(job.user - 1) == std::to_string(lines[i].user));
      RC_ASSERT(job.line == i + 2);
    }
  }));
}
