#include "hinterland/serve/api.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "hinterland/serve/test_loop.hpp"
#include "hinterland/serve/test_service.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

struct Desk {
  test::DeskService service;
  Api api{service, {}};
  int status = 0;
  std::string key;
  Json ask(const std::string& method, const std::string& target, const std::string& body = "") {
    const ApiResponse answer = test::ask(api, {.method = method, .target = target, .key = key}, body);
    status = answer.status;
    return answer.type == "application/json" ? Json::parse(answer.body) : Json(answer.body);
  }
};

}  // namespace

TEST_CASE("a path is asked for in its own words") {
  Desk desk;
  desk.ask("GET", "/v1/jobs");
  CHECK(desk.status == 200);
  for (const char* const other :
       {"//v1/jobs", "/v1//jobs", "/v1/jobs/", "/v1/%6aobs", "/v1/jobs//why", "v1/jobs", ""}) {
    desk.ask("GET", other);
    CHECK_MESSAGE(desk.status == 404, other);
  }
}

TEST_CASE("bodies of many together take no more memory than there is for them") {
  Desk desk;
  const auto half = std::string(1'000, ' ');
  constexpr std::size_t pieces = 30'000;
  std::vector<Api::Exchange> senders;
  const auto begin = [&] {
    auto begun = desk.api.begin({.method = "POST", .target = "/v1/jobs", .length = half.size() * pieces}, 0);
    senders.push_back(std::move(std::get<Api::Exchange>(begun)));
    std::optional<ApiResponse> no;
    for (std::size_t k = 0; k < pieces && !no; ++k) no = senders.back().take(half);
    return no;
  };
  std::optional<ApiResponse> refused;
  while (!refused && senders.size() < 20) refused = begin();
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(senders.size() == 9);  // eight of them are 240 MB
  senders.clear();
  CHECK_FALSE(begin());
}

TEST_CASE("a job is submitted, listed, explained and cancelled") {
  Desk desk;
  CHECK(desk.ask("POST", "/v1/jobs", R"({"command": ["true"], "cores": 4, "name": "first"})").at("job") == 0);
  CHECK(desk.status == 201);
  CHECK(desk.ask("POST", "/v1/jobs", R"({"command": ["true"], "cores": 4, "tasks": 2, "key": "k"})")
            .at("job") == 1);
  CHECK(desk.ask("POST", "/v1/jobs", R"({"command": ["true"], "cores": 4, "tasks": 2, "key": "k"})")
            .at("job") == 1);
  CHECK(desk.ask("POST", "/v1/jobs", R"({"command": ["false"], "cores": 4, "tasks": 2, "key": "k"})")
            .contains("error"));
  CHECK(desk.status == 422);
  const Json jobs = desk.ask("GET", "/v1/jobs").at("jobs");
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].at("state") == "running");
  CHECK(jobs[0].at("site") == "cheap");
  CHECK(jobs[0].at("name") == "first");
  CHECK(desk.ask("GET", "/v1/jobs/1").at("of_tasks").size() == 2);
  const Json why = desk.ask("GET", "/v1/jobs/1/why");
  CHECK(why.at("tasks")[0].at("candidates").size() == 2);
  CHECK(desk.ask("GET", "/v1/jobs/0/log") == "");
  desk.ask("POST", "/v1/jobs/1/hold");
  CHECK(desk.status == 200);
  desk.ask("POST", "/v1/jobs/1/release");
  desk.ask("POST", "/v1/jobs/1/cancel");
  CHECK(desk.status == 200);
  desk.ask("POST", "/v1/jobs/1/retry");
  desk.ask("POST", "/v1/pools/cheap/drain");
  CHECK(desk.ask("GET", "/v1/pools").at("pools")[1].at("state") == "drained");
  desk.ask("POST", "/v1/pools/cheap/resume");
  CHECK(desk.ask("GET", "/v1/pools").at("pools")[1].at("state") == "up");
  CHECK(desk.ask("GET", "/v1/cost").at("projects").size() == 2);
  CHECK(desk.ask("GET", "/v1/health").at("jobs") == 2);
  CHECK(desk.ask("GET", "/v1/health").at("troubles") == Json::array());
}

