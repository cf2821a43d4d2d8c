// What is being moved, as it is listed: of a task, of a job and of a pool.
#pragma once
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "hinterland/serve/service.hpp"

namespace hinterland {

// Its attempt has not begun, for its inputs are still on their way.
bool is_staging(const State& state, TaskIndex task);

// Tasks of a job that are; what they read weighs, and how much of it is there: once in each pool, however many read it.
struct JobStaging {
  std::int64_t tasks = 0;
  std::uint64_t needed = 0, here = 0;
};
std::map<JobNumber, JobStaging> staging_of_jobs(const Service& service);
nlohmann::ordered_json staging_json(const JobStaging& job);

// Requires is_staging().
nlohmann::ordered_json staging_json(const Service& service, TaskIndex task);
std::string staging_words(const Service& service, TaskIndex task);

nlohmann::ordered_json path_json(const PathNow& path);

}  // namespace hinterland
