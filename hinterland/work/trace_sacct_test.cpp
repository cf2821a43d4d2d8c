// Slurm's accounting as `sacct --parsable2` prints it.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <cmath>

#include "hinterland/work/trace.hpp"

using namespace hinterland;

namespace {

Expected<Trace> parse(const std::string& text, const std::string& zone = "UTC") {
  SilentProgress progress;
  return parse_trace(text, "t.sacct", zone, progress);
}

Trace good(const std::string& text, const std::string& zone = "UTC") {
  const auto trace = parse(text, zone);
  REQUIRE(trace.has_value());
  return *trace;
}

std::string error_of(const std::string& text) {
  const auto trace = parse(text);
  REQUIRE_FALSE(trace.has_value());
  REQUIRE(trace.error().size() == 1);
  return describe(trace.error().front());
}

// One job with one more column.
std::string with(const std::string& column, const std::string& cell) {
  return fmt::format("JobID|Submit|ElapsedRaw|{}\n7|2024-01-01T00:00:00|60|{}\n", column, cell);
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("each column of sacct goes to its place") {
  const Trace trace = good(
      "JobID|User|Submit|Start|ElapsedRaw|TimelimitRaw|AllocCPUS|AllocTRES|ReqMem|State\n"
      "7|wang|2024-01-01T00:00:00|2024-01-01T00:01:00|3600|120|16|cpu=16,gres/"
      "gpu=2,mem=8G,node=1|4G|COMPLETED\n");
  const Job& job = trace.jobs.front();
  CHECK(trace.dated);
  CHECK(job.submit_ms == 1'704'067'200'000);
  CHECK(job.wait_ms == 60'000);
  CHECK(job.run_ms == 3'600'000);
  CHECK(job.requested_ms == 7'200'000);
  CHECK(job.cores == 16);
  CHECK(job.gpus == 2);
  CHECK(job.memory_gb == doctest::Approx(8 * 1.073741824));
  CHECK(job.outcome == Outcome::completed);
  CHECK(trace.users.at(job.user - 1) == "wang");
}

TEST_CASE("GPUs are what a list says of all, or else of each type, or none") {
  const auto gpus = [](const std::string& list) { return good(with("AllocTRES", list)).jobs.front().gpus; };
  CHECK(gpus("cpu=8,gres/gpu:a100=4") == 4);
  CHECK(gpus("cpu=8,gres/gpu:a100=4,gres/gpu:h100=2,node=2") == 6);
  CHECK(gpus("cpu=8,gres/gpu=4,gres/gpu:a100=4") == 4);
  CHECK(gpus("gres/gpu:a100=4,gres/gpu=4") == 4);
  CHECK(gpus("cpu=8,gres/gpumem=80G") == 0);
}

TEST_CASE("civil times are of the zone that is named") {
  const std::string text = "JobID|Submit|ElapsedRaw\n1|2024-01-01T08:00:00|60\n";
  CHECK(good(text, "Asia/Shanghai").jobs.front().submit_ms == 1'704'067'200'000);
  CHECK_FALSE(parse(text, "Asia/Shanghia").has_value());
}

TEST_CASE("steps belong to their job and are counted") {
  const Trace trace = good(
      "JobID|Submit|ElapsedRaw\n7|2024-01-01T00:00:00|60\n7.batch|2024-01-01T00:00:00|60\n"
      "7.0|2024-01-01T00:00:00|60\n8_1|2024-01-01T00:00:00|60\n");
  CHECK(trace.jobs.size() == 2);
  CHECK(trace.skipped_steps == 2);
}

TEST_CASE("quotes mean nothing in sacct's output") {
  CHECK(good("JobID|Submit|ElapsedRaw|JobName\n1|2024-01-01T00:00:00|60|say \"hi\n").jobs.size() == 1);
}

TEST_CASE("Elapsed is read as Slurm prints it") {
  const auto run = [](const std::string& text) {
    return good("JobID|Submit|Elapsed\n1|2024-01-01T00:00:00|" + text + "\n").jobs.front().run_ms;
  };
  CHECK(run("1-02:03:04") == 93'784'000);
  CHECK(run("02:03:04") == 7'384'000);
  CHECK(run("03:04") == 184'000);
  CHECK(run("") == kUnknown);
}

TEST_CASE("what is no duration is refused") {
  for (const char* text : {"1-99", "1-", "-1:00:00", "99", "1-24:00:00", "00:60:00", "00:00:60", "1:2:3:4",
                           "a:b", "1e3:00", "1-1:1", "::", "nan:00", "9999999999-00:00:00"}) {
    CAPTURE(text);
    const std::string error = error_of(fmt::format("JobID|Submit|Elapsed\n1|2024-01-01T00:00:00|{}\n", text));
    CHECK(has(error, "t.sacct:2: Elapsed: "));
    CHECK(has(error, "is no duration"));
  }
}

TEST_CASE("any duration that Slurm can print is read to the second") {
  CHECK(rc::check([] {
    const auto days = *rc::gen::inRange(0, 400), hours = *rc::gen::inRange(0, 24),
               minutes = *rc::gen::inRange(0, 60), seconds = *rc::gen::inRange(0, 60);
    const std::string days_text = days > 0 ? fmt::format("{}-", days) : "";
    const auto trace = parse(fmt::format("JobID|Submit|Elapsed\n1|2024-01-01T00:00:00|{}{:02}:{:02}:{:02}\n",
                                         days_text, hours, minutes, seconds));
    RC_ASSERT(trace.has_value());
    const std::int64_t expected = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
    RC_ASSERT(trace->jobs.front().run_ms == expected * 1000);
  }));
}

TEST_CASE("memory of a whole job is read in Slurm's binary units") {
  const auto memory = [](const std::string& text) {
    return good(with("ReqMem", text)).jobs.front().memory_gb;
  };
  CHECK(memory("1000K") == doctest::Approx(1000 * 1024 / 1e9));
  CHECK(memory("512") == doctest::Approx(512 * 1048576 / 1e9));
  CHECK(memory("2.5T") == doctest::Approx(2.5 * 1099.511627776));
  CHECK(std::isnan(memory("")));
  CHECK(std::isnan(memory("0")));
}

TEST_CASE("memory a core or a node is refused, because the job's total is not known") {
  for (const char* text : {"4Gc", "4Gn", "lots", "-4G", "nanG", "1e300G"}) {
    CAPTURE(text);
    CHECK(has(error_of(with("ReqMem", text)), "t.sacct:2: ReqMem: "));
  }
}

TEST_CASE("a job that used no GPU has none, and one without TRES may have some") {
  CHECK(good(with("AllocTRES", "cpu=4,mem=1G")).jobs.front().gpus == 0);
  CHECK(good(with("AllocTRES", "cpu=4,mem=1G")).jobs.front().cores == 4);
  CHECK(std::isnan(good(with("AllocTRES", "")).jobs.front().gpus));
}

TEST_CASE("states become outcomes") {
  const auto outcome = [](const std::string& state) {
    return good(with("State", state)).jobs.front().outcome;
  };
  CHECK(outcome("COMPLETED") == Outcome::completed);
  CHECK(outcome("CANCELLED by 1000") == Outcome::cancelled);
  CHECK(outcome("TIMEOUT") == Outcome::failed);
  CHECK(outcome("RUNNING") == Outcome::running);
  CHECK(outcome("") == Outcome::unknown);
}

TEST_CASE("a limit that is no limit is not known") {
  CHECK(good(with("TimelimitRaw", "UNLIMITED")).jobs.front().requested_ms == kUnknown);
  CHECK(good(with("TimelimitRaw", "Partition_Limit")).jobs.front().requested_ms == kUnknown);
  CHECK(has(error_of(with("TimelimitRaw", "forever")), "TimelimitRaw: 'forever' is not a number"));
}

TEST_CASE("a start before the submission gives no wait") {
  CHECK(good(with("Start", "2023-12-31T23:59:59")).jobs.front().wait_ms == kUnknown);
  CHECK(good(with("Start", "Unknown")).jobs.front().wait_ms == kUnknown);
}

TEST_CASE("columns that are needed are missed by name") {
  CHECK(has(error_of("JobID|ElapsedRaw\n1|60\n"), "Submit: the column is missing"));
  CHECK(has(error_of("JobID|Submit\n1|2024-01-01T00:00:00\n"), "Elapsed: the column is missing"));
}

TEST_CASE("bad times, bad numbers and cut lines are located") {
  CHECK(has(error_of("JobID|Submit|ElapsedRaw\n1|2024-02-30T00:00:00|60\n"), "t.sacct:2: Submit: "));
  CHECK(has(error_of("JobID|Submit|ElapsedRaw\n1|Unknown|60\n"), "Submit: is not known"));
  CHECK(has(error_of("JobID|Submit|ElapsedRaw\n1|2024-01-01T00:00:00|-60\n"), "ElapsedRaw: '-60'"));
  CHECK(has(error_of("JobID|Submit|ElapsedRaw\n1|2024-01-01T00:00:00\n"),
            "t.sacct:2: 2 cells where the header has 3"));
}
