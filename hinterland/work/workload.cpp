#include "hinterland/work/workload.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <limits>

#include "hinterland/base/file.hpp"

namespace hinterland {

Fields<Workload> workload_fields() {
  return {
      field("id", &Workload::id).optional().documented("short name; the file's name if not given"),
      field("name", &Workload::name).documented("English name"),
      field("name_zh", &Workload::name_zh).optional().documented("Chinese name"),
      field("description", &Workload::description).optional().documented("what it is, in a sentence"),
      field("server", &Workload::server).documented("server type of the atlas it runs on"),
      field("server_hours", &Workload::server_hours)
          .above(0, 1e12)
          .documented("the whole work; or give runtime_hours"),
      field("runtime_hours", &Workload::runtime)
          .above(0, 1e9)
          .documented("one task's run; or give server_hours"),
      field("tasks", &Workload::tasks).above(0, 1e12).by_default("1").documented("how many such tasks"),
      field("cores", &Workload::cores).within(0, 1e9).by_default("0").documented("cores one task occupies"),
      field("gpus", &Workload::gpus).within(0, 1e9).by_default("0").documented("GPUs one task occupies"),
      field("memory_gb", &Workload::memory_gb)
          .within(0, 1e9)
          .by_default("0")
          .documented("memory one task occupies"),
      choice("precision", &Workload::precision, {"fp64", "fp32", "fp16"})
          .by_default("fp32")
          .documented("precision it computes in"),
      field("data_in_gb", &Workload::data_in).within(0, 1e12).documented("bytes that go to where it runs"),
      field("data_out_gb", &Workload::data_out).within(0, 1e12).documented("bytes that come back"),
      field("data_at", &Workload::data_at)
          .by_default("home")
          .documented("where the data live: home, or a site"),
      field("latency_ms", &Workload::latency, kHoursPerMillisecond)
          .above(0, 1e6)
          .documented("one-way bound to the users; a class with one is a service"),
      field("deadline_hours", &Workload::deadline)
          .above(0, 1e7)
          .documented("hours until all must be done; a service's length"),
      field("ready_hour", &Workload::ready_hour)
          .within(0, 24)
          .documented("hour of the day, standard time, in which it is submitted; none: any"),
      field("deferrable_hours", &Workload::deferrable)
          .within(0, 1e7)
          .by_default("0")
          .documented("how long its start may wait"),
      field("residency", &Workload::residency)
          .optional()
          .documented("regions or hubs that may hold its data; empty: any"),
      field("requires", &Workload::certifications)
          .optional()
          .documented("certifications a site must have (mlps3, tpn ...)"),
      field("away_from_hazard_of", &Workload::away_from_hazard_of)
          .optional()
          .documented("home or sites it must not share a hazard with"),
      field("checkpoint_hours", &Workload::checkpoint)
          .above(0, 1e6)
          .documented("hours between checkpoints; none: a kill loses all"),
      field("licences", &Workload::licences).optional().documented("software licences it must find"),
  };
}

namespace {

std::string stem_of(const std::string& file) { return std::filesystem::path(file).stem().string(); }

// What one field alone cannot tell.
void check_whole(const Workload& workload, const Location& where, Errors& errors) {
  const auto complain = [&](std::string field, std::string what, std::string mend) {
    Location at = where;
    at.field = std::move(field);
    add_error(errors, {.what = std::move(what), .where = std::move(at), .mend = std::move(mend)});
  };
  if (workload.server_hours && workload.runtime) {
    complain("server_hours", "stands beside runtime_hours, and both say how much work it is",
             "Keep one of them.");
  }
  if (!workload.server_hours && !workload.runtime) {
    complain("server_hours", "is missing, and so is runtime_hours", "Give one of them.");
  }
}

}  // namespace

Expected<Workload> parse_workload(std::string_view toml, const std::string& file) {
  const auto table = parse_toml(toml, file);
  if (!table) return std::unexpected(table.error());
  const auto fields = workload_fields();
  const auto row = parse_record(*table, descriptions(fields));
  if (!row) return std::unexpected(row.error());
  Workload workload;
  workload.file = file;
  fill(workload, fields, *row);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!row->evidence[i].source.empty()) workload.evidence[fields[i].name] = row->evidence[i];
  }
  if (workload.id.empty()) workload.id.text = stem_of(file);
  Errors errors;
  check_whole(workload, {.file = file, .line = 1}, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return workload;
}

std::vector<std::string> preset_names(const std::string& presets) {
  std::vector<std::string> names;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(presets, code)) {
    if (entry.path().extension() == ".toml") names.push_back(entry.path().stem().string());
  }
  std::ranges::sort(names);
  return names;
}

