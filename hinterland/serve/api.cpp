#include "hinterland/serve/api.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "hinterland/base/number.hpp"
#include "hinterland/serve/json_text.hpp"
#include "hinterland/serve/listing.hpp"
#include "hinterland/serve/metrics.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;
using Reply = std::function<void(ApiResponse)>;

constexpr std::size_t kMostBatch = 10'000;     // jobs in a submission
constexpr std::size_t kMostBody = 64'000'000;  // bytes of a submission
constexpr std::size_t kMostKey = 1000;         // bytes
constexpr std::size_t kMostLog = 4'000'000;    // bytes of a log at once

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

ApiResponse bad(const Errors& errors) { return {.status = 400, .body = dump({{"error", error_of(errors)}})}; }

struct HttpDenial {
  int status;
  const char* what;
};
HttpDenial http_of(Denial denial) {
  switch (denial) {
    case Denial::none: return {200, ""};
    case Denial::no_job: return {404, "There is no such job."};
    case Denial::no_pool: return {404, "There is no such pool."};
    case Denial::no_project: return {404, "There is no such project."};
    case Denial::no_place: return {404, "There is no such class."};
    case Denial::no_host: return {404, "There is no such host."};
    case Denial::malformed: return {400, "No job can be like that."};
    case Denial::ended: return {409, "It is over."};
    case Denial::not_ended: return {409, "It has tasks that wait or run."};
    case Denial::other_job:
      return {422, "Another job was submitted with that key: give this one a key of its own."};
    case Denial::too_many: return {429, "There are as many tasks that are not over as this broker takes."};
  }
  return {500, ""};
}

// What was asked, its target in parts: /v1/jobs/7/log?task=2 -> {v1, jobs, 7, log}, {task: 2}.
struct Asked {
  std::vector<std::string> path;
  std::map<std::string, std::string> query;
  const std::string& body;
  const std::string& key;

  [[nodiscard]] std::string value(const char* name, const char* otherwise) const {
    const auto found = query.find(name);
    return found == query.end() ? otherwise : found->second;
  }
};

// %41 is A.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* const from = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() && std::from_chars(from, from + 2, byte, 16).ptr == from + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

Asked asked_of(const ApiRequest& request) {
  const std::string& text = request.target;
  Asked asked{.path = {}, .query = {}, .body = request.body, .key = request.key};
  const std::string path = text.substr(0, text.find('?'));
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (end > at) asked.path.push_back(unescaped(path.substr(at, end - at)));
    at = end + 1;
  }
  for (std::size_t at = path.size() + 1; at < text.size();) {
    const std::size_t end = std::min(text.find('&', at), text.size());
    const std::string pair = text.substr(at, end - at);
    asked.query[pair.substr(0, pair.find('='))] =
        pair.contains('=') ? unescaped(pair.substr(pair.find('=') + 1)) : "";
    at = end + 1;
  }
  return asked;
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

// `key`: of the request's header, for a job that has none of its own.
Expected<event::Submit> submission_of(Service& service, const std::string& text, const std::string& where,
                                      const std::string& key = "") {
  auto spec = parse_job_json(text, where);
  if (!spec) return std::unexpected(spec.error());
  if (!key.empty() && !spec->key.empty() && spec->key != key)
    return failure({.what = "Its key is another than the header's.",
                    .where = {.file = where, .field = "key"},
                    .mend = "Give one of them."});
  if (!key.empty()) spec->key = key;
  auto request = request_of(*spec, service.served(), service.broker().state(), service.store());
  if (!request) return std::unexpected(std::move(request.error()));
  return event::Submit{.client = 0,
                       .key = spec->key,
                       .job = std::move(*request),
                       .digest = spec->key.empty() ? 0 : digest_of(*spec)};
}

