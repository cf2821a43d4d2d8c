#include "hinterland/executor/remote_broker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/net/json_text.hpp"
#include "hinterland/policy/server_size.hpp"
#include "hinterland/report/terminal_text.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 3> kBrokers = {
    "HINTERLAND_JOB=", "HINTERLAND_TASK=", "HINTERLAND_TASKS="};
constexpr std::int64_t kMostCores = 1'000'000'000;
constexpr std::int64_t kMostRan = 1'000'000'000'000'000;  // ms
// Bytes of an answer. A job is submitted with 4 MB at most, and a log comes in pieces of as much.
constexpr std::uint64_t kMostSaid = 16'000'000;
constexpr std::size_t kMostName = 100;  // bytes of a site's

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

Json with_terms(Json job, const RemoteTerms& terms) {
  job["name"] = job["key"] = terms.key;
  if (!terms.work.empty()) job["class"] = terms.work;
  if (!terms.project.empty()) job["project"] = terms.project;
  return job;
}

struct NoBroker : std::exception {
  explicit NoBroker(const char* words) : why(words) {}
  const char* why;
};

// Calls `read` with the answer as JSON; an error if it is none, or not as brokers say it.
template <class Read>
auto reading(const HttpAnswer& answer, const Read& read) -> Expected<decltype(read(Json()))> {
  std::string wrong;
  const auto json = parse_sent(answer.body, kMostSaid, "it");
  try {
    if (json) return read(*json);
    wrong = "it " + json.error().front().what;
  } catch (const Json::exception& trouble) {
    wrong = trouble.what();
  } catch (const NoBroker& trouble) {
    wrong = trouble.why;
  }
  return failure({.what = fmt::format("The answer is none of a Hinterland broker: {}.", one_line(wrong)),
                  .where = {},
                  .mend = "",
                  .outside = true});
}

// A number that a stranger says.
std::int64_t number_in(const Json& json, const char* name, std::int64_t most) {
  const Json& number = json.at(name);
  if (!number.is_number_integer() ||
      (number.is_number_unsigned() && number.get<std::uint64_t>() > static_cast<std::uint64_t>(most)))
    throw NoBroker("a number of it is none, or too large");
  const auto value = number.get<std::int64_t>();
  if (value < 0 || value > most) throw NoBroker("a number of it is none, or too large");
  return value;
}
// Not an object, whose values are a list too.
const Json::array_t& list_in(const Json& json, const char* name) {
  return json.at(name).get_ref<const Json::array_t&>();
}
std::uint32_t job_number(const Json& json, const char* name) {
  return static_cast<std::uint32_t>(number_in(json, name, std::numeric_limits<std::uint32_t>::max()));
}

RemotePhase phase_of(const std::string& state) {
  if (state == "running") return RemotePhase::running;
  if (state == "done") return RemotePhase::done;
  if (state == "failed") return RemotePhase::failed;
  if (state == "cancelled") return RemotePhase::cancelled;
  return RemotePhase::waiting;
}

Cause cause_named(const std::string& name) {
  static constexpr std::array kAll = {Cause::done,        Cause::failed,     Cause::out_of_memory,
                                      Cause::out_of_time, Cause::no_licence, Cause::host_failed,
                                      Cause::site_failed, Cause::killed,     Cause::lost};
  const auto found = std::ranges::find_if(kAll, [&](Cause cause) { return name == name_of(cause); });
  return found == kAll.end() ? Cause::host_failed : *found;
}

RemoteJob row_in(const Json& json) {
  return {.number = job_number(json, "id"),
          .name = json.at("name").get<std::string>(),
          .site = one_line(json.at("site").get<std::string>(), kMostName),
          .phase = phase_of(json.at("state").get<std::string>()),
          .ran = {number_in(json, "ran_ms", kMostRan)}};
}

constexpr int kGood = 200, kTaken = 201, kNone = 404, kOver = 409, kOther = 422;

}  // namespace

// The broker there says which task of which job of its own it is: what it is here stands before the command.
std::string remote_job(const Command& command, const RemoteTerms& terms) {
  std::vector<std::string> words = {"/usr/bin/env"}, environment, inputs;
  for (const std::string& variable : command.environment) {
    const bool is_brokers =
        std::ranges::any_of(kBrokers, [&](std::string_view name) { return variable.starts_with(name); });
    (is_brokers ? words : environment).push_back(variable);
  }
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  for (const Input& input : command.inputs) inputs.push_back(input.path + "=" + input.hash);
  constexpr double parts = kGpuParts;
  Json job{{"command", words},
           {"environment", environment},
           {"inputs", inputs},
           {"outputs", command.outputs},
           {"cores", std::max<std::int64_t>(1, command.size.cores)},
           {"gpus", static_cast<double>(command.size.gpus) / parts},
           {"memory_gb", command.size.memory_gb},
           {"hours", in_hours(command.limit).value}};
  if (!command.folder.empty()) job["folder"] = command.folder;
  return text_of(with_terms(std::move(job), terms));
}

std::int64_t remote_cores(const std::string& job) {
  const Json json = Json::parse(job, nullptr, false);
  const bool says = json.is_object() && json.contains("cores") && json.at("cores").is_number_integer();
  return says ? std::clamp<std::int64_t>(json.at("cores").get<std::int64_t>(), 0, kMostCores) : 0;
}

