#include "hinterland/serve/job_spec.hpp"

#include <fmt/format.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "hinterland/base/record.hpp"
#include "hinterland/base/section.hpp"
#include "hinterland/broker/check_fact.hpp"
#include "hinterland/net/json_text.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostText = 4'000'000;  // bytes of a submission
constexpr std::size_t kMostName = 200;        // bytes
constexpr std::size_t kMostFields = 200;
constexpr std::size_t kMostPath = 4095, kMostPart = 255;  // bytes, of Linux's

// What is wrong with the name of an input or output, as the end of a sentence; null: nothing.
const char* wrong_with_path(std::string_view path) {
  if (path.empty() || path.front() == '/') return "is not within the attempt's folder";
  if (path.size() > kMostPath) return "is longer than a path can be";
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part == "..") return "is not within the attempt's folder";
    if (part.empty() || part == ".") return "is no plain name of a file";
    if (part.size() > kMostPart) return "has a part that is longer than a name can be";
    at = end + 1;
  }
  return nullptr;
}

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
      field("inputs", &JobSpec::inputs)
          .optional()
          .documented(
              "files that lie there when it begins, as NAME, or NAME=FILE; to the broker, as NAME=HASH"),
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

NamedInput named_input(const std::string& text) {
  const std::size_t split = text.find('=');
  if (split != std::string::npos) return {.name = text.substr(0, split), .file = text.substr(split + 1)};
  return {.name = text.starts_with('/') ? text.substr(text.rfind('/') + 1) : text, .file = text};
}

namespace {

// What the fields alone do not tell of a job.
class Check {
 public:
  Check(const JobSpec& spec, Location where, Errors& errors)
      : spec_(spec), where_(std::move(where)), errors_(errors) {}

  void all() const {
    if (spec_.command.empty() || spec_.command.front().empty())
      complain("command", "names no program", "Give the program and its arguments, one text each.");
    numbers();
    name();
    environment();
    outputs();
    inputs();
    nul_bytes();
  }

 private:
  void complain(const char* field, std::string what, std::string mend) const {
    Location at = where_;
    at.field = field;
    add_error(errors_, {.what = std::move(what), .where = at, .mend = std::move(mend)});
  }
  static std::string start_of(const std::string& text) { return in_quotes(text.substr(0, kMostName)); }

  void numbers() const {
    for (const auto& [name, value] : {std::pair{"cores", spec_.cores},
                                      {"tasks", spec_.tasks},
                                      {"priority", spec_.priority},
                                      {"held", spec_.held}}) {
      if (value != std::floor(value))
        complain(name, fmt::format("{} is no whole number", value), "Give a whole number.");
    }
    if (spec_.after.size() > kMostAfter)
      complain("after", fmt::format("names {} jobs", spec_.after.size()),
               fmt::format("Name {} at most, and let one of them come after the others.", kMostAfter));
    for (const double job : spec_.after) {
      if (job != std::floor(job))
        complain("after", fmt::format("{} is no job's number", job), "Give whole numbers.");
    }
  }

  void name() const {
    if (spec_.name.size() > kMostName)
      complain("name", fmt::format("is of {} bytes", spec_.name.size()),
               fmt::format("Give {} at most.", kMostName));
    if (std::ranges::any_of(spec_.name, [](unsigned char c) { return c < ' ' || c == 0x7F; }))
      complain("name", "holds a line's end or another control character", "Give it on one line.");
  }

  void environment() const {
    constexpr std::array brokers = {"HINTERLAND_JOB", "HINTERLAND_TASK", "HINTERLAND_TASKS",
                                    "HINTERLAND_ATTEMPT"};
    for (const std::string& variable : spec_.environment) {
      const std::string name = variable.substr(0, variable.find('='));
      if (!variable.contains('=') || name.empty())
        complain("environment", start_of(variable) + " is no variable", "Write NAME=value.");
      if (std::ranges::find(brokers, name) != brokers.end())
        complain("environment", name + " is for the broker to say", "Name it otherwise.");
    }
  }

