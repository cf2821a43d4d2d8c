#include "hinterland/executor/slurm_rest.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "hinterland/executor/slurm_accounting.hpp"
#include "hinterland/executor/slurm_answer.hpp"
#include "hinterland/executor/slurm_qos.hpp"
#include "hinterland/net/token_file.hpp"
#include "hinterland/policy/server_size.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

constexpr std::string_view kApi = "/slurm/v0.0.38";
constexpr std::string_view kDatabaseApi = "/slurmdb/v0.0.38";
constexpr Duration kAccountingPatience{5'000};
constexpr std::uint32_t kMostTasks = 1'000'000;

Json parsed(std::string_view text) { return Json::parse(text, nullptr, false); }

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

struct UnknownArray : std::exception {};

// Adds it, each task of an array by itself, if its name begins so and it is `user`'s. Throws what Json does, and UnknownArray.
void read_job(const Json& one, const std::string& prefix, const std::string& user,
              std::vector<SlurmJob>& jobs) {
  SlurmJob job{.name = one.at("name").get<std::string>()};
  if (!job.name.starts_with(prefix)) return;
  if (!user.empty() && one.at("user_name") != user) return;  // a name that somebody else has taken
  job.state = one.at("job_state").get<std::string>();
  job.reason = one.at("state_reason").get<std::string>();
  job.phase = slurm_phase(job.state, job.reason);
  job.submitted = std::to_string(one.at("submit_time").get<std::int64_t>());
  job.node = one.at("nodes").get<std::string>();
  job.cpus = slurm_count(one.at("cpus").get<std::int64_t>());
  const auto began = one.at("start_time").get<std::int64_t>(), ended = one.at("end_time").get<std::int64_t>();
  if (job.phase == SlurmPhase::over && began > 0 && ended > began) job.ran_s = slurm_count(ended - began);
  const auto array = one.at("array_job_id").get<std::uint64_t>();
  const Json& index = one.at("array_task_id");
  std::optional<std::vector<std::uint32_t>> indices{std::in_place};
  if (array != 0 && index.is_number()) indices->push_back(index.get<std::uint32_t>());
  if (array != 0 && !index.is_number()) indices = indices_in(one.at("array_task_string").get<std::string>());
  if (!indices) throw UnknownArray();
  job.number = std::to_string(one.at("job_id").get<std::uint64_t>());
  if (indices->empty()) jobs.push_back(job);
  for (const std::uint32_t k : *indices) {
    job.index = k;
    job.number = fmt::format("{}_{}", array, k);
    jobs.push_back(job);
  }
}

class Rest final : public SlurmCluster {
 public:
  Rest(SlurmRest rest, SlurmPlace place)
      : rest_(std::move(rest)),
        place_(std::move(place)),
        client_({.url = rest_.url, .authorities = ""}),
        accounting_({.url = rest_.url, .authorities = "", .patience = kAccountingPatience}) {}

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
    return parse_slurm_jobs(answer->body, prefix, rest_.user);
  }

  Expected<void> release(const std::string& number) override {
    return tell("POST", "/job/" + number, R"({"hold": false})");
  }
  // Its number may be another's by now.
  Expected<void> cancel(const SlurmJob& job) override {
    // A task of an array that waits cannot be asked for by itself.
    const auto answer = call("GET", "/job/" + job.number.substr(0, job.number.find('_')), "");
    if (!answer) return std::unexpected(answer.error());
    const auto there = parse_slurm_jobs(answer->body, job.name, rest_.user);
    if (!there || there->empty()) return {};  // there is none any more
    return tell("DELETE", "/job/" + job.number, "");
  }

  Expected<SlurmRoom> room() override {
    const auto partitions = call("GET", "/partitions/", "");
    if (!partitions) return std::unexpected(partitions.error());
    if (partitions->status != kGood) return std::unexpected(refusal(*partitions));
    const auto open = parse_slurm_partitions(partitions->body);
    if (!open) return std::unexpected(open.error());
    const auto partition_qos = parse_slurm_partition_qos(partitions->body, place_.partition);
    if (!partition_qos) return std::unexpected(partition_qos.error());
    const auto answer = call("GET", "/nodes/", "");
    if (!answer) return std::unexpected(answer.error());
    if (answer->status != kGood) return std::unexpected(refusal(*answer));
    auto room = parse_slurm_nodes(answer->body, place_.partition, *open);
    if (!room) return room;
    if (const auto bounded = bound(*room, *partition_qos); !bounded) return std::unexpected(bounded.error());
    return room;
  }

  Expected<SlurmAccounts> accounts(const SlurmPastAsk& ask) override {
    const auto answer = call_database("/jobs?" + slurmdb_query(ask));
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == kNowhere) return SlurmAccounts{.kept = false, .jobs = {}};
    auto jobs = parse_slurmdb_jobs(answer->body, rest_.user);
    if (!jobs) return std::unexpected(std::move(jobs.error()));
    return SlurmAccounts{.kept = true, .jobs = std::move(*jobs)};
  }

 private:
  static constexpr int kGood = 200, kNowhere = 404;  // of one whose slurmrestd has no interface of accounting

  // All jobs are asked for only where something bounds them.
  Expected<void> bound(SlurmRoom& room, const std::string& partition_qos) {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    for (const SlurmUnder& under : unders_of(place_, partition_qos)) {
      const SlurmQos qos =
          limits_.of(under.qos, std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
      if (qos.is_open()) continue;
      const auto answer = call("GET", "/jobs/", "");
      if (!answer) return std::unexpected(answer.error());
      if (answer->status != kGood) return std::unexpected(refusal(*answer));
      const auto held = parse_slurm_held(answer->body, under, geteuid(), rest_.user);
      if (!held) return std::unexpected(held.error());
      std::ranges::copy(bounds_of(qos, *held), std::back_inserter(room.bounds));
    }
    if (room.trouble.empty()) room.trouble = limits_.trouble();
    return {};
  }
  Expected<std::optional<SlurmQos>> limits_of(const std::string& name) {
    const auto answer = call_database("/qos");
    if (!answer) return std::unexpected(answer.error());
    if (answer->status == kNowhere) return std::nullopt;
    return parse_slurmdb_qos(answer->body, name);
  }
  Expected<HttpAnswer> call_database(const std::string& path) {
    return ask(accounting_,
               {.method = "GET", .path = std::string(kDatabaseApi) + path, .body = "", .headers = {}});
  }

  // An error if nothing came back, or not all: then nobody knows whether it was carried out.
  Expected<HttpAnswer> call(const char* method, const std::string& path, const std::string& body) {
    return ask(client_, {.method = method, .path = std::string(kApi) + path, .body = body, .headers = {}});
  }
  [[nodiscard]] Expected<HttpAnswer> ask(HttpClient& client, HttpAsk ask) const {
    if (!rest_.token_file.empty()) {
      const auto token = read_token(rest_.token_file);
      if (!token) return std::unexpected(token.error());
      ask.headers = {"X-SLURM-USER-NAME: " + rest_.user, "X-SLURM-USER-TOKEN: " + *token};
    }
    return client.ask(ask);
  }

  Expected<void> tell(const char* method, const std::string& path, const std::string& body) {
    const auto answer = call(method, path, body);
    if (!answer) return std::unexpected(answer.error());
    return answer->status == kGood ? Expected<void>() : std::unexpected(refusal(*answer));
  }

  [[nodiscard]] Errors refusal(const HttpAnswer& answer) const { return {slurm_refusal(answer, rest_)}; }

  SlurmRest rest_;
  SlurmPlace place_;
  HttpClient client_, accounting_;
  SlurmLimits limits_{[this](const std::string& name) { return limits_of(name); }};
};

}  // namespace

