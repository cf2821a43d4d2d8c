// What an attempt leaves behind, put where everybody looks for it.
//
//   STORE/objects/HASH           the bytes of a file (objects.hpp)
//   STORE/results/JOB/TASK.json  {"attempt": 7, "outputs": [{"path": ..., "hash": ..., "bytes": ...}]}
//
// What has no outputs has no manifest. A result is whole or not there: its manifest is written last, and by one
// rename. Publishing the same attempt again changes nothing. Outputs are regular files below the attempt's `work`;
// neither `..` nor a link leads out of it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

// Fails, with what is wrong in a sentence, unless every output is there to be published.
Expected<void> check_outputs(const std::string& attempt_folder, const std::vector<std::string>& outputs);

struct ResultName {
  std::uint32_t job = 0, task = 0;
  std::uint64_t attempt = 0;
};

// Where a task's manifest is, if it has one.
std::string manifest_of(const std::string& store, std::uint32_t job, std::uint32_t task);

// Whether that is what this very attempt has left.
bool is_published(const std::string& store, const ResultName& name);

// Durable when it returns.
Expected<void> publish(const std::string& attempt_folder, const std::vector<std::string>& outputs,
                       const std::string& store, const ResultName& name);

}  // namespace hinterland
