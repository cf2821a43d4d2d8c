#include "hinterland/serve/job_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/policy/server_size.hpp"
#include "hinterland/report/figure.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

using Json = nlohmann::ordered_json;

namespace {

std::string size_text(const Size& size) {
  return counted(size.cores, "core") +
         (size.gpus > 0 ? fmt::format(", {} GPU", static_cast<double>(size.gpus) / kGpuParts) : "") +
         fmt::format(", {} GB", size.memory_gb);
}

Error too_large(const Size& size, const ServedWorld& served, const std::vector<Option>& options) {
  std::string pools;
  for (const Option& option : options) {
    const BrokerPool& pool = served.world.pools[option.pool];
    pools += fmt::format("{}{} ({})", pools.empty() ? "" : ", ", pool.name, size_text(pool.size));
  }
  return {.what = fmt::format("A task needs {}, and no pool that may run it is as large: {}.",
                              size_text(size), pools),
          .where = {.file = "job", .field = "cores"},
          .mend = "Ask for less, or run it as more tasks."};
}

}  // namespace

Expected<JobRequest> request_of(const JobSpec& spec, const ServedWorld& served, const State& state,
                                const std::string& store) {
  Errors errors;
  const auto find = [&](const auto& list, auto name_of, const std::string& wanted, const char* field) {
    std::vector<std::string> known;
    for (std::size_t k = 0; k < list.size(); ++k) {
      known.push_back(name_of(list[k]));
      if (wanted.empty() || known.back() == wanted) return k;
    }
    add_error(errors, {.what = fmt::format("There is no {} {}.", field, in_quotes(wanted)),
                       .where = {.file = "job", .field = field},
                       .mend = did_you_mean(wanted, known)});
    return std::size_t{0};
  };
  const std::size_t project =
      find(state.projects, [](const auto& one) { return one.name; }, spec.project, "project");
  const std::size_t places =
      find(served.world.places, [](const auto& one) { return one.name; }, spec.work, "class");
  if (errors.empty() && served.world.places[places].options.empty())
    add_error(errors, {.what = "No pool runs its class any more.",
                       .where = {.file = "job", .field = "class"},
                       .mend = "Name another."});
  if (!errors.empty()) return std::unexpected(std::move(errors));
  const PoolIndex home = served.world.places[places].options.front().pool;
  const Size& server = served.server[home];
  JobRequest job{.project = ProjectIndex{project}, .places = PlacesIndex{places}};
  const auto number = [](double value) { return static_cast<std::int64_t>(std::ceil(value)); };
  job.size = {.cores = number(spec.cores),
              .gpus = number(spec.gpus * kGpuParts),
              .memory_gb = number(spec.memory_gb)};
  if (job.size.memory_gb == 0)
    job.size.memory_gb = std::max<std::int64_t>(
        1, job.size.cores * server.memory_gb / std::max<std::int64_t>(1, server.cores));
  job.units = std::max<std::int64_t>(1, units_of(job.size, server, served.units_per_server[home]));
  job.request = std::max(Duration{1}, from_hours(spec.hours));
  job.may_wait = from_hours(spec.may_wait);
  job.deadline =
      spec.deadline ? from_hours(*spec.deadline) : Duration{job.request.ms + job.may_wait.ms + 24 * kHour.ms};
  job.late = kMillion * spec.late.value;
  job.gb_in = spec.in.value;
  job.gb_out = spec.out.value;
  job.priority = static_cast<std::uint8_t>(spec.priority);
  job.held = spec.held > 0;
  job.tasks = static_cast<std::uint32_t>(spec.tasks);
  for (const double before : spec.after) {
    if (before >= static_cast<double>(state.jobs.size()))
      return failure({.what = fmt::format("There is no job {:.0f}.", before),
                      .where = {.file = "job", .field = "after"},
                      .mend = "Name jobs that were submitted."});
    job.after.emplace_back(static_cast<std::size_t>(before));
  }
  Json inputs = Json::array();
  for (const std::string& input : spec.inputs) {
    const auto [name, hash] = named_input(input);
    if (!is_object_hash(hash) || !has_object(store + "/inputs", hash))
      return failure({.what = fmt::format("{} names nothing in the broker's store.", in_quotes(input)),
                      .where = {.file = "job", .field = "inputs"},
                      .mend = "`hinterland submit` puts files there, and then names them so."});
    inputs.push_back({{"path", name}, {"hash", hash}});
  }
  const auto& options = served.world.places[places].options;
  const auto fits = [&](const Option& option) {
    return job.size.fits_into(served.world.pools[option.pool].size);
  };
  if (std::ranges::none_of(options, fits)) return failure(too_large(job.size, served, options));
  job.what = Json{{"name", spec.name},       {"folder", spec.folder},
                  {"command", spec.command}, {"environment", spec.environment},
                  {"inputs", inputs},        {"outputs", spec.outputs}}
                 .dump();
  return job;
}

Expected<Work> parse_work(std::string_view what) {
  const Json json = Json::parse(what, nullptr, false);
  const auto texts = [&](const char* name) { return json.at(name).get<std::vector<std::string>>(); };
  try {
    Work work{.name = json.at("name").get<std::string>(),
              .folder = json.at("folder").get<std::string>(),
              .command = texts("command"),
              .environment = texts("environment"),
              .outputs = texts("outputs"),
              .inputs = {}};
    if (json.contains("inputs")) {  // brokers of old knew none
      for (const Json& input : json.at("inputs"))
        work.inputs.push_back({input.at("path").get<std::string>(), input.at("hash").get<std::string>()});
    }
    return work;
  } catch (const Json::exception&) {
    return failure({.what = "A job's text is not what this broker writes.", .where = {}, .mend = ""});
  }
}

Command command_of(const Work& work, const JobRequest& request, JobNumber job, std::uint32_t k) {
  Command command{.arguments = work.command,
                  .environment = work.environment,
                  .folder = work.folder,
                  .limit = request.request,
                  .size = request.size,
                  .inputs = work.inputs,
                  .outputs = work.outputs};
  // A command is looked up by it.
  if (std::ranges::none_of(work.environment, [](const std::string& one) { return one.starts_with("PATH="); }))
    command.environment.emplace_back("PATH=/usr/local/bin:/usr/bin:/bin");
  command.environment.push_back(fmt::format("HINTERLAND_JOB={}", job.value));
  command.environment.push_back(fmt::format("HINTERLAND_TASK={}", k));
  command.environment.push_back(fmt::format("HINTERLAND_TASKS={}", request.tasks));
  return command;
}

}  // namespace hinterland
