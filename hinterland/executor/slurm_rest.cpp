#include "hinterland/executor/slurm_rest.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "hinterland/policy/server_size.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

constexpr long kPatience = 15'000;  // ms
constexpr long kConnecting = 3'000;
constexpr std::string_view kApi = "/slurm/v0.0.38";
constexpr std::uint32_t kMostTasks = 1'000'000;

struct Answer {
  long status = 0;
  std::string body;
};

Json parsed(std::string_view text) { return Json::parse(text, nullptr, false); }

// Its first word of trouble; its number: from 2000 on they are the controller's own.
struct Trouble {
  std::string what;
  int number = 0;
};
std::optional<Trouble> trouble_in(const Json& json) {
  if (!json.is_object() || !json.contains("errors") || !json.at("errors").is_array()) return std::nullopt;
  for (const Json& error : json.at("errors")) {
    if (!error.is_object()) continue;
    const int number = error.value("error_number", error.value("error_code", 0));
    const std::string what = error.value("error", error.value("description", ""));
    if (number != 0 || !what.empty()) return Trouble{.what = what, .number = number};
  }
  return std::nullopt;
}

// "0,2-5%3" -> 0, 2, 3, 4, 5
std::vector<std::uint32_t> indices_in(std::string_view text) {
  std::vector<std::uint32_t> out;
  text = text.substr(0, text.find('%'));
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    std::uint32_t from = 0;
    const char* const end = part.data() + part.size();
    const auto [dash, error] = std::from_chars(part.data(), end, from);
    if (error != std::errc{}) continue;
    std::uint32_t to = from;
    if (dash != end && *dash == '-') std::from_chars(dash + 1, end, to);
    for (std::uint32_t k = from; k <= to && out.size() < kMostTasks; ++k) out.push_back(k);
  }
  return out;
}

int status_of(int raw) {
  constexpr int signalled = 128;
  return WIFSIGNALED(raw) ? signalled + WTERMSIG(raw) : WEXITSTATUS(raw);
}

class Rest final : public SlurmCluster {
 public:
  Rest(SlurmRest rest, SlurmPlace place) : rest_(std::move(rest)), place_(std::move(place)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
  }

