#include "hinterland/serve/api.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "hinterland/serve/listing.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;
using Reply = std::function<void(ApiResponse)>;

constexpr std::size_t kMostBatch = 10'000;   // jobs in a submission
constexpr std::size_t kMostLog = 4'000'000;  // bytes of a log at once

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

ApiResponse good(const Json& json, int status = 200) { return {.status = status, .body = dump(json)}; }
ApiResponse bad(int status, const std::string& what, const std::string& mend = "") {
  return {.status = status, .body = dump({{"error", {{"what", what}, {"mend", mend}}}})};
}
Json error_of(const Errors& errors) {
  std::string what;
  for (const Error& error : errors) what += (what.empty() ? "" : "\n") + describe(error);
  return {{"what", what}, {"mend", ""}};
}

struct Told {
  int status;
  const char* what;
};
Told told(Denial denial) {
  switch (denial) {
    case Denial::none: return {200, ""};
    case Denial::no_job: return {404, "There is no such job."};
    case Denial::no_pool: return {404, "There is no such pool."};
    case Denial::no_project: return {404, "There is no such project."};
    case Denial::no_place: return {404, "There is no such class."};
    case Denial::no_host: return {404, "There is no such host."};
    case Denial::malformed: return {400, "No job can be like that."};
    case Denial::ended: return {409, "It is over."};
  }
  return {500, ""};
}

// A target in its parts: /v1/jobs/7/log?task=2 -> {v1, jobs, 7, log}, {task: 2}.
struct Target {
  std::vector<std::string> path;
  std::map<std::string, std::string> query;
};
Target target_of(const std::string& text) {
  Target target;
  const std::string path = text.substr(0, text.find('?'));
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (end > at) target.path.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  for (std::size_t at = path.size() + 1; at < text.size();) {
    const std::size_t end = std::min(text.find('&', at), text.size());
    const std::string pair = text.substr(at, end - at);
    target.query[pair.substr(0, pair.find('='))] = pair.contains('=') ? pair.substr(pair.find('=') + 1) : "";
    at = end + 1;
  }
  return target;
}