void submit(Service& service, const Asked& asked, Reply reply) {
  const auto json = parse_sent(asked.body, kMostBody, "what was sent");
  if (!json) return reply(bad(json.error()));
  const bool many = json->is_object() && json->contains("jobs");
  if (many && json->size() > 1) {
    const auto other =
        std::ranges::find_if(json->items(), [](const auto& one) { return one.key() != "jobs"; });
    return reply(
        bad(400, fmt::format("{} is beside `jobs`.", in_quotes(other.key())), "Put it into the jobs."));
  }
  if (many &&
      (!json->at("jobs").is_array() || json->at("jobs").empty() || json->at("jobs").size() > kMostBatch))
    return reply(bad(400, fmt::format("`jobs` is no list of 1 to {} jobs.", kMostBatch)));
  if (many && !asked.key.empty())
    return reply(bad(400, "An Idempotency-Key is for one job.", "Give each of them a `key`."));
  if (asked.key.size() > kMostKey) return reply(bad(400, "The Idempotency-Key is too long."));
  std::vector<std::string> texts;
  if (many) {
    for (const auto& one : json->at("jobs")) texts.push_back(one.dump());
  } else {
    texts.push_back(asked.body);
  }
  auto batch = std::make_shared<Batch>(Batch{.answers = std::vector<Json>(texts.size()),
                                             .open = texts.size() + 1,
                                             .reply = std::move(reply),
                                             .single = !many});
  for (std::size_t k = 0; k < texts.size(); ++k) {
    auto submission =
        submission_of(service, texts[k], many ? fmt::format("job {} of the list", k) : "job", asked.key);
    if (!submission) {
      batch->answers[k] = {{"error", error_of(submission.error())}};
      batch->status = 400;
      batch->close();
      continue;
    }
    service.tell(std::move(*submission), [batch, k, &service](const effect::Respond& answer) {
      if (answer.denial == Denial::none) {
        batch->answers[k] = {{"job", answer.job.value}};
        const JobQuote& quote = service.broker().state().jobs[answer.job].quote;
        if (quote != JobQuote{}) batch->answers[k]["quote"] = quote_json(service, quote);
      } else {
        const HttpDenial why = http_of(answer.denial);
        batch->answers[k] = {{"error", {{"what", why.what}, {"mend", ""}}}};
        batch->status = why.status;
      }
      batch->close();
    });
  }
  batch->close();
}

void quote(Service& service, const Asked& asked, const Reply& reply) {
  const auto submission = submission_of(service, asked.body, "job");
  if (!submission) return reply(bad(submission.error()));
  const auto quote = service.broker().quote(submission->job);
  if (!quote) return reply(bad(422, "No pool may run it now, or it costs more than can be said."));
  reply(good(quote_json(service, *quote)));
}

// --- jobs

void list_jobs(Service& service, const Asked& asked, const Reply& reply) {
  JobFilter filter{
      .state = asked.value("state", ""), .project = asked.value("project", ""), .after = {}, .limit = {}};
  const auto after = number_of<std::uint32_t>(asked.value("after", "0"));
  const auto limit = number_of<std::uint32_t>(asked.value("limit", "1"));
  if (!after || !limit || *limit == 0)
    return reply(bad(400, "`after` is a job's number, and `limit` how many, from 1."));
  if (asked.query.contains("after")) filter.after = after;
  if (asked.query.contains("limit")) filter.limit = limit;
  static constexpr std::array<std::string_view, 7> kStates = {"",     "queued", "held",     "running",
                                                              "done", "failed", "cancelled"};
  if (std::ranges::find(kStates, filter.state) == kStates.end())
    return reply(bad(400, in_quotes(filter.state) + " is no state of a job.",
                     "One of queued, held, running, done, failed, cancelled."));
  reply(good(jobs_json(service, filter)));
}

ApiResponse log_of(Service& service, JobNumber number, const Asked& asked) {
  const State& state = service.broker().state();
  const auto task = number_of<std::uint32_t>(asked.value("task", "0"));
  const auto from = number_of<std::uint64_t>(asked.value("from", "0"));
  const std::string stream = asked.value("stream", "stdout");
  if (!task || *task >= state.jobs[number].tasks) return bad(404, "There is no such task.");
  if (!from || (stream != "stdout" && stream != "stderr"))
    return bad(400, "`stream` is stdout or stderr, and `from` a number.");
  const std::string folder = service.folder_of(TaskIndex{state.jobs[number].first + *task});
  std::ifstream file(folder + "/" + stream + ".log", std::ios::binary);
  std::string text;
  // A log that is shorter than that was begun anew (it is kept up to a size).
  const auto size = file.seekg(0, std::ios::end).tellg();
  const auto begin = static_cast<std::streamoff>(*from) > size ? 0 : static_cast<std::streamoff>(*from);
  if (!folder.empty() && file.seekg(begin)) {
    text.resize(kMostLog);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
  }
  return {.status = 200, .body = std::move(text), .type = "text/plain; charset=utf-8"};
}