TEST_CASE(
    "health says which pools are in trouble, and which certificates have ended or end within two weeks") {
  Desk desk;
  const auto troubles = [&] { return desk.ask("GET", "/v1/health").at("troubles"); };
  const Instant now = desk.service.now();
  const auto in_days = [&](std::int64_t days) { return now + Duration{24 * days * kHour.ms}; };
  desk.service.own_end = desk.service.pool_end = in_days(15);
  CHECK(troubles() == Json::array());
  CHECK(desk.ask("GET", "/v1/pools").at("pools")[1].at("certificate_ends_ms") == in_days(15).ms);
  desk.service.own_end = now;
  desk.service.pool_end = in_days(13);
  desk.service.pool_trouble = "https://b: The token is not known. (status 401)";
  CHECK(troubles() ==
        Json({"This broker's certificate ended at " + format_civil(now, "UTC") + ".",
              "Pool dear: https://b: The token is not known. (status 401)",
              "Pool cheap: its broker's certificate ends at " + format_civil(in_days(13), "UTC") + "."}));
}

TEST_CASE("a log is read from a byte on, and a pool whose disk hangs keeps nobody waiting") {
  Desk desk;
  desk.ask("POST", "/v1/jobs", R"({"command": ["true"], "cores": 4})");
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("hinterland-log-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "stdout.log") << "frame 12\n";
  std::filesystem::create_symlink("/etc/hostname", folder / "stderr.log");
  desk.service.attempt = folder.string();
  const auto log = [&](const char* query) {
    return test::ask(desk.api, {.method = "GET", .target = std::string("/v1/jobs/0/log") + query});
  };
  CHECK(log("").body == "frame 12\n");
  CHECK(log("?from=6").body == "12\n");
  CHECK(log("?from=9").body.empty());
  CHECK(log("?from=99").body == "frame 12\n");  // it was begun anew
  CHECK(log("?stream=stderr").body.empty());    // no link is followed
  desk.service.disk_hangs = true;
  CHECK(log("").status == 503);
  std::filesystem::remove_all(folder);
}

TEST_CASE("a blob that was touched is read again aside, and everybody else is answered meanwhile") {
  test::DeskService service;
  test::PostedLoop loop;
  Api api(service, {.loop = &loop});
  const std::filesystem::path store =
      std::filesystem::temp_directory_path() / ("hinterland-touched-" + std::to_string(getpid()));
  service.folder = store.string();
  std::filesystem::create_directories(store);
  std::ofstream(store / "scene") << "scene";
  const std::string inputs = (store / "inputs").string();
  const std::string hash = put_file(inputs, (store / "scene").string())->hash;
  const auto ask = [&](std::optional<ApiResponse>& answer) {
    auto begun = api.begin({.method = "GET", .target = "/v1/blobs/" + hash}, 0);
    std::get<Api::Exchange>(begun).finish([&](ApiResponse said) { answer = std::move(said); });
  };
  std::optional<ApiResponse> untouched, touched, changed;
  ask(untouched);
  REQUIRE(untouched);
  CHECK(untouched->status == 200);
  std::filesystem::last_write_time(inputs + "/" + hash, std::filesystem::file_time_type::clock::now());
  ask(touched);
  CHECK_FALSE(touched);  // what answers is posted
  loop.wait_and_run();
  REQUIRE(touched);
  CHECK(touched->status == 200);
  std::filesystem::permissions(inputs + "/" + hash, std::filesystem::perms::owner_all);
  std::ofstream(inputs + "/" + hash) << "other";
  ask(changed);
  loop.wait_and_run();
  REQUIRE(changed);
  CHECK(changed->status == 404);
  std::filesystem::remove_all(store);
}

TEST_CASE("many jobs are taken at once, or none if one is malformed, and each is answered") {
  Desk desk;
  const Json answer = desk.ask(
      "POST", "/v1/jobs",
      R"({"jobs": [{"command": ["a"]}, {"command": []}, {"command": ["b"], "cores": 0.5}, {"command": ["c"]}]})");
  CHECK(desk.status == 400);
  CHECK_FALSE(answer.at("jobs")[0].contains("error"));
  CHECK(answer.at("jobs")[1].at("error").at("what").get<std::string>().contains("names no program"));
  CHECK(answer.at("jobs")[2].contains("error"));
  CHECK(desk.ask("GET", "/v1/jobs").at("jobs").empty());
  const Json taken = desk.ask("POST", "/v1/jobs", R"({"jobs": [{"command": ["a"]}, {"command": ["c"]}]})");
  CHECK(desk.status == 201);
  CHECK(taken.at("jobs")[0].at("job") == 0);
  CHECK(taken.at("jobs")[1].at("job") == 1);
  desk.ask("POST", "/v1/jobs", R"({"jobs": []})");
  CHECK(desk.status == 400);
}

TEST_CASE("what is wrong is said, and changes nothing") {
  Desk desk;
  const auto status = [&](const std::string& method, const std::string& target,
                          const std::string& body = "") {
    const Json answer = desk.ask(method, target, body);
    CHECK(answer.contains("error"));
    return desk.status;
  };
  CHECK(status("GET", "/") == 404);
  CHECK(status("GET", "/v2/jobs") == 404);
  CHECK(status("PUT", "/v1/jobs") == 405);
  CHECK(status("GET", "/v1/jobs/0") == 404);
  CHECK(status("GET", "/v1/jobs/abc") == 404);
  CHECK(status("GET", "/v1/jobs/99999999999999999999") == 404);
  CHECK(status("POST", "/v1/jobs/0/cancel") == 404);
  CHECK(status("POST", "/v1/pools/none/drain") == 404);
  CHECK(status("POST", "/v1/pools/dear/dance") == 404);
  CHECK(status("POST", "/v1/jobs", "") == 400);
  CHECK(status("POST", "/v1/jobs", "[1, 2]") == 400);
  CHECK(status("POST", "/v1/jobs", R"({"command": "true"})") == 400);
  CHECK(status("POST", "/v1/jobs", R"({"command": ["a"], "tasks": 1e7})") == 400);
  CHECK(status("POST", "/v1/jobs", R"({"command": ["a"], "after": [7]})") == 400);
  CHECK(status("POST", "/v1/jobs", R"({"command": ["a"], "project": "flim"})") == 400);
  CHECK(status("POST", "/v1/jobs", R"({"command": ["a"], "class": "x"})") == 400);
  CHECK(status("POST", "/v1/jobs", R"({"command": ["a"], "hours": -1})") == 400);
  CHECK(status("POST", "/v1/jobs", R"({"command": ["a"], "deadline_hours": 1e300})") == 400);
  CHECK(status("POST", "/v1/jobs", R"({"command": ["a"], "outputs": ["../x"]})") == 400);
  CHECK(status("POST", "/v1/jobs", "{\"command\": [\"\xff\"]}") == 400);
  CHECK(desk.ask("GET", "/v1/jobs").at("jobs").empty());
  CHECK(desk.ask("POST", "/v1/jobs", R"({"command": ["a"]})").at("job") == 0);
  CHECK(status("GET", "/v1/jobs/0/log?task=1") == 404);
  CHECK(status("GET", "/v1/jobs/0/log?stream=secret") == 400);
  CHECK(status("GET", "/v1/jobs/0/dance") == 404);
}

TEST_CASE("jobs are listed by state and project, page by page") {
  Desk desk;
  for (int k = 0; k < 10; ++k)
    desk.ask(
        "POST", "/v1/jobs",
        fmt::format(R"({{"command": ["a"], "held": {}, "project": "{}"}})", k % 2, k < 4 ? "film" : "lab"));
  const auto ids = [&](const std::string& query) {
    const Json page = desk.ask("GET", "/v1/jobs?" + query);
    std::vector<int> out;
    for (const Json& job : page.at("jobs")) out.push_back(job.at("id"));
    if (page.contains("next")) out.push_back(100 + page.at("next").get<int>());
    return out;
  };
  CHECK(ids("state=held") == std::vector{1, 3, 5, 7, 9});
  CHECK(ids("state=held&project=film") == std::vector{1, 3});
  CHECK(ids("state=held&limit=2") == std::vector{1, 3, 103});
  CHECK(ids("state=held&limit=2&after=3") == std::vector{5, 7, 107});
  CHECK(ids("state=held&limit=2&after=7") == std::vector{9});
  CHECK(ids("after=9").empty());
  CHECK(ids("limit=10").size() == 10);
  for (int more = 0; more < 1000; ++more) desk.ask("POST", "/v1/jobs", R"({"command": ["true"], "held": 1})");
  CHECK(ids("").size() == 1001);  // of which the last is the next
  CHECK(ids("").back() == 100 + 999);
  CHECK(ids("limit=5000").size() == 1001);
  CHECK(ids("after=999").size() == 10);
  for (const char* const wrong : {"state=asleep", "limit=0", "after=-1", "limit=x"}) {
    desk.ask("GET", std::string("/v1/jobs?") + wrong);
    CHECK(desk.status == 400);
  }
}

TEST_CASE("what runs is shown with what it has cost so far, once somebody has seen it begin") {
  Desk desk;
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "cores": 4})");
  desk.service.pass({kHour.ms / 120});
  const auto cost = [&] { return desk.ask("GET", "/v1/jobs/0").at("running_cost").get<double>(); };
  CHECK(cost() == 0);
  desk.service.tell(event::Began{.attempt = {1}, .pool = PoolIndex{1}, .host = "a"}, {});
  CHECK(cost() == doctest::Approx(16.0 / 120));  // a server of 16 units at 1 an hour each
}

