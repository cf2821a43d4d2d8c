// Traces of services: GPU pods and image requests.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>

#include "hinterland/work/trace.hpp"

using namespace hinterland;

namespace {

const std::string kPods =
    "name,cpu_milli,memory_mib,num_gpu,gpu_milli,pod_phase,creation_time,deletion_time,"
    "scheduled_time\n";
const std::string kRequests = "gmt_create,predict_status,exec_time_seconds,groupId\n";

Expected<Trace> parse(const std::string& text, const std::string& zone = "UTC") {
  SilentProgress progress;
  return parse_trace(text, "t.csv", zone, progress);
}

Job only(const std::string& text) {
  const auto trace = parse(text);
  REQUIRE(trace.has_value());
  REQUIRE(trace->jobs.size() == 1);
  return trace->jobs.front();
}

std::string error_of(const std::string& text) {
  const auto trace = parse(text);
  REQUIRE_FALSE(trace.has_value());
  REQUIRE(trace.error().size() == 1);
  return describe(trace.error().front());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a pod waits until it is scheduled and runs until it is deleted") {
  const Job job = only(kPods + "p,12000,16384,2,1000,Succeeded,100,700,160\n");
  CHECK(job.submit_ms == 100'000);
  CHECK(job.wait_ms == 60'000);
  CHECK(job.run_ms == 540'000);
  CHECK(job.cores == 12);
  CHECK(job.gpus == 2);
  CHECK(job.memory_gb == doctest::Approx(16384.0 * 1048576 / 1e9));
  CHECK(job.outcome == Outcome::completed);
}

TEST_CASE("a single GPU may be a part of one") {
  CHECK(only(kPods + "p,1,1,1,460,Running,0,9,1\n").gpus == doctest::Approx(0.46));
  CHECK(only(kPods + "p,1,1,0,0,Running,0,9,1\n").gpus == 0);
  CHECK(only(kPods + "p,1,1,8,460,Running,0,9,1\n").gpus == 8);
}

TEST_CASE("a pod that was never scheduled has no run and no wait") {
  const Job job = only(kPods + "p,1,1,0,0,Pending,5,9,\n");
  CHECK(job.run_ms == kUnknown);
  CHECK(job.wait_ms == kUnknown);
}

TEST_CASE("a pod whose times run backwards is refused at its line") {
  CHECK(has(error_of(kPods + "p,1,1,0,0,Failed,0,5,6\n"),
            "t.csv:2: deletion_time: lies before scheduled_time"));
  CHECK(has(error_of(kPods + "p,1,1,0,0,Failed,7,9,6\n"),
            "t.csv:2: scheduled_time: lies before creation_time"));
}

TEST_CASE("a pod without a creation time, or with a bad number, is refused") {
  CHECK(has(error_of(kPods + "p,1,1,0,0,Failed,,9,6\n"), "creation_time: is not known"));
  CHECK(has(error_of(kPods + "p,1,1,-1,0,Failed,0,9,6\n"), "num_gpu: '-1' is not a number >= 0"));
  CHECK(has(error_of(kPods + "p,nan,1,1,0,Failed,0,9,6\n"), "cpu_milli: 'nan'"));
  CHECK(has(error_of(kPods + "p,1,1,1,0,Failed,0,1e300,6\n"), "deletion_time: '1e300'"));
}

TEST_CASE("a pod table that lacks a column is refused by its name") {
  CHECK(has(error_of("cpu_milli,memory_mib,num_gpu,creation_time,deletion_time\n1,1,0,0,9\n"),
            "scheduled_time: the column is missing"));
}

TEST_CASE("a request has a moment, a run and a user") {
  const auto trace = parse(
      kRequests + "2024-11-15 16:57:50,SUCCEED,23.5,G1\n2024-11-15 16:57:51,FAILED,1,G2\n", "Asia/Shanghai");
  REQUIRE(trace.has_value());
  const Job& job = trace->jobs.front();
  CHECK(job.submit_ms == 1'731'661'070'000);
  CHECK(job.run_ms == 23'500);
  CHECK(job.outcome == Outcome::completed);
  CHECK(trace->jobs[1].outcome == Outcome::failed);
  CHECK(trace->users == std::vector<std::string>{"G1", "G2"});
  CHECK(std::isnan(job.cores));
}

TEST_CASE("a request on an impossible day is refused at its line") {
  CHECK(has(error_of(kRequests + "2024-11-31 00:00:00,SUCCEED,1,G1\n"), "t.csv:2: gmt_create: "));
  CHECK(has(error_of(kRequests + ",SUCCEED,1,G1\n"), "t.csv:2: gmt_create: "));
}

TEST_CASE("an open quote in a table of requests is located") {
  CHECK(has(error_of(kRequests + "2024-11-30 00:00:00,\"SUCCEED,1,G1\n"),
            "t.csv:2:21: a quoted cell is never closed"));
}