ApiResponse show_job(Service& service, JobNumber job, const Asked& asked) {
  const auto tasks = number_of<std::uint32_t>(asked.value("tasks", "1000"));
  const auto from = number_of<std::uint32_t>(asked.value("from", "0"));
  if (!tasks || !from) return bad(400, "`tasks` and `from` are numbers.");
  return good(job_json_of(service, job, *from, *tasks));
}

// --- the table

Service::Answer answer_with(Reply reply) {
  return [reply = std::move(reply)](const effect::Respond& answer) {
    const HttpDenial why = http_of(answer.denial);
    reply(answer.denial == Denial::none ? good({{"done", true}}) : bad(why.status, why.what));
  };
}

using Handler = std::function<void(Service&, const Asked&, Reply)>;

Handler shows(Json (*json_of)(Service&)) {
  return [json_of](Service& service, const Asked&, const Reply& reply) { reply(good(json_of(service))); };
}

// Of the job, or the pool, that the target's third part names.
template <class F>
Handler of_job(F f) {
  return [f](Service& service, const Asked& asked, const Reply& reply) {
    const auto number = number_of<std::uint32_t>(asked.path[2]);
    if (!number || *number >= service.broker().state().jobs.size())
      return reply(bad(404, "There is no such job."));
    f(service, JobNumber{*number}, asked, reply);
  };
}
Handler shows_job(ApiResponse (*response_of)(Service&, JobNumber, const Asked&)) {
  return of_job([response_of](Service& service, JobNumber job, const Asked& asked, const Reply& reply) {
    reply(response_of(service, job, asked));
  });
}
template <class F>
Handler tells_job(F event_of) {
  return of_job([event_of](Service& service, JobNumber job, const Asked&, Reply reply) {
    service.tell(event_of(job), answer_with(std::move(reply)));
  });
}
template <class F>
Handler of_pool(F f) {
  return [f](Service& service, const Asked& asked, const Reply& reply) {
    const State& state = service.broker().state();
    const auto found = std::ranges::find(state.pools, asked.path[2], &PoolFacts::name);
    if (found == state.pools.end()) return reply(bad(404, "There is no such pool."));
    f(service, PoolIndex{static_cast<std::size_t>(found - state.pools.begin())}, asked, reply);
  };
}
template <class F>
Handler tells_pool(F event_of) {
  return of_pool([event_of](Service& service, PoolIndex pool, const Asked&, const Reply& reply) {
    service.tell(event_of(pool), answer_with(reply));
  });
}

void warn(Service& service, PoolIndex pool, const Asked& asked, const Reply& reply) {
  constexpr double most = 8760;
  const auto hours = parse_number(asked.value("hours", ""));
  if (!hours || !(*hours >= 0 && *hours <= most))
    return reply(bad(400, "`hours`, until the pool may be lost, is no number from 0 to 8760."));
  service.tell(event::Warning{.pool = pool, .from = service.now() + from_hours(Hours{*hours})},
               answer_with(reply));
}

// All hosts of the pool that are condemned; answered when the last is pardoned.
void pardon(Service& service, PoolIndex pool, const Asked&, const Reply& reply) {
  const std::vector<HostState>& hosts = service.broker().state().hosts;
  std::vector<HostIndex> condemned;
  for (std::size_t h = 0; h < hosts.size(); ++h) {
    if (hosts[h].pool == pool && hosts[h].condemned) condemned.emplace_back(h);
  }
  if (condemned.empty()) return reply(bad(409, "None of its hosts is condemned."));
  for (const HostIndex host : condemned)
    service.tell(event::Pardon{.host = host}, host == condemned.back()
                                                  ? answer_with(reply)
                                                  : Service::Answer([](const effect::Respond&) {}));
}

