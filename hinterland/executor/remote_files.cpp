#include "hinterland/executor/remote_files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include "hinterland/staging/files.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace fs = std::filesystem;

// For its user alone: the command's variables are in it.
bool write_ask(const fs::path& folder, const std::string& job) {
  return write_durably(folder / "ask", job, 0600);
}
std::string read_ask(const fs::path& folder) {
  std::ifstream file(folder / "ask", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool write_job(const fs::path& folder, std::uint32_t number) {
  return write_durably(folder / "job", fmt::format("{}\n", number));
}
std::optional<std::uint32_t> read_job(const fs::path& folder) {
  std::ifstream file(folder / "job");
  std::uint32_t number = 0;
  return file >> number ? std::optional(number) : std::nullopt;
}

bool claim_attempt(const fs::path& folder) {
  std::error_code ignored;
  return fs::create_directory(folder / "asked", ignored) && sync_path(folder.string());
}
bool is_claimed(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder / "asked", ignored);
}

// Durable before their attempt is said to be done: they are published from here.
Expected<void> place_outputs(const fs::path& folder, const std::string& objects,
                             const std::vector<RemoteOutput>& outputs) {
  const fs::path work = folder / "work";
  std::error_code trouble;
  for (const RemoteOutput& output : outputs) {
    const fs::path place = work / output.path;
    fs::remove(place, trouble);
    if (auto placed = place_object(objects, output.hash, work.string(), output.path); !placed) return placed;
    bool durable = sync_path(place.string());
    for (fs::path up = place.parent_path(); durable && up != folder; up = up.parent_path())
      durable = sync_path(up.string());
    if (!durable)
      return failure({.what = fmt::format("An output cannot be written: {}.", std::strerror(errno)),
                      .where = {.file = place.string()},
                      .mend = "",
                      .outside = true});
  }
  return {};
}

}  // namespace hinterland
