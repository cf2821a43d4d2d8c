// From what a user asks for to what the broker is told, and from what it kept to what an executor is told.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/executor/executor.hpp"
#include "hinterland/serve/job_spec.hpp"
#include "hinterland/serve/served_world.hpp"

namespace hinterland {

// For the broker. Fails for a class or project that it does not know; without one, the first is meant.
// For inputs that are not in the store, too.
Expected<JobRequest> request_of(const JobSpec& spec, const ServedWorld& served, const State& state,
                                const std::string& store);

// Of the text that a JobRequest carries: what its executor needs. Fails for text that request_of() did not write.
struct Work {
  std::string name, folder;
  std::vector<std::string> command, environment, outputs;
  std::vector<Input> inputs;
};
Expected<Work> parse_work(std::string_view what);

// The command of one task, `k` from 0 of `tasks`.
Command command_of(const Work& work, const JobRequest& request, JobNumber job, std::uint32_t k);

}  // namespace hinterland