TEST_CASE("an Idempotency-Key is the key of a job") {
  Desk desk;
  desk.key = "a";
  CHECK(desk.ask("POST", "/v1/jobs", R"({"command": ["true"]})").at("job") == 0);
  CHECK(desk.ask("POST", "/v1/jobs", R"({"command": ["true"], "key": "a"})").at("job") == 0);
  CHECK(desk.ask("POST", "/v1/jobs", R"({"command": ["false"]})").contains("error"));
  CHECK(desk.status == 422);
  desk.ask("POST", "/v1/jobs", R"({"command": ["true"], "key": "b"})");
  CHECK(desk.status == 400);
  desk.ask("POST", "/v1/jobs", R"({"jobs": [{"command": ["true"]}]})");
  CHECK(desk.status == 400);
  desk.key = std::string(2000, 'x');
  desk.ask("POST", "/v1/jobs", R"({"command": ["true"]})");
  CHECK(desk.status == 400);
}

TEST_CASE("metrics are Prometheus's text, and say what is") {
  Desk desk;
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "cores": 3})");
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "held": 1})");
  const std::string text = desk.ask("GET", "/metrics").get<std::string>();
  for (const char* const line :
       {"# TYPE hinterland_jobs gauge\n", "\nhinterland_jobs{state=\"held\"} 1\n",
        "\nhinterland_jobs{state=\"done\"} 0\n", "\nhinterland_pool_free_cores{pool=\"cheap\"} 1\n",
        "\nhinterland_pool_up{pool=\"dear\"} 1\n", "\nhinterland_attempts_total 1\n",
        "\nhinterland_tasks_open 2\n",
        "\nhinterland_project_spent_total{project=\"film\",currency=\"CNY\"} 0\n"})
    CHECK_MESSAGE(("\n" + text).contains(line), line);
  CHECK(desk.ask("GET", "/healthz") == "ok\n");
}

