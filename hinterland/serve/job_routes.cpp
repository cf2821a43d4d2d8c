#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/base/file.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/executor/outputs.hpp"
#include "hinterland/serve/answers.hpp"
#include "hinterland/serve/listing.hpp"
#include "hinterland/serve/route.hpp"
#include "hinterland/serve/submission.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMostLog = 4'000'000;  // bytes of a log at once
constexpr double kMostNumber = 4'294'967'295.0, kMostBytes = 9'007'199'254'740'991.0;

JobNumber job_of(const ApiRequest& asked) { return JobNumber{asked.number<std::uint32_t>("job").value()}; }

void list_jobs(ApiContext& context, const ApiRequest& asked, const Reply& reply) {
  reply(good(jobs_json(context.service, {.state = asked.text("state"),
                                         .project = asked.text("project"),
                                         .after = asked.number<std::uint32_t>("after"),
                                         .limit = asked.number<std::uint32_t>("limit"),
                                         .caller = &asked.caller})));
}

void show_job(ApiContext& context, const ApiRequest& asked, const Reply& reply) {
  reply(good(job_json_of(context.service, job_of(asked), asked.number<std::uint32_t>("from").value_or(0),
                         asked.number<std::uint32_t>("tasks").value_or(1000))));
}

// Of the log from a byte on, as much as is sent at once. Whatever its task has made of it: what is no file there is no log.
std::string read_log(const std::string& log, std::uint64_t from) {
  const Handle file(::open(log.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  struct stat about{};
  if (!file.is_open() || fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode)) return "";
  // A log that is shorter than that was begun anew (it is kept up to a size).
  const auto size = static_cast<std::uint64_t>(about.st_size);
  const std::uint64_t begin = from > size ? 0 : from;
  std::string text(std::min(size - begin, kMostLog), '\0');
  std::size_t done = 0;
  for (ssize_t got = 1; done < text.size() && got > 0;
       done += static_cast<std::size_t>(std::max(got, ssize_t{0})))
    got = ::pread(file.get(), text.data() + done, text.size() - done, static_cast<off_t>(begin + done));
  text.resize(done);
  return text;
}

void log_of(ApiContext& context, const ApiRequest& asked, const Reply& reply) {
  const JobState& job = context.service.broker().state().jobs[job_of(asked)];
  const auto task = asked.number<std::uint32_t>("task").value_or(0);
  if (task >= job.tasks) return reply(bad(404, "There is no such task."));
  const auto text = std::make_shared<std::string>();
  const auto look = [text, from = asked.number<std::uint64_t>("from").value_or(0),
                     name = "/" + asked.text("stream", "stdout") + ".log"](const std::string& folder) {
    if (!folder.empty()) *text = read_log(folder + name, from);
  };
  const auto answer = [text, reply] {
    ApiResponse response;
    response.type = "text/plain; charset=utf-8";
    response.body = std::move(*text);
    reply(std::move(response));
  };
  if (!context.service.look_into(TaskIndex{job.first + task}, look, answer))
    reply(bad(503, "The disk of its pool does not answer.", "Ask again when it does."));
}

void outputs_of(ApiContext& context, const ApiRequest& asked, const Reply& reply) {
  const JobNumber job = job_of(asked);
  const std::uint32_t tasks = context.service.broker().state().jobs[job].tasks;
  const auto from = asked.number<std::uint32_t>("from").value_or(0);
  const auto limit = asked.number<std::uint32_t>("limit").value_or(1000);
  Json list = Json::array();
  std::uint32_t k = from;
  for (; k < tasks && k - from < limit; ++k) {
    // What is not published has none, and what declares no outputs neither.
    std::ifstream file(manifest_of(context.service.store(), job.value, k));
    const Json manifest = file ? Json::parse(file, nullptr, false) : Json{};
    if (!manifest.is_object()) continue;
    for (Json one : manifest.at("outputs")) {
      one["task"] = k;
      list.push_back(std::move(one));
    }
  }
  Json json = {{"outputs", std::move(list)}};
  if (k < tasks) json["next"] = k;
  reply(good(json));
}

template <class F>
std::function<void(ApiContext&, const ApiRequest&, Reply)> tells(F event_of) {
  return [event_of](ApiContext& context, const ApiRequest& asked, Reply reply) {
    context.tell(asked, event_of(job_of(asked)), answer_with(std::move(reply)));
  };
}

Route changing(std::string_view path, std::string_view what,
               std::function<void(ApiContext&, const ApiRequest&, Reply)> handle) {
  return {.method = "POST",
          .path = path,
          .role = Role::submits,
          .reach = Reach::job,
          .what = what,
          .parameters = {},
          .answers = "Done",
          .handle = std::move(handle)};
}

Route showing(std::string_view path, std::string_view what, std::vector<Parameter> parameters,
              std::string_view answers, std::function<void(ApiContext&, const ApiRequest&, Reply)> handle) {
  return {.method = "GET",
          .path = path,
          .reach = Reach::job,
          .what = what,
          .parameters = std::move(parameters),
          .answers = answers,
          .handle = std::move(handle)};
}

}  // namespace

