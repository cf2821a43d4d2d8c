// Workload classes: what a file may say, what it may not, and how work becomes server-hours.
#include "hinterland/work/workload.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <rapidcheck.h>

#include <cmath>

using namespace hinterland;

namespace {

const std::string kPresets = HINTERLAND_SOURCE_DIR "/data/workloads";

const std::string kHead =
    "name = \"A job\"\nserver = \"cpu-server\"\ndata_in_gb = 1\ndata_out_gb = 2\n"
    "deadline_hours = 24\n";

Workload good(const std::string& more) {
  const auto workload = parse_workload(kHead + more, "dir/a-job.toml");
  REQUIRE(workload.has_value());
  return *workload;
}

std::string error_of(const std::string& more) {
  const auto workload = parse_workload(kHead + more, "dir/a-job.toml");
  REQUIRE_FALSE(workload.has_value());
  REQUIRE(workload.error().size() == 1);
  return describe(workload.error().front());
}

std::string set_error(const std::string& field, const std::string& value) {
  Workload workload = good("server_hours = 10\n");
  const auto done = set_workload_value(workload, field, value, "--set x");
  REQUIRE_FALSE(done.has_value());
  return describe(done.error().front());
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a class that gives no id is named after its file") {
  CHECK(good("server_hours = 10\n").id.text == "a-job");
  CHECK(good("server_hours = 10\nid = \"other\"\n").id.text == "other");
}

TEST_CASE("every preset is a good class of its own name") {
  const auto names = preset_names(kPresets);
  REQUIRE(names.size() >= 9);
  for (const std::string& name : names) {
    CAPTURE(name);
    const auto workload = load_workload(name, kPresets);
    REQUIRE(workload.has_value());
    CHECK(workload->id.text == name);
    CHECK(workload->deadline > Hours{0});
  }
}

TEST_CASE("a class with a latency bound is a service, one without is batch") {
  CHECK(good("server_hours = 10\nlatency_ms = 20\n").is_service());
  CHECK_FALSE(good("server_hours = 10\n").is_service());
}

TEST_CASE("how sure a value is stays with its field") {
  const Workload workload = good("server_hours = {value = 10, low = 5, high = 20, source = \"assumed\"}\n");
  CHECK(workload.server_hours->value == 10);
  CHECK(workload.evidence.at("server_hours").low == 5);
  CHECK(workload.evidence.at("server_hours").high == 20);
  CHECK_FALSE(workload.evidence.contains("data_in_gb"));
}

TEST_CASE("the size of the work is said once") {
  CHECK(has(error_of("server_hours = 1\nruntime_hours = 1\n"), "beside runtime_hours"));
  CHECK(has(error_of(""), "is missing, and so is runtime_hours"));
}

TEST_CASE("values out of their range are refused at their line") {
  CHECK(has(error_of("server_hours = 0\n"), "dir/a-job.toml:6:16: server_hours: 0 is out of range"));
  CHECK(has(error_of("server_hours = 1\ngpus = -1\n"), "gpus: -1 is out of range"));
  CHECK(has(error_of("server_hours = 1\nprecision = \"fp8\"\n"), "Give one of: fp64, fp32, fp16."));
}

TEST_CASE("an unknown preset names the nearest one") {
  const auto workload = load_workload("film-rendr", kPresets);
  REQUIRE_FALSE(workload.has_value());
  CHECK(has(describe(workload.error().front()), "Did you mean film-render?"));
}

TEST_CASE("a file of a class that is not there is an error, not an empty class") {
  CHECK_FALSE(load_workload("./nothing.toml", kPresets).has_value());
  CHECK(preset_names("/nowhere").empty());
}

TEST_CASE("a value that is set is checked as its file would be") {
  Workload workload = good("server_hours = 10\n");
  REQUIRE(set_workload_value(workload, "data_in_gb", "500", "--set x").has_value());
  CHECK(workload.data_in.value == 500);
  CHECK(has(set_error("data_in_gb", "-5"), "out of range"));
  CHECK(has(set_error("data_in_gb", "5 GB"), "is not a number"));
  CHECK(has(set_error("data_in_g", "5"), "Did you mean data_in_gb?"));
  CHECK(has(set_error("id", "x"), "no field of a workload that can be set"));
  CHECK(has(set_error("latency_ms", ""), "the value is empty"));
}

TEST_CASE("setting one way of saying the size replaces the other") {
  Workload workload = good("server_hours = 10\n");
  REQUIRE(set_workload_value(workload, "runtime_hours", "3", "--set x").has_value());
  CHECK_FALSE(workload.server_hours.has_value());
  CHECK(workload.runtime->value == 3);
}

TEST_CASE("a task occupies the share of a server that its scarcest part asks for") {
  const ServerShape server{.cores = 64, .gpus = 8, .memory_gb = 512};
  CHECK(servers_occupied(16, 0, 0, server) == 0.25);
  CHECK(servers_occupied(16, 4, 0, server) == 0.5);
  CHECK(servers_occupied(16, 4, 1024, server) == 2);
}

TEST_CASE("a task that names nothing takes a server, and one that wants a GPU never fits where none is") {
  CHECK(servers_occupied(0, 0, 0, {.cores = 64, .gpus = 8, .memory_gb = 512}) == 1);
  CHECK(std::isinf(servers_occupied(0, 1, 0, {.cores = 64, .gpus = 0, .memory_gb = 512})));
}

TEST_CASE("server-hours grow in step with runtime and tasks, and never shrink with what is asked for") {
  const ServerShape server{.cores = 64, .gpus = 8, .memory_gb = 512};
  CHECK(rc::check([&] {
    const auto some = [](int most) { return 1.0 * *rc::gen::inRange(0, most); };
    const double cores = some(200), gpus = some(20), memory = some(2000) + 1, run = some(100);
    const Hours once = server_hours({run}, cores, gpus, memory, server);
    RC_ASSERT(server_hours({2 * run}, cores, gpus, memory, server).value == 2 * once.value);
    RC_ASSERT(server_hours({run}, cores + some(9), gpus + some(9), memory + some(9), server) >= once);
    Workload workload;
    workload.runtime = Hours{run};
    workload.cores = cores;
    workload.gpus = gpus;
    workload.memory_gb = memory;
    workload.tasks = 4;
    RC_ASSERT(server_hours(workload, server).value == 4 * once.value);
  }));
}

TEST_CASE("a size given as a whole needs no server type") {
  CHECK(server_hours(good("server_hours = 10\n"), {.cores = 1, .gpus = 0, .memory_gb = 1}).value == 10);
}