void says_ok(Service&, const Asked&, const Reply& reply) {
  reply({.status = 200, .body = "ok\n", .type = "text/plain; charset=utf-8"});
}

struct Route {
  std::string_view method;
  std::vector<std::string_view> path;  // "*" is any one part
  Handler handle;

  [[nodiscard]] bool is_at(const std::vector<std::string>& other) const {
    return std::ranges::equal(path, other, [](std::string_view part, const std::string& one) {
      return part == "*" || part == one;
    });
  }
};

const std::vector<Route>& routes() {
  static const std::vector<Route> kTable = {
      {"POST", {"v1", "jobs"}, submit},
      {"GET", {"v1", "jobs"}, list_jobs},
      {"GET",
       {"metrics"},
       [](Service& service, const Asked&, const Reply& reply) {
         reply({.status = 200,
                .body = metrics_text(service),
                .type = "text/plain; version=0.0.4; charset=utf-8"});
       }},
      {"GET", {"healthz"}, says_ok},
      {"GET", {"readyz"}, says_ok},  // one that does not lead, or has not recovered, does not listen
      {"POST", {"v1", "quotes"}, quote},
      {"GET", {"v1", "jobs", "*"}, shows_job(show_job)},
      {"GET", {"v1", "jobs", "*", "log"}, shows_job(log_of)},
      {"GET", {"v1", "jobs", "*", "why"}, shows_job([](Service& service, JobNumber job, const Asked&) {
         return good(why_json(service, job));
       })},
      {"POST", {"v1", "jobs", "*", "cancel"}, tells_job([](JobNumber job) {
         return event::Cancel{.client = 0, .job = job};
       })},
      {"POST", {"v1", "jobs", "*", "hold"}, tells_job([](JobNumber job) {
         return event::Hold{.client = 0, .job = job, .held = true};
       })},
      {"POST", {"v1", "jobs", "*", "release"}, tells_job([](JobNumber job) {
         return event::Hold{.client = 0, .job = job, .held = false};
       })},
      {"POST", {"v1", "jobs", "*", "retry"}, tells_job([](JobNumber job) {
         return event::Retry{.client = 0, .job = job};
       })},
      {"GET", {"v1", "pools"}, shows(pools_json)},
      {"POST", {"v1", "pools", "*", "drain"}, tells_pool([](PoolIndex pool) {
         return event::Drain{.client = 0, .pool = pool, .on = true};
       })},
      {"POST", {"v1", "pools", "*", "resume"}, tells_pool([](PoolIndex pool) {
         return event::Drain{.client = 0, .pool = pool, .on = false};
       })},
      {"POST", {"v1", "pools", "*", "down"}, tells_pool([](PoolIndex pool) {
         return event::SiteDown{.pool = pool, .down = true};
       })},
      {"POST", {"v1", "pools", "*", "up"}, tells_pool([](PoolIndex pool) {
         return event::SiteDown{.pool = pool, .down = false};
       })},
      {"POST", {"v1", "pools", "*", "warn"}, of_pool(warn)},
      {"POST", {"v1", "pools", "*", "all-clear"}, tells_pool([](PoolIndex pool) {
         return event::Warning{.pool = pool, .from = kNever};
       })},
      {"POST", {"v1", "pools", "*", "pardon"}, of_pool(pardon)},
      {"GET", {"v1", "cost"}, shows(cost_json)},
      {"GET", {"v1", "health"}, shows(health_json)},
  };
  return kTable;
}

}  // namespace

void handle(Service& service, const ApiRequest& request, std::function<void(ApiResponse)> reply) {
  const Asked asked = asked_of(request);
  std::string methods;
  for (const Route& route : routes()) {
    if (!route.is_at(asked.path)) continue;
    if (route.method == request.method) return route.handle(service, asked, std::move(reply));
    methods += fmt::format("{}{}", methods.empty() ? "" : " and ", route.method);
  }
  if (methods.empty()) return reply(bad(404, "There is no such route."));
  reply(bad(405, fmt::format("This route knows {} only.", methods)));
}

}  // namespace hinterland