Expected<std::vector<SlurmJob>> parse_slurm_jobs(std::string_view text, const std::string& prefix,
                                                 const std::string& user) {
  std::vector<SlurmJob> jobs;
  try {
    const auto whole = for_each_slurm_job(text, [&](const Json& one) { read_job(one, prefix, user, jobs); });
    if (!whole) return std::unexpected(whole.error());
  } catch (const UnknownArray&) {
    return not_slurmrestds("An array's tasks are not named in a way that is known.");
  }
  return jobs;
}

Expected<std::set<std::string>> parse_slurm_partitions(std::string_view text) {
  const Json json = parsed(text);
  std::set<std::string> open;
  try {
    for (const Json& one : json.at("partitions").get_ref<const Json::array_t&>()) {
      if (one.at("state") == "UP") open.insert(one.at("name").get<std::string>());
    }
  } catch (const Json::exception& wrong) {
    return not_slurmrestds(wrong.what());
  }
  return open;
}

Expected<SlurmRoom> parse_slurm_nodes(std::string_view text, const std::string& partition,
                                      const std::set<std::string>& open_partitions) {
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
      const bool begins_jobs = std::ranges::any_of(partitions, [&](const std::string& one) {
        return (partition.empty() || one == partition) && open_partitions.contains(one);
      });
      const bool open =
          begins_jobs && (state == "idle" || state == "mixed" || state == "allocated") &&
          std::ranges::none_of(flags, [](const std::string& flag) {
            return flag == "DRAIN" || flag == "NOT_RESPONDING" || flag == "FAIL" || flag == "MAINTENANCE";
          });
      const auto busy = slurm_count(node.at("alloc_cpus").get<std::int64_t>());
      const auto idle = slurm_count(node.at("idle_cpus").get<std::int64_t>());
      room.busy += busy;
      room.cpus += busy + (open ? idle : 0);
    }
  } catch (const Json::exception& wrong) {
    return not_slurmrestds(wrong.what());
  }
  if (!any && !partition.empty()) room.trouble = fmt::format("No node is in partition {}.", partition);
  return room;
}

// Of the controller's own errors slurmrestd has the numbers. A controller that is away, and one that takes no such token, it
// knows only as -1 (tried with 22.05.8).
Error slurm_refusal(const HttpAnswer& answer, const SlurmRest& rest) {
  constexpr int first_of_controller = 2000, last_of_controller = 2999, unauthorised = 401;
  const auto trouble = slurm_trouble_in(parsed(answer.body)).value_or(SlurmTrouble{});
  Error error{
      .what = trouble.what.empty() ? fmt::format("Status {}.", answer.status) : one_line(trouble.what) + ".",
      .where = {.file = rest.url},
      .mend = "",
      .outside = trouble.number < first_of_controller || trouble.number > last_of_controller};
  const std::string token = rest.token_file.empty() ? "slurm_token" : rest.token_file;
  if (answer.status == unauthorised) {
    error.what = "It lets nobody in without a token (status 401).";
    error.mend = fmt::format("Put a JWT of `scontrol token` for `{}` into {}.", rest.user, token);
  } else if (trouble.number == -1) {
    error.what = rest.token_file.empty() ? "Its controller does not answer it."
                                         : "Its controller does not answer it, or not to this token.";
    if (!rest.token_file.empty())
      error.mend = fmt::format("If slurmctld runs, the JWT in {} is wrong or has ended.", token);
  }
  return error;
}

std::unique_ptr<SlurmCluster> slurm_by_rest(SlurmRest rest, SlurmPlace place) {
  return std::make_unique<Rest>(std::move(rest), std::move(place));
}

}  // namespace hinterland
