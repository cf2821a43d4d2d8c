#include "hinterland/executor/slurm_rest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "hinterland/net/http_client.hpp"
#include "hinterland/policy/server_size.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kApi = "/slurm/v0.0.38";
constexpr std::uint32_t kMostTasks = 1'000'000;

Json parsed(std::string_view text) { return Json::parse(text, nullptr, false); }

// Its first word of trouble; its number: from 2000 on they are the controller's own.
struct Trouble {
  std::string what;
  int number = 0;
};
std::optional<Trouble> trouble_in(const Json& json) {
  if (!json.is_object() || !json.contains("errors") || !json.at("errors").is_array()) return std::nullopt;
  const auto text = [](const Json& error, const char* name) {
    return error.contains(name) && error.at(name).is_string() ? error.at(name).get<std::string>()
                                                              : std::string();
  };
  for (const Json& error : json.at("errors")) {
    if (!error.is_object()) continue;
    Trouble trouble{.what = text(error, "error")};
    if (trouble.what.empty()) trouble.what = text(error, "description");
    for (const char* const name : {"error_number", "error_code"}) {
      if (error.contains(name) && error.at(name).is_number_integer())
        trouble.number = error.at(name).get<int>();
    }
    if (trouble.number != 0 || !trouble.what.empty()) return trouble;
  }
  return std::nullopt;
}

// "0,2-5,10-20:2%3" -> 0, 2, 3, 4, 5, 10, 12, ... 20; nullopt: it is not so.
std::optional<std::vector<std::uint32_t>> indices_in(std::string_view text) {
  std::vector<std::uint32_t> out;
  text = text.substr(0, text.find('%'));
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    std::uint32_t from = 0, to = 0, step = 1;
    const char* const end = part.data() + part.size();
    auto read = std::from_chars(part.data(), end, from);
    to = from;
    if (read.ec == std::errc{} && read.ptr != end && *read.ptr == '-')
      read = std::from_chars(read.ptr + 1, end, to);
    if (read.ec == std::errc{} && read.ptr != end && *read.ptr == ':')
      read = std::from_chars(read.ptr + 1, end, step);
    if (read.ec != std::errc{} || read.ptr != end || step == 0 || to < from || to - from > kMostTasks)
      return std::nullopt;
    for (std::uint64_t k = from; k <= to; k += step) out.push_back(static_cast<std::uint32_t>(k));
    if (out.size() > kMostTasks) return std::nullopt;
  }
  return out;
}

std::unexpected<Errors> no_answer(const std::string& why) {
  return failure({.what = "The answer is not that of slurmrestd v0.0.38.",
                  .where = {.file = "slurmrestd"},
                  .mend = why,
                  .outside = true});
}

class Rest final : public SlurmCluster {
 public:
  Rest(SlurmRest rest, SlurmPlace place)
      : rest_(std::move(rest)), place_(std::move(place)), client_({.url = rest_.url, .authorities = ""}) {}

  Expected<void> submit(const SlurmAsk& ask) override {
    Json job{{"name", ask.name},
             {"hold", true},
             {"requeue", false},
             {"environment", {{"PATH", "/usr/local/bin:/usr/bin:/bin"}}},
             {"current_working_directory", ask.folder},
             {"standard_output", "/dev/null"},
             {"standard_error", "/dev/null"},
             {"tasks", 1},
             {"cpus_per_task", std::max<std::int64_t>(1, ask.size.cores)},
             {"time_limit", ask.minutes}};
    constexpr std::int64_t mb_per_gb = 1024;
    if (ask.size.memory_gb > 0) job["memory_per_node"] = ask.size.memory_gb * mb_per_gb;
    if (ask.size.gpus > 0)
      job["tres_per_node"] = fmt::format("gpu:{}", (ask.size.gpus + kGpuParts - 1) / kGpuParts);
    if (ask.count > 1) job["array"] = fmt::format("0-{}", ask.count - 1);
    if (!ask.avoid.empty()) job["exclude_nodes"] = ask.avoid;
    for (const auto& [field, value] :
         {std::pair{"partition", place_.partition}, {"account", place_.account}, {"qos", place_.qos}}) {
      if (!value.empty()) job[field] = value;
    }
    const auto answer = call("POST", "/job/submit", Json{{"script", ask.script}, {"job", job}}.dump());
    if (!answer) return std::unexpected(answer.error());
    const Json json = parsed(answer->body);
    const bool taken = json.is_object() && json.contains("job_id") && json.at("job_id").is_number_integer() &&
                       json.at("job_id").get<std::int64_t>() > 0;
    return taken ? Expected<void>() : std::unexpected(refusal(*answer));
  }

  Expected<std::vector<SlurmJob>> jobs(const std::string& prefix) override {
    const auto answer = call("GET", "/jobs/", "");
    if (!answer) return std::unexpected(answer.error());
    if (answer->status != kGood) return std::unexpected(refusal(*answer));
    return parse_slurm_jobs(answer->body, prefix);
  }

  Expected<void> release(const std::string& number) override {
    return tell("POST", "/job/" + number, R"({"hold": false})");
  }
  // Its number may be another's by now.
  Expected<void> cancel(const SlurmJob& job) override {
    // A task of an array that waits cannot be asked for by itself.
    const auto answer = call("GET", "/job/" + job.number.substr(0, job.number.find('_')), "");
    if (!answer) return std::unexpected(answer.error());
    const auto there = parse_slurm_jobs(answer->body, job.name);
    if (!there || there->empty()) return {};  // there is none any more
    return tell("DELETE", "/job/" + job.number, "");
  }

