// The other broker of tests (test_remote.hpp).
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "hinterland/executor/test_remote.hpp"
#include "hinterland/staging/object_hash.hpp"

namespace hinterland::test {

namespace {

using Json = nlohmann::json;

std::unexpected<Errors> silence() {
  return failure({.what = "No answer.", .where = {}, .mend = "", .outside = true});
}
HttpAnswer good(const Json& json, int with = 200) {
  return {.status = with, .body = json.dump(), .headers = {}};
}
HttpAnswer bad(int with, const char* what) { return good({{"error", {{"what", what}, {"mend", ""}}}}, with); }
std::string header(const HttpAsk& ask, const std::string& name) {
  for (const std::string& one : ask.headers) {
    if (one.starts_with(name + ": ")) return one.substr(name.size() + 2);
  }
  return "";
}
Json row(std::size_t number, const FakeBroker::Job& job, const std::string& site) {
  return {{"id", number},
          {"name", job.key},
          {"state", job.held && job.state == "queued" ? "held" : job.state},
          {"site", job.state == "queued" ? "" : site},
          {"ran_ms", job.ran}};
}

}  // namespace

std::string FakeBroker::hash_of(const std::string& text) {
  ObjectHash hash;
  hash.add(text.data(), text.size());
  return hash.name();
}

FakeBroker::Job* FakeBroker::find(const std::string& key) {
  const auto found = std::ranges::find(jobs, key, &Job::key);
  return found == jobs.end() ? nullptr : &*found;
}

void FakeBroker::pass(Ms ms) {
  for (const Ms until = now + ms; now < until; now += 100) {
    std::vector<HttpAsk> due;
    std::erase_if(late, [&](const auto& one) {
      if (one.first <= now) due.push_back(one.second);
      return one.first <= now;
    });
    for (const HttpAsk& ask : due) static_cast<void>(carry_out(ask));
    for (Job& job : jobs) {
      if (job.state == "queued" && !job.held && !has_place) {
        job.state = "failed";
      } else if (job.state == "queued" && !job.held) {
        job.state = "running";
        job.began = now;
        ++begun[job.key];
      } else if (job.state == "running" && now >= job.began + 1000) {
        end(job);
      }
    }
  }
}

void FakeBroker::end(Job& job) {
  job.state = fate == "done" ? "done" : "failed";
  job.cause = fate;
  job.status = fate == "failed" ? 3 : 0;
  job.ran = now - job.began;
  if (fate != "done") return;
  Json list = Json::array();
  for (const Json& output : Json::parse(job.text).value("outputs", Json::array())) {
    const std::string text = job.key + "/" + output.get<std::string>();
    objects[hash_of(text)] = text;
    list.push_back({{"task", 0}, {"path", output}, {"hash", hash_of(text)}, {"bytes", text.size()}});
  }
  job.outputs = list.dump();
}

Expected<HttpAnswer> FakeBroker::call(const HttpAsk& ask) {
  ++asked;
  if (deaf || (!deaf_to.empty() && (ask.method + " " + ask.path).contains(deaf_to))) return silence();
  if (status != 0) {
    HttpAnswer answer{.status = status, .body = R"({"error": {"what": "No.", "mend": ""}})", .headers = {}};
    if (status == 429) answer.headers["retry-after"] = "7";
    return answer;
  }
  if (babbles) return HttpAnswer{.status = 200, .body = "<html>", .headers = {}};
  if (ask.method == "POST" && give_up_for >= 0) {
    late.emplace_back(now + std::exchange(give_up_for, -1), ask);
    return silence();
  }
  if (cut_after && ask.method == "PUT" && ask.body.size() > *cut_after) {
    HttpAsk half = ask;
    half.body.resize(*cut_after);
    static_cast<void>(carry_out(half));
    return silence();
  }
  HttpAnswer answer = carry_out(ask);
  if (says_twice) answer = carry_out(ask);
  if (forget_answers > 0) {
    --forget_answers;
    return silence();
  }
  if (!ask.take || answer.status >= 300) return answer;
  const std::size_t most =
      cut_after ? std::min<std::size_t>(*cut_after, answer.body.size()) : answer.body.size();
  fetched += most;
  if (most > 0 && !ask.take(std::string_view(answer.body).substr(0, most))) return silence();
  if (most < answer.body.size()) return silence();
  answer.body.clear();
  return answer;
}

Json FakeBroker::taken(const Json& job, int& with) {
  const std::string key = job.at("key"), text = job.dump();
  if (const Job* const known = find(key)) {
    const Json number = known - jobs.data();
    if (known->text == text) return {{"job", number}};
    with = 422;
    return {{"error", {{"what", "Another job."}, {"mend", ""}}}, {"job", number}};
  }
  jobs.push_back({.key = key, .text = text, .held = job.value("held", 0) == 1});
  return {{"job", jobs.size() - 1}};
}
HttpAnswer FakeBroker::submit(const Json& body) {
  int with = 201;
  if (!body.contains("jobs")) {
    if (body.at("command").back() == "malformed") return bad(400, why.c_str());
    const Json answer = taken(body, with);
    return good(answer, with);
  }
  for (const Json& job : body.at("jobs")) {
    if (job.at("command").back() == "malformed") return bad(400, "None of them is taken.");
  }
  Json answers = Json::array();
  for (const Json& job : body.at("jobs")) answers.push_back(taken(job, with));
  return good({{"jobs", answers}}, 201);
}

HttpAnswer FakeBroker::of_job(const std::string& method, const std::string& rest) {
  const std::size_t number = std::stoull(rest);
  if (number >= jobs.size()) return bad(404, "There is no such job.");
  Job& job = jobs[number];
  if (method == "POST") {  // cancel
    if (job.state == "done" || job.state == "failed") return bad(409, "It is over.");
    if (job.state == "running") job.ran = now - job.began;
    if (job.state == "running") job.cause = "killed";
    job.state = "cancelled";
    return good({{"done", true}});
  }
  if (rest.contains("/outputs")) return good({{"outputs", Json::parse(job.outputs)}});
  if (rest.contains("/log"))
    return {.status = 200, .body = rest.contains("stdout") ? "said by " + job.key : "", .headers = {}};
  Json shown = row(number, job, site);
  Json task{{"task", 0}, {"phase", job.state}};
  if (!job.cause.empty()) task["end"] = {{"cause", job.cause}, {"status", job.status}};
  shown["of_tasks"] = Json::array({task});
  return good(shown);
}
HttpAnswer FakeBroker::list(const std::string& query) const {
  const std::size_t after = query.find("after="), limit = std::stoull(query.substr(query.find("limit=") + 6));
  Json rows = Json::array();
  for (std::size_t k = after == std::string::npos ? 0 : std::stoull(query.substr(after + 6)) + 1;
       k < jobs.size() && rows.size() < limit; ++k)
    rows.push_back(row(k, jobs[k], site));
  return good({{"currency", "CNY"}, {"jobs", rows}});
}

HttpAnswer FakeBroker::blob(const HttpAsk& ask, const std::string& hash) {
  if (ask.method == "PUT") return take_blob(ask, hash);
  if (ask.method == "HEAD") {
    if (inputs.contains(hash)) return good({});
    HttpAnswer answer = bad(404, "None.");
    if (parts.contains(hash)) answer.headers["upload-offset"] = std::to_string(parts[hash].size());
    return answer;
  }
  if (!objects.contains(hash)) return bad(404, "There is no such blob.");
  const std::string& text = objects[hash];
  std::size_t first = 0, last = 0;
  std::sscanf(header(ask, "Range").c_str(), "bytes=%zu-%zu", &first, &last);
  if (text.empty()) return {.status = 200, .body = "", .headers = {}};
  if (first >= text.size()) return bad(416, "None of that.");
  return {.status = 206,
          .body = text.substr(first, last + 1 - first),
          .headers = {{"content-range", fmt::format("bytes {}-{}/{}", first, last, text.size())}}};
}
HttpAnswer FakeBroker::take_blob(const HttpAsk& ask, const std::string& hash) {
  if (inputs.contains(hash)) return good({{"hash", hash}});
  std::string& part = parts[hash];
  std::size_t first = 0, last = 0, total = 0;
  const bool is_part =
      std::sscanf(header(ask, "Content-Range").c_str(), "bytes %zu-%zu/%zu", &first, &last, &total) == 3;
  if (is_part && part.size() == total && last + 1 == total) part.resize(first);
  if (is_part && part.size() != first) return bad(409, "Go on from there.");
  part += ask.body;
  sent += ask.body.size();
  if (is_part && part.size() < total) return good({{"hash", hash}}, 202);
  const std::string whole = std::exchange(part, "");
  parts.erase(hash);
  if (hash_of(whole) != hash) return bad(422, "Its hash is another.");
  inputs[hash] = whole;
  return good({{"hash", hash}}, 201);
}

HttpAnswer FakeBroker::carry_out(const HttpAsk& ask) {
  const std::string path = ask.path.substr(0, ask.path.find('?'));
  if (path == "/v1/pools")
    return good({{"pools",
                  {{{"name", "rack"}, {"state", "up"}, {"free_cores", cores}},
                   {{"name", "shed"}, {"state", "lost"}, {"free_cores", 99}}}}});
  if (path.starts_with("/v1/blobs/")) return blob(ask, path.substr(10));
  if (path == "/v1/jobs" && ask.method == "POST") return submit(Json::parse(ask.body));
  if (path == "/v1/jobs") return list(ask.path);
  return of_job(ask.method, ask.path.substr(9));
}

}  // namespace hinterland::test