template <class Number>
std::optional<Number> number_of(const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// --- submissions

// All the answers of a batch, which come in any order.
struct Batch {
  std::vector<Json> answers;
  std::size_t open = 0;
  Reply reply;
  bool single = false;
  int status = 201;
  void close() {
    if (--open > 0) return;
    if (single) return reply(good(answers.front(), status));
    reply(good({{"jobs", answers}}, 201));
  }
};

void submit(Service& service, const std::string& body, Reply reply) {
  const Json json = Json::parse(body, nullptr, false);
  const bool many = json.is_object() && json.contains("jobs");
  if (many && (!json.at("jobs").is_array() || json.at("jobs").empty() || json.at("jobs").size() > kMostBatch))
    return reply(bad(400, fmt::format("`jobs` is no list of 1 to {} jobs.", kMostBatch)));
  std::vector<std::string> texts;
  if (many) {
    for (const Json& one : json.at("jobs"))
      texts.push_back(one.dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    texts.push_back(body);
  }
  auto batch = std::make_shared<Batch>(Batch{.answers = std::vector<Json>(texts.size()),
                                             .open = texts.size() + 1,
                                             .reply = std::move(reply),
                                             .single = !many});
  for (std::size_t k = 0; k < texts.size(); ++k) {
    auto spec = parse_job_json(texts[k], many ? fmt::format("job {} of the list", k) : "job");
    auto request =
        spec ? request_of(*spec, service.served(), service.broker().state()) : std::unexpected(spec.error());
    if (!request) {
      batch->answers[k] = {{"error", error_of(request.error())}};
      batch->status = 400;
      batch->close();
      continue;
    }
    service.tell(event::Submit{.client = 0, .key = spec->key, .job = std::move(*request)},
                 [batch, k, &service](const effect::Respond& answer) {
                   if (answer.denial == Denial::none) {
                     batch->answers[k] = {{"job", answer.job.value}};
                     const JobQuote& quote = service.broker().state().jobs[answer.job].quote;
                     if (quote != JobQuote{}) batch->answers[k]["quote"] = quote_json(quote);
                   } else {
                     const Told why = told(answer.denial);
                     batch->answers[k] = {{"error", {{"what", why.what}, {"mend", ""}}}};
                     batch->status = why.status;
                   }
                   batch->close();
                 });
  }
  batch->close();
}

void quote(Service& service, const std::string& body, const Reply& reply) {
  const auto spec = parse_job_json(body, "job");
  const auto request =
      spec ? request_of(*spec, service.served(), service.broker().state()) : std::unexpected(spec.error());
  if (!request) return reply({.status = 400, .body = dump({{"error", error_of(request.error())}})});
  const auto quote = service.broker().quote(*request);
  if (!quote) return reply(bad(409, "No pool may run it now, or none is large enough."));
  reply(good(quote_json(*quote)));
}

// --- jobs

ApiResponse log_of(Service& service, JobNumber number, const Target& target) {
  const State& state = service.broker().state();
  const auto value = [&](const char* name, const char* otherwise) {
    const auto found = target.query.find(name);
    return found == target.query.end() ? std::string(otherwise) : found->second;
  };
  const auto task = number_of<std::uint32_t>(value("task", "0"));
  const auto from = number_of<std::uint64_t>(value("from", "0"));
  const std::string stream = value("stream", "stdout");
  if (!task || *task >= state.jobs[number].tasks) return bad(404, "There is no such task.");
  if (!from || (stream != "stdout" && stream != "stderr"))
    return bad(400, "`stream` is stdout or stderr, and `from` a number.");
  const std::string folder = service.folder_of(TaskIndex{state.jobs[number].first + *task});
  std::ifstream file(folder + "/" + stream + ".log", std::ios::binary);
  std::string text;
  if (!folder.empty() && file.seekg(static_cast<std::streamoff>(*from))) {
    text.resize(kMostLog);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
  }
  return {.status = 200, .body = std::move(text), .type = "text/plain; charset=utf-8"};
}

Service::Answer answer_with(Reply reply) {
  return [reply = std::move(reply)](const effect::Respond& answer) {
    const Told why = told(answer.denial);
    reply(answer.denial == Denial::none ? good({{"done", true}}) : bad(why.status, why.what));
  };
}

void handle_job(Service& service, const ApiRequest& request, const Target& target, Reply reply) {
  const auto number = number_of<std::uint32_t>(target.path[2]);
  if (!number || *number >= service.broker().state().jobs.size())
    return reply(bad(404, "There is no such job."));
  const JobNumber job{*number};
  const std::string what = target.path.size() > 3 ? target.path[3] : "";
  if (request.method == "GET") {
    const auto tasks = target.query.find("tasks");
    if (what.empty())
      return reply(good(job_json_of(service, job, tasks == target.query.end() || tasks->second != "0")));
    if (what == "why") return reply(good(why_json(service, job)));
    if (what == "log") return reply(log_of(service, job, target));
  } else if (request.method == "POST") {
    if (what == "cancel")
      return service.tell(event::Cancel{.client = 0, .job = job}, answer_with(std::move(reply)));
    if (what == "hold" || what == "release")
      return service.tell(event::Hold{.client = 0, .job = job, .held = what == "hold"},
                          answer_with(std::move(reply)));
    if (what == "retry")
      return service.tell(event::Retry{.client = 0, .job = job}, answer_with(std::move(reply)));
  }
  reply(bad(404, "There is no such route."));
}

void handle_pool(Service& service, const Target& target, Reply reply) {
  const State& state = service.broker().state();
  const auto found = std::ranges::find(state.pools, target.path[2], &PoolFacts::name);
  if (found == state.pools.end()) return reply(bad(404, "There is no such pool."));
  const PoolIndex pool{static_cast<std::size_t>(found - state.pools.begin())};
  const std::string& what = target.path[3];
  if (what == "drain" || what == "resume")
    return service.tell(event::Drain{.client = 0, .pool = pool, .on = what == "drain"},
                        answer_with(std::move(reply)));
  if (what == "down" || what == "up")
    return service.tell(event::SiteDown{.pool = pool, .down = what == "down"}, answer_with(std::move(reply)));
  reply(bad(404, "There is no such route."));
}

}  // namespace

void handle(Service& service, const ApiRequest& request, std::function<void(ApiResponse)> reply) {
  const Target target = target_of(request.target);
  const auto& path = target.path;
  const bool get = request.method == "GET", post = request.method == "POST";
  if (path.size() < 2 || path[0] != "v1") return reply(bad(404, "There is no such route."));
  if (!get && !post) return reply(bad(405, "Only GET and POST are known here."));
  if (path[1] == "jobs" && path.size() == 2 && post) return submit(service, request.body, std::move(reply));
  if (path[1] == "jobs" && path.size() == 2) return reply(good(jobs_json(service)));
  if (path[1] == "quotes" && path.size() == 2 && post) return quote(service, request.body, reply);
  if (path[1] == "jobs" && path.size() <= 4) return handle_job(service, request, target, std::move(reply));
  if (path[1] == "pools" && path.size() == 2 && get) return reply(good(pools_json(service)));
  if (path[1] == "pools" && path.size() == 4 && post) return handle_pool(service, target, std::move(reply));
  if (path[1] == "cost" && path.size() == 2 && get) return reply(good(cost_json(service)));
  if (path[1] == "health" && path.size() == 2 && get)
    return reply(good({{"jobs", service.broker().state().jobs.size()},
                       {"pools", service.broker().state().pools.size()},
                       {"signals", service.trouble_with_signals().empty() ? "good" : "in trouble"}}));
  reply(bad(404, "There is no such route."));
}

}  // namespace hinterland
