// What another broker says: taken whole or not at all.
#include "hinterland/executor/remote_broker.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hinterland {

namespace {

using Json = nlohmann::json;

RemoteBroker saying(int status, const std::string& body) {
  return RemoteBroker(
      {"https://fake",
       [=](const HttpAsk&) { return HttpAnswer{.status = status, .body = body, .headers = {}}; },
       [] { return std::int64_t{0}; }});
}
Json row(std::int64_t number) {
  return {{"id", number}, {"name", "hl"}, {"site", "rack"}, {"state", "done"}, {"ran_ms", 7}};
}
template <class Done>
void is_no_answer(const Done& done) {
  REQUIRE_FALSE(done);
  CHECK(done.error().front().outside);
  CHECK(done.error().front().what.starts_with("The answer is none of a Hinterland broker: "));
}

}  // namespace

TEST_CASE("a list is as long as was asked for at most, and in its order") {
  const auto listed = [](const Json& rows) { return saying(200, Json{{"jobs", rows}}.dump()).jobs(5, 3); };
  REQUIRE(listed({row(5), row(6), row(9)}));
  CHECK(listed({row(5), row(6), row(9)})->back().number == 9);
  CHECK(listed(Json::array())->empty());
  is_no_answer(listed({row(5), row(6), row(7), row(8)}));
  is_no_answer(listed({row(6), row(5)}));
  is_no_answer(listed({row(5), row(5)}));
  is_no_answer(listed({row(4)}));
  is_no_answer(listed({row(5), {{"id", 6}}}));
  is_no_answer(listed({{"a", row(5)}}));
}

TEST_CASE("a number is one that can be") {
  for (const char* const number :
       {"-1", "4294967296", "18446744073709551615", "1.5", "\"5\"", "null", "1e3"}) {
    CAPTURE(number);
    is_no_answer(saying(201, fmt::format(R"({{"job": {}}})", number)).submit("{}"));
    is_no_answer(saying(200, fmt::format(R"({{"pools": [{{"state": "up", "free_cores": {}}}]}})", number))
                     .free_cores());
  }
  CHECK(saying(201, R"({"job": 4294967295})").submit("{}")->job == 4294967295);
}

TEST_CASE("what was asked for is what is answered") {
  Json job = row(3);
  job["of_tasks"] = Json::array();
  CHECK(saying(200, job.dump()).job(3));
  is_no_answer(saying(200, job.dump()).job(4));
  const std::vector<std::string> two = {"{}", "{}"};
  CHECK(saying(201, R"({"jobs": [{"job": 1}, {"error": {}}]})").submit(two)->at(0) == 1U);
  is_no_answer(saying(201, R"({"jobs": [{"job": 1}]})").submit(two));
  is_no_answer(saying(201, R"({"jobs": [{"job": 1}, {"job": 2}, {"job": 3}]})").submit(two));
  is_no_answer(saying(200, R"({"outputs": [{"path": "out", "hash": "../../etc/passwd"}]})").outputs(3));
}

TEST_CASE("what is nested deeply or broken is not read") {
  is_no_answer(saying(200, std::string(5'000'000, '[')).jobs(0, 5));
  is_no_answer(saying(200, "{\"jobs\": [\"\xFF\"]}").jobs(0, 5));
  is_no_answer(saying(200, "{\"jobs\": [").jobs(0, 5));
  is_no_answer(saying(200, std::string(17'000'000, ' ') + R"({"jobs": []})").jobs(0, 5));
}

TEST_CASE("each request bounds what is read of its answer") {
  std::uint64_t most = 0;
  RemoteBroker broker({"https://fake",
                       [&](const HttpAsk& ask) -> Expected<HttpAnswer> {
                         most = std::max(most, ask.most_bytes);
                         return failure({.what = "No.", .where = {}, .mend = "", .outside = true});
                       },
                       [] { return std::int64_t{0}; }});
  CHECK_FALSE(broker.free_cores());
  CHECK_FALSE(broker.jobs(0, 500));
  CHECK_FALSE(broker.job(1));
  CHECK_FALSE(broker.submit("{}"));
  CHECK_FALSE(broker.cancel(1));
  CHECK_FALSE(broker.outputs(1));
  CHECK_FALSE(broker.log(1, "stdout"));
  CHECK(most == 16'000'000);
}

}  // namespace hinterland