std::string remote_stone(const RemoteTerms& terms) {
  return text_of(with_terms({{"command", {"true"}}, {"held", 1}}, terms));
}

Expected<HttpAnswer> RemoteBroker::ask(const char* method, std::string path, std::string body) {
  return line_.ask({.method = method,
                    .path = std::move(path),
                    .body = std::move(body),
                    .headers = {},
                    .file = {},
                    .take = {},
                    .progress = {},
                    .most_bytes = kMostSaid});
}

Expected<std::int64_t> RemoteBroker::free_cores() {
  const auto answer = ask("GET", "/v1/pools");
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != kGood) return failure(line_.refusal(*answer));
  return reading(*answer, [](const Json& json) {
    std::int64_t free = 0;
    for (const Json& pool : list_in(json, "pools")) {
      if (pool.at("state").get<std::string>() == "up")
        free = std::min(kMostCores, free + number_in(pool, "free_cores", kMostCores));
    }
    return free;
  });
}

Expected<std::vector<RemoteJob>> RemoteBroker::jobs(std::uint32_t from, std::uint32_t limit) {
  const std::string after = from == 0 ? "" : fmt::format("&after={}", from - 1);
  const auto answer = ask("GET", fmt::format("/v1/jobs?limit={}{}", limit, after));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != kGood) return failure(line_.refusal(*answer));
  return reading(*answer, [&](const Json& json) {
    const Json::array_t& rows = list_in(json, "jobs");
    if (rows.size() > limit) throw NoBroker("it lists more jobs than were asked for");
    std::vector<RemoteJob> jobs;
    for (const Json& row : rows) {
      jobs.push_back(row_in(row));
      if (jobs.back().number < from || (jobs.size() > 1 && jobs.back().number <= jobs.end()[-2].number))
        throw NoBroker("its jobs are not in their order");
    }
    return jobs;
  });
}

Expected<std::optional<RemoteJob>> RemoteBroker::job(std::uint32_t number) {
  const auto answer = ask("GET", fmt::format("/v1/jobs/{}?tasks=1", number));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == kNone) return std::nullopt;
  if (answer->status != kGood) return failure(line_.refusal(*answer));
  return reading(*answer, [&](const Json& json) {
    std::optional<RemoteJob> job = row_in(json);
    if (job->number != number) throw NoBroker("it is another job");
    for (const Json& task : list_in(json, "of_tasks")) {
      if (!task.contains("end")) continue;
      job->end = cause_named(task.at("end").at("cause").get<std::string>());
      job->status = static_cast<int>(number_in(task.at("end"), "status", std::numeric_limits<int>::max()));
    }
    return job;
  });
}

Expected<RemoteTaken> RemoteBroker::submit(const std::string& job) {
  const auto answer = ask("POST", "/v1/jobs", job);
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != kTaken && answer->status != kOther) return failure(line_.refusal(*answer));
  return reading(*answer, [&](const Json& json) {
    return RemoteTaken{.job = job_number(json, "job"), .is_other = answer->status == kOther};
  });
}

Expected<std::vector<std::optional<std::uint32_t>>> RemoteBroker::submit(
    const std::vector<std::string>& jobs) {
  const auto answer = ask("POST", "/v1/jobs", fmt::format("{{\"jobs\": [{}]}}", fmt::join(jobs, ", ")));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != kTaken) return failure(line_.refusal(*answer));
  return reading(*answer, [&](const Json& json) {
    std::vector<std::optional<std::uint32_t>> taken;
    for (const Json& one : list_in(json, "jobs"))
      taken.push_back(one.contains("error") ? std::nullopt : std::optional(job_number(one, "job")));
    if (taken.size() != jobs.size()) throw NoBroker("it took others than were sent");
    return taken;
  });
}

Expected<void> RemoteBroker::cancel(std::uint32_t number) {
  const auto answer = ask("POST", fmt::format("/v1/jobs/{}/cancel", number));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == kGood || answer->status == kOver || answer->status == kNone) return {};
  return failure(line_.refusal(*answer));
}

Expected<std::vector<RemoteOutput>> RemoteBroker::outputs(std::uint32_t number) {
  const auto answer = ask("GET", fmt::format("/v1/jobs/{}/outputs", number));
  if (!answer) return std::unexpected(answer.error());
  if (answer->status != kGood) return failure(line_.refusal(*answer));
  return reading(*answer, [](const Json& json) {
    std::vector<RemoteOutput> outputs;
    for (const Json& one : list_in(json, "outputs")) {
      outputs.push_back(
          {.path = one.at("path").get<std::string>(), .hash = one.at("hash").get<std::string>()});
      if (!is_object_hash(outputs.back().hash)) throw NoBroker("an output of it has no hash");
    }
    return outputs;
  });
}

Expected<std::string> RemoteBroker::log(std::uint32_t number, const char* stream) {
  auto answer = ask("GET", fmt::format("/v1/jobs/{}/log?stream={}", number, stream));
  if (!answer) return std::unexpected(answer.error());
  return answer->status == kGood ? std::move(answer->body) : std::string();
}

}  // namespace hinterland
