// Workload classes: what a kind of work needs, brings along and forbids.
//
// A class is one TOML file. Its size is given either as `server_hours` (the whole of it), or as one task's
// `runtime_hours` with cores, GPUs and memory, times `tasks`; then
//
//   server-hours = tasks x runtime x max(cores / C, GPUs / G, memory / M)
//
// of the named server type with C cores, G GPUs and M memory.
// Data move once in and once out per class as a whole. A class with a latency bound is a service: its data
// move while it runs. Without one it is batch: its data are in before it starts and out before its deadline.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hinterland/base/record.hpp"

namespace hinterland {

struct Workload {
  std::string file;  // where it was read, for messages
  WorkloadId id;
  std::string name, name_zh, description;

  ServerId server;                    // server type of the atlas
  std::optional<Hours> server_hours;  // either this ...
  std::optional<Hours> runtime;       // ... or these, of one task
  double tasks = 1;
  double cores = 0, gpus = 0, memory_gb = 0;
  Precision precision = Precision::fp32;

  Gigabytes data_in, data_out;  // of the whole class
  std::string data_at;          // where the data live: "home", or a site

  std::optional<Hours> latency;  // one-way bound to the users
  Hours deadline;                // hours from now until all must be done; the length of service for a service
  std::optional<double> ready_hour;           // hour of the day in which it is submitted, 0 to 24; none: any
  Hours deferrable;                           // how long the start may wait, if the deadline leaves it
  std::vector<std::string> residency;         // regions or hubs that may hold the data; empty: any
  std::vector<Certification> certifications;  // `requires`: what a site must be certified for
  std::vector<std::string> away_from_hazard_of;  // "home" or sites with which it must not share a hazard

  std::optional<Hours> checkpoint;    // hours between checkpoints; none: a kill loses all
  std::vector<std::string> licences;  // software licences it must find

  std::map<std::string, Evidence> evidence;  // by field name, where the file gives it
  [[nodiscard]] bool is_service() const { return latency.has_value(); }
};

Fields<Workload> workload_fields();

// Where classes and trace models are looked for that are named without a path.
struct WorkFolders {
  std::string presets, models;
};

// Reads and checks one class. The id is the file's name without ".toml" unless the file gives one.
Expected<Workload> parse_workload(std::string_view toml, const std::string& file);

// `name` is a file (it has a '/' or ends in .toml) or a preset in `presets`.
Expected<Workload> load_workload(const std::string& name, const std::string& presets);

// The presets' names, sorted.
std::vector<std::string> preset_names(const std::string& presets);

// Applies "FIELD=VALUE" to a class, checked as its file would be.
Expected<void> set_workload_value(Workload& workload, const std::string& field, const std::string& value,
                                  const std::string& flag);

// "workloads.film-render.data_in_gb=5", of `--set`.
bool is_workload_assignment(const std::string& assignment);
// Carries out those assignments that are to workloads. Fails for a class that is not among `classes`.
Expected<void> set_workloads(std::span<Workload> classes, const std::vector<std::string>& assignments);

// The part of a server that one task occupies: max(cores / C, GPUs / G, memory / M); 1 if it names none of
// them. A GPU wanted of a server without GPUs gives +infinity: it never fits.
struct ServerShape {
  double cores = 1, gpus = 0, memory_gb = 1;
};
double servers_occupied(double cores, double gpus, double memory_gb, const ServerShape& server);

// The one place where work becomes server-hours.
Hours server_hours(Hours runtime, double cores, double gpus, double memory_gb, const ServerShape& server);
// Of a whole class.
Hours server_hours(const Workload& workload, const ServerShape& server);

}  // namespace hinterland
