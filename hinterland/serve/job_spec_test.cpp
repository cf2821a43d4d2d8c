#include "hinterland/serve/job_spec.hpp"

#include <doctest/doctest.h>

#include "hinterland/serve/job_request.hpp"
#include "hinterland/serve/test_service.hpp"

namespace hinterland {

namespace {

std::string problems(std::string_view toml) {
  const auto spec = parse_job_toml(toml, "job.toml");
  std::string all;
  if (!spec) {
    for (const Error& error : spec.error()) all += describe(error) + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("a job's file is read, and its JSON is the same job") {
  const auto spec = parse_job_toml(
      "name = \"影视\"\ncommand = [\"render\", \"--frame\"]\ntasks = 240\ncores = 2\nhours = "
      "0.5\nmay_wait_hours = 3\nafter = [0]\n"
      "environment = [\"A=1\", \"B=x=y\"]\noutputs = [\"frames/1.png\"]\nin_gb = 0.5\n",
      "job.toml");
  REQUIRE(spec);
  CHECK(spec->tasks == 240);
  CHECK(spec->name == "影视");
  const auto again = parse_job_json(job_json(*spec), "job");
  REQUIRE_MESSAGE(again, describe(again.error().front()));
  CHECK(job_json(*again) == job_json(*spec));
  CHECK(again->after == std::vector<double>{0});
}

TEST_CASE("all that is wrong with a job is said, each in its place") {
  CHECK(problems("").contains("command: a value is required"));
  CHECK(problems("command = []\n").contains("command: names no program"));
  CHECK(problems("command = [\"a\"]\ncores = 1.5\n").contains("cores: 1.5 is no whole number"));
  CHECK(problems("command = [\"a\"]\ntasks = 2_000_000\n").contains("tasks"));
  CHECK(problems("command = [\"a\"]\nhours = 0\n").contains("hours"));
  CHECK(problems("command = [\"a\"]\nenvironment = [\"NAME\"]\n")
            .contains("environment: 'NAME' is no variable"));
  CHECK(problems("command = [\"a\"]\npriorty = 1\n").contains("Did you mean priority?"));
  for (const char* escape : {"/etc/passwd", "../x", "a/../../x", "..", "a/..", ""})
    CHECK(problems("command = [\"a\"]\noutputs = [\"" + std::string(escape) + "\"]\n")
              .contains("is not within the attempt's folder"));
  CHECK(problems("command = [\"a\"]\noutputs = [\"a..b\", \"..c\"]\n").empty());
}

TEST_CASE("what a task is given: its number, its outputs, its limit") {
  test::DeskService service;
  const auto spec =
      parse_job_toml("command = [\"a\"]\ncores = 2\nhours = 0.5\ntasks = 3\noutputs = [\"o\"]\n", "job.toml");
  REQUIRE(spec);
  const auto request = request_of(*spec, service.served(), service.broker().state(), "");
  REQUIRE(request);
  CHECK(request->size == Size{.cores = 2, .gpus = 0, .memory_gb = 8});  // its share of the server's 16 GB
  CHECK(request->units == 8);
  const auto work = parse_work(request->what);
  REQUIRE(work);
  const Command command = command_of(*work, *request, JobNumber{4}, 2);
  CHECK(command.environment == std::vector<std::string>{"PATH=/usr/local/bin:/usr/bin:/bin",
                                                        "HINTERLAND_JOB=4", "HINTERLAND_TASK=2",
                                                        "HINTERLAND_TASKS=3"});
  CHECK(command.outputs == std::vector<std::string>{"o"});
  CHECK(command.limit == Duration{1'800'000});
  CHECK_FALSE(parse_work("{}"));
}

}  // namespace hinterland