  void outputs() const {
    for (const std::string& output : spec_.outputs) {
      if (const char* const wrong = wrong_with_path(output))
        complain("outputs", fmt::format("{} {}", start_of(output), wrong), "Name files below it.");
    }
  }

  void inputs() const {
    std::set<std::string> places;
    for (const std::string& input : spec_.inputs) {
      const std::string place = named_input(input).name;
      if (const char* const wrong = wrong_with_path(place))
        complain("inputs", fmt::format("{} {}", start_of(place), wrong),
                 "Say where below it with NAME=FILE.");
      if (!places.insert(place).second)
        complain("inputs", in_quotes(place) + " is there twice", "Name each once.");
    }
    for (const std::string& place : places) {
      const auto below = places.lower_bound(place + "/");
      if (below != places.end() && below->starts_with(place + "/"))
        complain("inputs",
                 fmt::format("{} is a file, and {} lies in it", in_quotes(place), in_quotes(*below)),
                 "Name them apart.");
    }
    if (!spec_.inputs.empty() && !spec_.folder.empty())
      complain("inputs", "go into the attempt's own folder, and it runs in another", "Leave out `folder`.");
  }

  void nul_bytes() const {
    const auto look = [&](const char* field, const std::string& text) {
      if (text.contains('\0')) complain(field, "holds a NUL byte", "No program can be given one.");
    };
    look("folder", spec_.folder);
    for (const auto& [field, list] : {std::pair{"command", &spec_.command},
                                      {"environment", &spec_.environment},
                                      {"inputs", &spec_.inputs},
                                      {"outputs", &spec_.outputs}}) {
      for (const std::string& text : *list) look(field, text);
    }
  }

  const JobSpec& spec_;
  Location where_;
  Errors& errors_;
};

Expected<JobSpec> read(TomlTable table) {
  JobSpec spec;
  for (TomlEntry& entry : table.entries) {
    const bool* const held = entry.key == "held" ? std::get_if<bool>(&entry.value) : nullptr;
    if (held != nullptr) entry.value = *held ? 1.0 : 0.0;
  }
  Errors errors;
  const Location where = table.where;
  read_record(std::move(table), job_fields(), spec, errors);
  if (errors.empty()) Check(spec, where, errors).all();
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return spec;
}

// The same tree as a TOML file's.
bool put(const nlohmann::json& json, TomlEntry& entry) {
  if (json.is_boolean()) {
    entry.value = json.get<bool>();
  } else if (json.is_number()) {
    entry.value = json.get<double>();
  } else if (json.is_string()) {
    entry.value = json.get<std::string>();
  } else if (json.is_array() && std::ranges::all_of(json, [](const auto& one) { return one.is_string(); })) {
    entry.value = json.get<std::vector<std::string>>();
  } else if (json.is_array() && std::ranges::all_of(json, [](const auto& one) { return one.is_number(); })) {
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
  const auto json = parse_sent(text, kMostText, where);
  if (!json) return std::unexpected(json.error());
  if (!json->is_object()) return fail("is no JSON object");
  if (json->size() > kMostFields)  // each that is not known would be looked for among those that are
    return fail(fmt::format("has {} fields, and a job has {}", json->size(), job_fields().size()));
  TomlTable table{.where = {.file = where}, .entries = {}};
  for (const auto& [key, value] : json->items()) {
    if (value.is_null()) continue;
    TomlEntry entry{.key = key, .where = {.file = where, .field = key}, .value = false};
    if (!put(value, entry)) return fail(in_quotes(key) + " is neither a number nor text nor a list of them");
    table.entries.push_back(std::move(entry));
  }
  return read(std::move(table));
}

std::uint64_t digest_of(const JobSpec& spec) {
  Json said = Json::parse(job_json(spec));
  const Json silent = Json::parse(job_json(JobSpec{}));
  for (const auto& [field, value] : silent.items()) {
    if (said[field] == value) said.erase(field);
  }
  const std::string text = said.dump();
  constexpr int beyond = 11;
  return (XXH3_64bits(text.data(), text.size()) >> beyond) | 1U;
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

}  // namespace hinterland