  Expected<std::string> submit(const SlurmAsk& ask) override {
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
    if (json.is_object() && json.value("job_id", 0) > 0) return std::to_string(json.at("job_id").get<int>());
    return std::unexpected(refusal(*answer));
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
  Expected<void> cancel(const std::string& number) override { return tell("DELETE", "/job/" + number, ""); }

  Expected<SlurmRoom> room() override {
    const auto answer = call("GET", "/nodes/", "");
    if (!answer) return std::unexpected(answer.error());
    const Json json = parsed(answer->body);
    if (answer->status != kGood || !json.is_object() || !json.contains("nodes"))
      return std::unexpected(refusal(*answer));
    SlurmRoom room;
    for (const Json& node : json.at("nodes")) {
      const auto partitions = node.value("partitions", std::vector<std::string>());
      if (!place_.partition.empty() && std::ranges::find(partitions, place_.partition) == partitions.end())
        continue;
      const std::string state = node.value("state", "");
      const auto flags = node.value("state_flags", std::vector<std::string>());
      const bool open =
          (state == "idle" || state == "mixed" || state == "allocated") &&
          std::ranges::none_of(flags, [](const std::string& flag) {
            return flag == "DRAIN" || flag == "NOT_RESPONDING" || flag == "FAIL" || flag == "MAINTENANCE";
          });
      room.busy += node.value("alloc_cpus", std::int64_t{0});
      room.cpus +=
          node.value("alloc_cpus", std::int64_t{0}) + (open ? node.value("idle_cpus", std::int64_t{0}) : 0);
    }
    return room;
  }

 private:
  static constexpr long kGood = 200;
  struct Ends {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  // What came back; an error if nothing did, or not all: then nobody knows whether it was carried out.
  Expected<Answer> call(const char* method, const std::string& path, const std::string& body) const {
    const std::unique_ptr<CURL, Ends> curl(curl_easy_init());
    std::unique_ptr<curl_slist, Ends> headers(curl_slist_append(nullptr, "Content-Type: application/json"));
    if (!rest_.token_file.empty()) {
      std::ifstream file(rest_.token_file);
      std::string token;
      if (!(file >> token)) return outside(rest_.token_file, "There is no token in it.");
      curl_slist_append(headers.get(), ("X-SLURM-USER-NAME: " + rest_.user).c_str());
      curl_slist_append(headers.get(), ("X-SLURM-USER-TOKEN: " + token).c_str());
    }
    std::string base = rest_.url;
    if (base.starts_with("unix:")) {
      curl_easy_setopt(curl.get(), CURLOPT_UNIX_SOCKET_PATH, base.substr(5).c_str());
      base = "http://localhost";
    }
    Answer answer;
    const std::string url = base + std::string(kApi) + path;
    const auto write = [](char* bytes, std::size_t size, std::size_t count, void* into) {
      static_cast<std::string*>(into)->append(bytes, size * count);
      return size * count;
    };
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, kConnecting);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, kPatience);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, +write);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
    if (!body.empty()) {
      curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
      curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    }
    if (const CURLcode code = curl_easy_perform(curl.get()); code != CURLE_OK)
      return outside(rest_.url, fmt::format("No answer: {}.", curl_easy_strerror(code)));
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
  }

  Expected<void> tell(const char* method, const std::string& path, const std::string& body) const {
    const auto answer = call(method, path, body);
    if (!answer) return std::unexpected(answer.error());
    return answer->status == kGood ? Expected<void>() : std::unexpected(refusal(*answer));
  }

  static std::unexpected<Errors> outside(const std::string& file, std::string what) {
    return failure({.what = std::move(what), .where = {.file = file}, .mend = "", .outside = true});
  }
  [[nodiscard]] Errors refusal(const Answer& answer) const {
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
};

}  // namespace

Expected<std::vector<SlurmJob>> parse_slurm_jobs(std::string_view text, const std::string& prefix) {
  const Json json = parsed(text);
  std::vector<SlurmJob> jobs;
  try {
    for (const Json& one : json.at("jobs")) {
      SlurmJob job{.name = one.at("name").get<std::string>()};
      if (!job.name.starts_with(prefix)) continue;
      job.state = one.at("job_state").get<std::string>();
      job.reason = one.at("state_reason").get<std::string>();
      job.phase = slurm_phase(job.state, job.reason);
      job.status = status_of(one.at("exit_code").get<int>());
      job.submitted = std::to_string(one.at("submit_time").get<std::int64_t>());
      job.node = one.at("nodes").get<std::string>();
      job.cpus = one.at("cpus").get<std::int64_t>();
      const auto array = one.at("array_job_id").get<std::uint64_t>();
      const Json& index = one.at("array_task_id");
      std::vector<std::uint32_t> indices;
      if (array != 0 && index.is_number()) indices = {index.get<std::uint32_t>()};
      if (array != 0 && !index.is_number())
        indices = indices_in(one.at("array_task_string").get<std::string>());
      job.number = std::to_string(one.at("job_id").get<std::uint64_t>());
      if (indices.empty()) jobs.push_back(job);
      for (const std::uint32_t k : indices) {
        job.index = k;
        job.number = fmt::format("{}_{}", array, k);
        jobs.push_back(job);
      }
    }
  } catch (const Json::exception& wrong) {
    return failure({.what = "The answer is not that of slurmrestd v0.0.38.",
                    .where = {.file = "jobs"},
                    .mend = wrong.what(),
                    .outside = true});
  }
  return jobs;
}

std::unique_ptr<SlurmCluster> slurm_by_rest(SlurmRest rest, SlurmPlace place) {
  return std::make_unique<Rest>(std::move(rest), std::move(place));
}

}  // namespace hinterland
