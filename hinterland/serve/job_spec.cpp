#include "hinterland/serve/job_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "hinterland/base/file.hpp"
#include "hinterland/base/record.hpp"
#include "hinterland/base/section.hpp"
#include "hinterland/broker/check_fact.hpp"
#include "hinterland/policy/server_size.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostText = 4'000'000;  // bytes of a submission

}  // namespace

Fields<JobSpec> job_fields() {
  return {
      field("command", &JobSpec::command).documented("the program and its arguments"),
      field("name", &JobSpec::name).optional().documented("what it is called"),
      field("class", &JobSpec::work).optional().documented("of the broker's [work.NAME]; else the first"),
      field("project", &JobSpec::project)
          .optional()
          .documented("who pays, of its [projects.NAME]; else the first"),
      field("key", &JobSpec::key)
          .optional()
          .documented("the same key is the same submission, however often it comes"),
      field("folder", &JobSpec::folder)
          .optional()
          .documented("where the command runs; else in a folder of the attempt's own"),
      field("environment", &JobSpec::environment).optional().documented("variables, as NAME=value"),
      field("outputs", &JobSpec::outputs)
          .optional()
          .documented("files in the attempt's folder that are kept when it is done"),
      field("after", &JobSpec::after).within(0, 4e9).optional().documented("jobs that must be done before"),
      field("cores", &JobSpec::cores).within(1, 1e6).by_default("1").documented("of each task"),
      field("gpus", &JobSpec::gpus).within(0, 1e6).by_default("0").documented("of each task"),
      field("memory_gb", &JobSpec::memory_gb)
          .within(0, 1e6)
          .by_default("0")
          .documented("of each task; 0: its share of the server's"),
      field("tasks", &JobSpec::tasks).within(1, kMostTasks).by_default("1").documented("how many, all alike"),
      field("priority", &JobSpec::priority).within(0, 7).by_default("0").documented("7 is the highest"),
      field("held", &JobSpec::held).within(0, 1).by_default("0").documented("1: it waits until it is let go"),
      field("hours", &JobSpec::hours)
          .above(0, 876'000)
          .by_default("1")
          .documented("what a task may take; then it is ended"),
      field("may_wait_hours", &JobSpec::may_wait)
          .within(0, 8760)
          .by_default("0")
          .documented("how long a start may be put off for a better price"),
      field("deadline_hours", &JobSpec::deadline)
          .above(0, 876'000)
          .documented("from submission until all is done; else 24 h after what it takes and may wait"),
      field("in_gb", &JobSpec::in).within(0, 1e9).by_default("0").documented("moved in for each task"),
      field("out_gb", &JobSpec::out).within(0, 1e9).by_default("0").documented("moved back"),
      field("late_per_hour", &JobSpec::late)
          .within(0, 1e9)
          .by_default("10")
          .documented("money that policies fear for each hour past the deadline; never billed"),
  };
}

namespace {

Expected<JobSpec> read(TomlTable table) {
  JobSpec spec;
  Errors errors;
  const Location where = table.where;
  read_record(std::move(table), job_fields(), spec, errors);
  const auto complain = [&](const char* field, std::string what, std::string mend) {
    Location at = where;
    at.field = field;
    add_error(errors, {.what = std::move(what), .where = at, .mend = std::move(mend)});
  };
  if (errors.empty()) {
    if (spec.command.empty() || spec.command.front().empty())
      complain("command", "names no program", "Give the program and its arguments, one text each.");
    for (const auto& [name, value] :
         {std::pair{"cores", spec.cores}, {"tasks", spec.tasks}, {"priority", spec.priority}}) {
      if (value != std::floor(value))
        complain(name, fmt::format("{} is no whole number", value), "Give a whole number.");
    }
    for (const std::string& variable : spec.environment) {
      if (!variable.contains('=') || variable.front() == '=')
        complain("environment", in_quotes(variable) + " is no variable", "Write NAME=value.");
    }
    for (const std::string& output : spec.outputs) {
      const bool inside = !output.empty() && output.front() != '/' && output != ".." &&
                          !output.starts_with("../") && !output.contains("/../") && !output.ends_with("/..");
      if (!inside)
        complain("outputs", in_quotes(output) + " is not within the attempt's folder",
                 "Name files below it.");
    }
    for (const auto* const list : {&spec.command, &spec.environment, &spec.outputs}) {
      for (const std::string& text : *list) {
        if (text.contains('\0')) complain("command", "holds a NUL byte", "No program can be given one.");
      }
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return spec;
}

// The same tree as a TOML file's.
bool put(const Json& json, TomlEntry& entry) {
  if (json.is_boolean()) {
    entry.value = json.get<bool>() ? 1.0 : 0.0;
  } else if (json.is_number()) {
    entry.value = json.get<double>();
  } else if (json.is_string()) {
    entry.value = json.get<std::string>();
  } else if (json.is_array() && std::ranges::all_of(json, [](const Json& one) { return one.is_string(); })) {
    entry.value = json.get<std::vector<std::string>>();
  } else if (json.is_array() && std::ranges::all_of(json, [](const Json& one) { return one.is_number(); })) {
    entry.value = json.get<std::vector<double>>();
  } else {
    return false;
  }
  return true;
}

}  // namespace

Expected<JobSpec> parse_job_toml(std::string_view text, const std::string& file) {
  auto table = parse_toml(text, file);
  if (!table) return std::unexpected(table.error());
  table->where.file = file;
  return read(std::move(*table));
}

Expected<JobSpec> parse_job_json(std::string_view text, const std::string& where) {
  const auto fail = [&](std::string what) {
    return failure({.what = std::move(what),
                    .where = {.file = where},
                    .mend = "Give an object with `command`, as docs/broker.md says."});
  };
  if (text.size() > kMostText) return fail("is too large for a job");
  if (const auto sound = check_text(text, where); !sound) return std::unexpected(sound.error());
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return fail("is no JSON object");
  TomlTable table{.where = {.file = where}, .entries = {}};
  for (const auto& [key, value] : json.items()) {
    if (value.is_null()) continue;
    TomlEntry entry{.key = key, .where = {.file = where, .field = key}, .value = false};
    if (!put(value, entry)) return fail(in_quotes(key) + " is neither a number nor text nor a list of them");
    table.entries.push_back(std::move(entry));
  }
  return read(std::move(table));
}

std::string job_json(const JobSpec& spec) {
  Json out;
  const auto fields = job_fields();
  for (const auto& one : fields) {
    std::visit(
        [&](const auto& value) {
          if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::monostate>) out[one.name] = value;
        },
        one.get(spec));
  }
  return out.dump();
}

Expected<JobRequest> request_of(const JobSpec& spec, const ServedWorld& served, const State& state) {
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
    add_error(
        errors,
        {.what = "No pool runs its class any more.", .where = {.file = "job", .field = "class"}, .mend = ""});
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
  for (const double before : spec.after) job.after.emplace_back(static_cast<std::size_t>(before));
  job.what = Json{{"name", spec.name},
                  {"folder", spec.folder},
                  {"command", spec.command},
                  {"environment", spec.environment},
                  {"outputs", spec.outputs}}
                 .dump();
  return job;
}

Expected<Work> parse_work(std::string_view what) {
  const Json json = Json::parse(what, nullptr, false);
  const auto texts = [&](const char* name) { return json.at(name).get<std::vector<std::string>>(); };
  try {
    return Work{.name = json.at("name").get<std::string>(),
                .folder = json.at("folder").get<std::string>(),
                .command = texts("command"),
                .environment = texts("environment"),
                .outputs = texts("outputs")};
  } catch (const Json::exception&) {
    return failure({.what = "A job's text is not what this broker writes.", .where = {}, .mend = ""});
  }
}

Command command_of(const Work& work, const JobRequest& request, JobNumber job, std::uint32_t k) {
  Command command{.arguments = work.command,
                  .environment = work.environment,
                  .folder = work.folder,
                  .limit = request.request,
                  .memory_gb = request.size.memory_gb,
                  .outputs = work.outputs};
  command.environment.push_back(fmt::format("HINTERLAND_JOB={}", job.value));
  command.environment.push_back(fmt::format("HINTERLAND_TASK={}", k));
  command.environment.push_back(fmt::format("HINTERLAND_TASKS={}", request.tasks));
  return command;
}

}  // namespace hinterland
