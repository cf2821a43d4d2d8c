// An attempt's folder, and what its runner leaves there (runner/main.cpp).
//
//   POOL/ATTEMPT/         one each, from its launch until the broker has said Forget; then POOL/over/ATTEMPT (over_folder.hpp)
//     work/               what the command writes, and its inputs
//     outputs             the names of what it shall leave in `work`, each up to a NUL byte
//     stdout.log, stderr.log, ended, lock     the runner's
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/executor/executor.hpp"
#include "hinterland/executor/outputs.hpp"

namespace hinterland {

// How attempts of a pool are run.
struct RunnerRules {
  std::string program;
  Duration grace{5000};                 // between SIGTERM and SIGKILL
  std::int64_t output_bytes = 1 << 26;  // of each kept log
  std::uint64_t descriptors = 1024;     // that a process of an attempt may have open, unless it asks for more
};
// The runner's words, of which the last are the command's.
std::vector<std::string> runner_words(const RunnerRules& rules, const std::filesystem::path& folder,
                                      const Command& command);

// "HINTERLAND_ATTEMPT=FOLDER": in the environment of all that belongs to the attempt.
std::string mark_of(const std::filesystem::path& folder);

// Its inputs, from the folder of objects where they are. The cause if that cannot be; stderr.log says why.
std::optional<Cause> place_inputs(const std::filesystem::path& folder, const std::string& objects,
                                  const Command& command);
// False: they cannot be.
bool write_outputs(const std::filesystem::path& folder, const std::vector<std::string>& outputs);
std::vector<std::string> read_outputs(const std::filesystem::path& folder);
// As its stderr.log has it, after what it said itself.
void say_in(const std::filesystem::path& folder, const std::string& words);

struct EndFile {
  Cause cause = Cause::host_failed;
  int status = 0;
  Duration ran;
};
// Of one that was not run, or of which nobody knows how long.
constexpr EndFile unrun(Cause cause) { return {.cause = cause, .status = 0, .ran = {}}; }
// What the runner says of the attempt's end; nullopt: nothing yet. It is not done without the outputs it promised.
std::optional<EndFile> read_end(const std::filesystem::path& folder);
// The same, for one that has no runner here. Durable when it returns. False: it cannot be written.
bool write_end(const std::filesystem::path& folder, const EndFile& end);

// Makes the folder of a pool whose attempts no lease ends, and its path absolute: POOL/lease is never over. Fails, located, where
// it cannot be written, where attempts ran before (not `is_new`) and it is not there: they would be taken for none, and where POOL/journal
// names another journal than this one, whose attempts bear the same numbers.
Expected<void> keep_pool_folder(std::string& pool_folder, const std::string& journal, bool is_new);
// The attempts of a pool that are not forgotten. Fails, located, if one, here or under over/, comes after `last`, which
// is all that the journal knows of.
Expected<std::vector<AttemptId>> attempts_in(const std::string& pool_folder, AttemptId last);
// Those under over/, the oldest first.
std::vector<AttemptId> attempts_over(const std::string& pool_folder);
// Where it is now; empty: not here.
std::string find_attempt(const std::string& pool_folder, AttemptId attempt);
// Under over/.
void put_away(const std::string& pool_folder, AttemptId attempt);

// Puts the outputs of an attempt that has ended well in their place (outputs.hpp), from any thread, whatever has
// become of its pool since. One that was published may have lost its work meanwhile: it stays published.
Expected<void> publish_attempt(const std::string& pool_folder, const std::string& store,
                               const ResultName& name);

}  // namespace hinterland