  Expected<SlurmRoom> room() override {
    const auto answer = call("GET", "/nodes/", "");
    if (!answer) return std::unexpected(answer.error());
    return answer->status == kGood ? parse_slurm_nodes(answer->body, place_.partition)
                                   : std::unexpected(refusal(*answer));
  }

 private:
  static constexpr int kGood = 200;

  // An error if nothing came back, or not all: then nobody knows whether it was carried out.
  Expected<HttpAnswer> call(const char* method, const std::string& path, const std::string& body) {
    HttpAsk ask{.method = method, .path = std::string(kApi) + path, .body = body, .headers = {}};
    if (!rest_.token_file.empty()) {
      std::ifstream file(rest_.token_file);
      std::string token;
      if (!(file >> token))
        return failure({.what = "There is no token in it.",
                        .where = {.file = rest_.token_file},
                        .mend = "",
                        .outside = true});
      ask.headers = {"X-SLURM-USER-NAME: " + rest_.user, "X-SLURM-USER-TOKEN: " + token};
    }
    return client_.ask(ask);
  }

  Expected<void> tell(const char* method, const std::string& path, const std::string& body) {
    const auto answer = call(method, path, body);
    if (!answer) return std::unexpected(answer.error());
    return answer->status == kGood ? Expected<void>() : std::unexpected(refusal(*answer));
  }

  [[nodiscard]] Errors refusal(const HttpAnswer& answer) const {
    constexpr int first_of_controller = 2000, last_of_controller = 2999;
    const auto trouble = trouble_in(parsed(answer.body)).value_or(Trouble{});
    const bool refused = trouble.number >= first_of_controller && trouble.number <= last_of_controller;
    return {{.what = trouble.what.empty() ? fmt::format("Status {}.", answer.status) : trouble.what + ".",
             .where = {.file = rest_.url},
             .mend = "",
             .outside = !refused}};
  }

  SlurmRest rest_;
  SlurmPlace place_;
  HttpClient client_;
};

}  // namespace

Expected<std::vector<SlurmJob>> parse_slurm_jobs(std::string_view text, const std::string& prefix) {
  const Json json = parsed(text);
  std::vector<SlurmJob> jobs;
  try {
    for (const Json& one : json.at("jobs").get_ref<const Json::array_t&>()) {
      SlurmJob job{.name = one.at("name").get<std::string>()};
      if (!job.name.starts_with(prefix)) continue;
      job.state = one.at("job_state").get<std::string>();
      job.reason = one.at("state_reason").get<std::string>();
      job.phase = slurm_phase(job.state, job.reason);
      job.submitted = std::to_string(one.at("submit_time").get<std::int64_t>());
      job.node = one.at("nodes").get<std::string>();
      job.cpus = slurm_count(one.at("cpus").get<std::int64_t>());
      const auto began = one.at("start_time").get<std::int64_t>(),
                 ended = one.at("end_time").get<std::int64_t>();
      if (job.phase == SlurmPhase::over && began > 0 && ended > began) job.ran_s = slurm_count(ended - began);
      const auto array = one.at("array_job_id").get<std::uint64_t>();
      const Json& index = one.at("array_task_id");
      std::optional<std::vector<std::uint32_t>> indices{std::in_place};
      if (array != 0 && index.is_number()) indices->push_back(index.get<std::uint32_t>());
      if (array != 0 && !index.is_number())
        indices = indices_in(one.at("array_task_string").get<std::string>());
      if (!indices) return no_answer("An array's tasks are not named in a way that is known.");
      job.number = std::to_string(one.at("job_id").get<std::uint64_t>());
      if (indices->empty()) jobs.push_back(job);
      for (const std::uint32_t k : *indices) {
        job.index = k;
        job.number = fmt::format("{}_{}", array, k);
        jobs.push_back(job);
      }
    }
  } catch (const Json::exception& wrong) {
    return no_answer(wrong.what());
  }
  return jobs;
}

Expected<SlurmRoom> parse_slurm_nodes(std::string_view text, const std::string& partition) {
  const Json json = parsed(text);
  SlurmRoom room;
  bool any = false;
  try {
    for (const Json& node : json.at("nodes").get_ref<const Json::array_t&>()) {
      const auto partitions = node.at("partitions").get<std::vector<std::string>>();
      if (!partition.empty() && std::ranges::find(partitions, partition) == partitions.end()) continue;
      any = true;
      const auto state = node.at("state").get<std::string>();
      const auto flags = node.at("state_flags").get<std::vector<std::string>>();
      const bool open =
          (state == "idle" || state == "mixed" || state == "allocated") &&
          std::ranges::none_of(flags, [](const std::string& flag) {
            return flag == "DRAIN" || flag == "NOT_RESPONDING" || flag == "FAIL" || flag == "MAINTENANCE";
          });
      const auto busy = slurm_count(node.at("alloc_cpus").get<std::int64_t>());
      const auto idle = slurm_count(node.at("idle_cpus").get<std::int64_t>());
      room.busy += busy;
      room.cpus += busy + (open ? idle : 0);
    }
  } catch (const Json::exception& wrong) {
    return no_answer(wrong.what());
  }
  if (!any && !partition.empty())
    return failure({.what = fmt::format("No node is in partition {}.", partition),
                    .where = {.file = "slurmrestd"},
                    .mend = "",
                    .outside = true});
  return room;
}

std::unique_ptr<SlurmCluster> slurm_by_rest(SlurmRest rest, SlurmPlace place) {
  return std::make_unique<Rest>(std::move(rest), std::move(place));
}

}  // namespace hinterland