TEST_CASE("why a job waits is said in each case") {
  Desk desk;
  const auto why = [&](int job) {
    return desk.ask("GET", "/v1/jobs/" + std::to_string(job) + "/why")
        .at("tasks")[0]
        .at("why")
        .get<std::string>();
  };
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "cores": 4})");
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "cores": 4})");
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "held": 1})");
  CHECK(why(2) == "It is held; `hinterland release 2` lets it go.");
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "after": [0]})");
  CHECK(why(3) == "It comes after jobs that are not done: 0 (running).");
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "cores": 4})");
  CHECK(why(4).contains("0 of its 4 cores are free, and it needs 4"));
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "project": "lab"})");
  CHECK(why(5).starts_with("Project lab has 0.000005 of its budget of 0.000005 left"));
  desk.ask("POST", "/v1/pools/cheap/drain");
  desk.ask("POST", "/v1/pools/dear/drain");
  CHECK(why(4).contains(" is drained; `hinterland drain "));
  CHECK(why(0).starts_with("It was sent to"));
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "after": [3]})");
  CHECK_FALSE(desk.ask("GET", "/v1/jobs/6").contains("stopped_by"));
  desk.ask("POST", "/v1/jobs/2/cancel");
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "after": [2]})");
  desk.ask("POST", "/v1/jobs", R"({"command": ["a"], "after": [7]})");
  CHECK(why(7) ==
        "It comes after jobs that are not done: 2 (cancelled). `hinterland retry 2` gives that one another "
        "chance.");
  for (const int job : {7, 8})
    CHECK(desk.ask("GET", "/v1/jobs/" + std::to_string(job)).at("stopped_by") == Json::array({2}));
  CHECK(desk.ask("GET", "/v1/jobs").at("jobs")[8].contains("stopped_by"));
}

}  // namespace hinterland
