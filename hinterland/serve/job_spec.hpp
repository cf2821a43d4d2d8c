// A job as its user writes it: in a TOML file, or as JSON to the broker. job_fields() holds the names, units, ranges
// and defaults.
//
//   command = ["blender", "-b", "film.blend", "-f", "1"]
//   tasks = 240              # each is told which it is by HINTERLAND_TASK, from 0
//   cores = 2
//   hours = 0.5              # what one task may take
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/field.hpp"

namespace hinterland {

struct JobSpec {
  std::string name, work, project, key, folder;
  std::vector<std::string> command, environment, inputs, outputs;
  std::vector<double> after;
  double cores = 1, gpus = 0, memory_gb = 0, tasks = 1, priority = 0, held = 0;
  Hours hours, may_wait;
  std::optional<Hours> deadline;
  Gigabytes in, out;
  Money late;
};

Fields<JobSpec> job_fields();

// An input is NAME=FILE, or a FILE that is called the same there, an absolute one by its last part.
struct NamedInput {
  std::string name, file;
};
NamedInput named_input(const std::string& text);

// All problems are listed, located.
Expected<JobSpec> parse_job_toml(std::string_view text, const std::string& file);
Expected<JobSpec> parse_job_json(std::string_view text, const std::string& where);
std::string job_json(const JobSpec& spec);  // what parse_job_json() reads
// Of what is said in it, defaults left out: 53 bits, so that any reader of JSON keeps it whole. Never 0.
std::uint64_t digest_of(const JobSpec& spec);

}  // namespace hinterland
