#include "hinterland/cli/render_desk.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "hinterland/cli/blobs.hpp"
#include "hinterland/cli/task_log.hpp"
#include "hinterland/serve/job_spec.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr int kOtherJob = 422;  // under the same key

Expected<std::string> job_text(const RenderSubmission& submission, const RenderOptions& options) {
  constexpr double bytes_per_gb = 1e9;
  JobSpec spec;
  spec.name = submission.name;
  spec.key = submission.key;
  spec.work = options.work;
  spec.project = options.project;
  spec.cores = static_cast<std::uint32_t>(submission.size.cores);
  spec.memory_gb = submission.size.memory_gb;
  spec.priority = options.priority;
  spec.tasks = static_cast<double>(submission.tasks);
  spec.hours = submission.terms.hours;
  spec.deadline = submission.terms.deadline;
  spec.command = submission.command;
  spec.outputs = submission.outputs;
  double bytes = 0;
  for (const RenderInput& input : submission.inputs) {
    spec.inputs.push_back(input.name + "=" + input.object.hash);
    bytes += static_cast<double>(input.object.bytes);
  }
  spec.in = Gigabytes{bytes / bytes_per_gb};
  try {
    return job_json(spec);
  } catch (const Json::exception&) {
    return failure({.what = "A name in it is not UTF-8.",
                    .where = {.file = options.scene.file},
                    .mend = "Rename the file, or bring it along by --input NAME=FILE."});
  }
}

}  // namespace

std::string RenderDesk::name_of(const BrokerPlace& broker) {
  return broker.is_remote() ? broker.place
                            : std::filesystem::absolute(broker.place).lexically_normal().string();
}

Expected<bool> RenderDesk::has(const std::string& hash) { return has_blob(options_.broker, hash); }

Expected<Object> RenderDesk::send(const std::string& file, Progress& progress) {
  if (!store_) {
    auto store = store_here(options_.broker);
    if (!store) return std::unexpected(store.error());
    store_ = std::move(*store);
  }
  return store_input(options_.broker, *store_, file, progress);
}

Expected<std::string> RenderDesk::read(const Object& object) { return read_blob(options_.broker, object); }

Expected<void> RenderDesk::fetch(const Object& object, const std::string& file, Progress& progress) {
  return fetch_blob(options_.broker, object, file, progress);
}

Expected<std::optional<std::uint32_t>> RenderDesk::submit(const RenderSubmission& submission) {
  const auto body = job_text(submission, options_);
  if (!body) return std::unexpected(body.error());
  const auto answer = ask_broker_for_bytes(options_.broker, {.method = "POST",
                                                             .path = "/v1/jobs",
                                                             .body = *body,
                                                             .headers = {},
                                                             .file = {},
                                                             .take = {},
                                                             .progress = {}});
  if (!answer) return std::unexpected(answer.error());
  if (answer->status == kOtherJob) return std::nullopt;
  const Json json = Json::parse(answer->body, nullptr, false);
  if (answer->status >= 300 || !json.is_object() || !json.contains("job"))
    return failure(error_in(options_.broker, {.status = answer->status, .body = answer->body}));
  return json.at("job").get<std::uint32_t>();
}

Expected<std::vector<FoundJob>> RenderDesk::jobs_ending_in(const std::string& mark) {
  std::vector<FoundJob> out;
  std::string after;
  while (true) {
    const auto page = ask_broker_json(options_.broker, "GET", "/v1/jobs?limit=1000" + after);
    if (!page) return std::unexpected(page.error());
    for (const Json& row : page->at("jobs")) {
      if (!row.at("name").get<std::string>().ends_with(mark)) continue;
      const auto job = row.at("id").get<std::uint32_t>();
      const auto shown = ask_broker_json(options_.broker, "GET", fmt::format("/v1/jobs/{}?tasks=0", job));
      if (!shown) return std::unexpected(shown.error());
      out.push_back({.job = job, .command = shown->at("command").get<std::vector<std::string>>()});
    }
    if (!page->contains("next")) return out;
    after = fmt::format("&after={}", page->at("next").get<std::uint64_t>());
  }
}

Expected<JobProgress> RenderDesk::look(std::uint32_t job) {
  const auto row = ask_broker_json(options_.broker, "GET", fmt::format("/v1/jobs/{}?tasks=0", job));
  if (!row) return std::unexpected(row.error());
  const auto state = row->at("state").get<std::string>();
  return JobProgress{.is_over = is_over(state),
                     .is_cancelled = state == "cancelled",
                     .is_held = state == "held",
                     .tasks = row->at("tasks").get<std::uint64_t>(),
                     .done = row->at("done").get<std::uint64_t>(),
                     .cost = row->at("cost").get<double>() + row->at("running_cost").get<double>(),
                     .currency = row->at("currency").get<std::string>()};
}

Expected<std::vector<TaskRow>> RenderDesk::tasks(std::uint32_t job, std::uint32_t from) {
  const auto page = ask_broker_json(options_.broker, "GET", fmt::format("/v1/jobs/{}?from={}", job, from));
  if (!page) return std::unexpected(page.error());
  std::vector<TaskRow> out;
  for (const Json& task : page->at("of_tasks"))
    out.push_back({.task = task.at("task").get<std::uint32_t>(),
                   .is_done = task.at("phase") == "done",
                   .site = task.at("site").get<std::string>(),
                   .attempt = task.at("attempt").get<std::uint64_t>()});
  return out;
}

Expected<std::vector<RenderInput>> RenderDesk::outputs(const TaskPlace& place) {
  const auto page = ask_broker_json(
      options_.broker, "GET", fmt::format("/v1/jobs/{}/outputs?from={}&limit=1", place.job, place.task));
  if (!page) return std::unexpected(page.error());
  std::vector<RenderInput> out;
  for (const Json& one : page->at("outputs")) {
    if (one.at("task") != place.task) continue;
    out.push_back({.name = one.at("path").get<std::string>(),
                   .object = {.hash = one.at("hash").get<std::string>(),
                              .bytes = one.at("bytes").get<std::uint64_t>()}});
  }
  return out;
}

Expected<bool> RenderDesk::hold(std::uint32_t job) {
  const auto answer = ask_broker_for_bytes(
      options_.broker, {.method = "POST",
                        .path = fmt::format("/v1/jobs/{}/hold", job),
                        .body = {},
                        .headers = {},
                        .file = {},
                        .take = {},
                        .progress = [](std::uint64_t) { return true; }});  // after Ctrl-C too
  if (!answer) return std::unexpected(answer.error());
  if (answer->status >= 300 && answer->status != kConflict)
    return failure(error_in(options_.broker, {.status = answer->status, .body = answer->body}));
  return answer->status != kConflict;
}

}  // namespace hinterland