std::vector<Route> job_routes() {
  std::vector<Route> table;
  table.push_back({.method = "POST",
                   .path = "/v1/jobs",
                   .role = Role::submits,
                   .what = "Submits a job, or several; answered once they are durable.",
                   .parameters = {},
                   .takes = Takes::jobs,
                   .status = 201,
                   .answers = "Submitted",
                   .handle = submit_jobs});
  table.push_back({.method = "POST",
                   .path = "/v1/quotes",
                   .what = "What a job would cost; it is not submitted.",
                   .parameters = {},
                   .takes = Takes::job,
                   .answers = "Quote",
                   .handle = quote_job});
  Route list = showing("/v1/jobs", "The jobs, those that are over too, 1,000 at most.",
                       {{.name = "state",
                         .what = "those in it",
                         .choices = {"queued", "held", "running", "done", "failed", "cancelled"}},
                        {.name = "project", .what = "those of it", .choices = {}},
                        {.name = "after",
                         .what = "those after it; `next` of the page before",
                         .least = 0,
                         .most = kMostNumber,
                         .choices = {}},
                        {.name = "limit",
                         .what = "so many at most, if that is less",
                         .least = 1,
                         .most = kMostNumber,
                         .choices = {}}},
                       "Jobs", list_jobs);
  list.reach = Reach::theirs;
  table.push_back(std::move(list));
  const Parameter from{.name = "from",
                       .what = "of its tasks, from this one on",
                       .least = 0,
                       .most = kMostNumber,
                       .choices = {}};
  table.push_back(showing(
      "/v1/jobs/{job}", "A job, and 1,000 of its tasks at most.",
      {from, {.name = "tasks", .what = "so many of them", .least = 0, .most = kMostNumber, .choices = {}}},
      "Job", show_job));
  table.push_back(showing("/v1/jobs/{job}/why",
                          "Why it waits, or is where it is, and what else was to be had.", {}, "Why",
                          [](ApiContext& context, const ApiRequest& asked, const Reply& reply) {
                            reply(good(why_json(context.service, job_of(asked))));
                          }));
  table.push_back(showing(
      "/v1/jobs/{job}/log", "What a task has said, 4 MB at most.",
      {{.name = "task", .what = "which; the first is 0", .least = 0, .most = kMostNumber, .choices = {}},
       {.name = "stream", .what = "stdout, if it is not said", .choices = {"stdout", "stderr"}},
       {.name = "from", .what = "from this byte on", .least = 0, .most = kMostBytes, .choices = {}}},
      "text/plain", log_of));
  table.push_back(showing(
      "/v1/jobs/{job}/outputs", "The files that its tasks have left, as blobs.",
      {from, {.name = "limit", .what = "so many tasks at most", .least = 1, .most = 10'000, .choices = {}}},
      "Outputs", outputs_of));
  table.push_back(changing("/v1/jobs/{job}/cancel", "Cancels it.",
                           tells([](JobNumber job) { return event::Cancel{.client = 0, .job = job}; })));
  table.push_back(changing("/v1/jobs/{job}/hold", "Begins no more of its tasks.", tells([](JobNumber job) {
                             return event::Hold{.client = 0, .job = job, .held = true};
                           })));
  table.push_back(changing("/v1/jobs/{job}/release", "Begins them again.", tells([](JobNumber job) {
                             return event::Hold{.client = 0, .job = job, .held = false};
                           })));
  table.push_back(changing("/v1/jobs/{job}/retry", "Does again what failed or was cancelled.",
                           tells([](JobNumber job) { return event::Retry{.client = 0, .job = job}; })));
  return table;
}

}  // namespace hinterland
