// What a pool that is another broker keeps in an attempt's folder beside what every pool does (attempt_folder.hpp).
//
//   ask        the job that it is there, as JSON
//   asked/     made before it is submitted for the first time: whoever makes it has the attempt, and may submit it or give it
//              back unrun
//   job        its number there
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/executor/attempt_folder.hpp"
#include "hinterland/executor/remote_broker.hpp"

namespace hinterland {

// All of these are durable when they return. False: it cannot be written.
bool write_ask(const std::filesystem::path& folder, const std::string& job);
std::string read_ask(const std::filesystem::path& folder);  // empty: there is none
bool write_job(const std::filesystem::path& folder, std::uint32_t number);
std::optional<std::uint32_t> read_job(const std::filesystem::path& folder);
// False: somebody has it, or it cannot be had.
bool claim_attempt(const std::filesystem::path& folder);
bool is_claimed(const std::filesystem::path& folder);

// Puts the outputs into `work`, from the folder of objects where they came, in place of what is there. Fails, outside, where
// that cannot be written, and else for an object that is not there.
Expected<void> place_outputs(const std::filesystem::path& folder, const std::string& objects,
                             const std::vector<RemoteOutput>& outputs);

}  // namespace hinterland
