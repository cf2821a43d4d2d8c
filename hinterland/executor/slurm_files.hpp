// What a Slurm pool keeps in an attempt's folder beside what every pool does (attempt_folder.hpp).
//
//   begin      the script that Slurm starts: the runner with the command and its environment
//   begun      a folder that the script makes before anything else; if it is there already the script ends: a controller that
//              went back in time might begin a job on a second node
//   begin.log  what that script said
//   let-go     the number and submission time of the job that was let go
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "hinterland/executor/attempt_folder.hpp"
#include "hinterland/executor/slurm_cluster.hpp"

namespace hinterland {

// False: it cannot be written.
bool write_begin(const std::filesystem::path& folder, const RunnerRules& runner, const Command& command);

// The script of the job of an attempt, or of the array of those from `first` on.
std::string batch_script(const std::string& pool_folder, AttemptId first);

// The job that is an attempt's: Slurm gives a number again.
struct SlurmIdentity {
  std::string number, submitted;
  bool operator==(const SlurmIdentity&) const = default;
};
inline SlurmIdentity identity_of(const SlurmJob& job) {
  return {.number = job.number, .submitted = job.submitted};
}

// Durable when it returns. False: it cannot be written.
bool write_let_go(const std::filesystem::path& folder, const SlurmIdentity& job);
std::optional<SlurmIdentity> read_let_go(const std::filesystem::path& folder);

// Puts the runner into the pool's folder, in place of an earlier one, which runs on where it runs. Its path; fails, located.
Expected<std::string> bring_runner(const std::string& pool_folder, const std::string& program);

}  // namespace hinterland