Expected<Workload> load_workload(const std::string& name, const std::string& presets) {
  std::string file = name;
  if (!name.contains('/') && !name.ends_with(".toml")) {
    const auto names = preset_names(presets);
    if (std::ranges::find(names, name) == names.end()) {
      return failure(
          {.what = in_quotes(name) + " is no preset, file or trace",
           .where = {},
           .mend = did_you_mean(name, names,
                                fmt::format("Presets: {}. Or name a TOML file.", fmt::join(names, ", ")))});
    }
    file = presets + "/" + name + ".toml";
  }
  const auto text = read_text(file);
  if (!text) return std::unexpected(text.error());
  return parse_workload(*text, file);
}

Expected<void> set_workload_value(Workload& workload, const std::string& name, const std::string& value,
                                  const std::string& flag) {
  const auto fields = workload_fields();
  const auto found = std::ranges::find(fields, name, &Field::name);
  if (found == fields.end() || found == fields.begin()) {
    std::vector<std::string> names;
    for (const auto& one : fields) names.push_back(one.name);
    return failure({.what = in_quotes(name) + " is no field of a workload that can be set",
                    .where = {.file = flag},
                    .mend = did_you_mean(name, names)});
  }
  auto parsed = parse_cell(*found, value, {.file = flag});
  if (!parsed) return std::unexpected(parsed.error());
  if (std::holds_alternative<std::monostate>(*parsed)) {
    return failure(
        {.what = "the value is empty", .where = {.file = flag}, .mend = "Write a value behind the =."});
  }
  // One way of saying how much work it is replaces the other.
  if (name == "server_hours") workload.runtime.reset();
  if (name == "runtime_hours") workload.server_hours.reset();
  found->set(workload, *parsed);
  workload.evidence.erase(name);  // what was said of the old value does not hold of this one
  Errors errors;
  check_whole(workload, {.file = flag}, errors);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return {};
}

namespace {

constexpr std::string_view kWorkloads = "workloads.";

}  // namespace

bool is_workload_assignment(const std::string& assignment) { return assignment.starts_with(kWorkloads); }

Expected<void> set_workloads(std::span<Workload> classes, const std::vector<std::string>& assignments) {
  Errors errors;
  std::vector<std::string> ids;
  for (const Workload& one : classes) ids.push_back(one.id.text);
  for (const std::string& assignment : assignments) {
    if (!is_workload_assignment(assignment)) continue;
    const auto equals = std::min(assignment.find('='), assignment.size());
    const auto dot = std::max(assignment.rfind('.', equals), kWorkloads.size());
    const std::string id = assignment.substr(kWorkloads.size(), dot - kWorkloads.size());
    if (std::ranges::find(ids, id) == ids.end()) {
      const bool one = ids.size() == 1;
      add_error(errors, {.what = in_quotes(id) + (one ? " is not the workload that is asked"
                                                      : " is none of the classes that are asked"),
                         .where = at_flag("--set", assignment),
                         .mend = one ? fmt::format("Write workloads.{}.FIELD=VALUE.", ids.front())
                                     : did_you_mean(id, ids)});
      continue;
    }
    const std::string field =
        assignment.substr(std::min(dot + 1, equals), equals - std::min(dot + 1, equals));
    const std::string value = assignment.substr(std::min(equals + 1, assignment.size()));
    for (Workload& one : classes) {
      if (one.id.text != id) continue;
      const auto set = set_workload_value(one, field, value, at_flag("--set", assignment).file);
      if (!set) add_errors(errors, set.error());
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return {};
}

double servers_occupied(double cores, double gpus, double memory_gb, const ServerShape& server) {
  if (cores == 0 && gpus == 0 && memory_gb == 0) return 1;
  const double by_gpu = gpus == 0         ? 0
                        : server.gpus > 0 ? gpus / server.gpus
                                          : std::numeric_limits<double>::infinity();
  return std::max({cores / server.cores, by_gpu, memory_gb / server.memory_gb});
}

Hours server_hours(Hours runtime, double cores, double gpus, double memory_gb, const ServerShape& server) {
  return servers_occupied(cores, gpus, memory_gb, server) * runtime;
}

Hours server_hours(const Workload& workload, const ServerShape& server) {
  if (workload.server_hours) return *workload.server_hours;
  return workload.tasks *
         server_hours(*workload.runtime, workload.cores, workload.gpus, workload.memory_gb, server);
}

}  // namespace hinterland
