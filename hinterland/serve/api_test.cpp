#include "hinterland/serve/api.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "hinterland/serve/test_service.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

struct Desk {
  test::DeskService service;
  int status = 0;
  Json ask(const std::string& method, const std::string& target, const std::string& body = "") {
    std::optional<ApiResponse> answer;
    handle(service, {.method = method, .target = target, .body = body},
           [&](ApiResponse one) { answer = std::move(one); });
    REQUIRE(answer);
    status = answer->status;
    return answer->type == "application/json" ? Json::parse(answer->body) : Json(answer->body);
  }
};

}  // namespace

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
}

TEST_CASE("many jobs are taken at once, and each is answered") {
  Desk desk;
  const Json answer = desk.ask(
      "POST", "/v1/jobs",
      R"({"jobs": [{"command": ["a"]}, {"command": []}, {"command": ["b"], "cores": 0.5}, {"command": ["c"]}]})");
  CHECK(desk.status == 201);
  CHECK(answer.at("jobs")[0].at("job") == 0);
  CHECK(answer.at("jobs")[1].at("error").at("what").get<std::string>().contains("names no program"));
  CHECK(answer.at("jobs")[2].contains("error"));
  CHECK(answer.at("jobs")[3].at("job") == 1);
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
  CHECK(why(0).starts_with("It has been running at"));
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
