#include "hinterland/journal/live_copy.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

namespace hinterland {

namespace {

constexpr int kTries = 20;
constexpr std::size_t kHead = 32;  // bytes of a log's head: its salts are in it

using Head = std::array<char, kHead>;

// Of a log that is not there, or empty: nothing.
Head head_of(const std::string& log) {
  Head head{};
  std::ifstream file(log, std::ios::binary);
  file.read(head.data(), head.size());
  return head;
}

std::unexpected<Errors> failed(const std::string& file, const std::error_code& code) {
  return failure({.what = fmt::format("It cannot be copied: {}.", code.message()),
                  .where = {.file = file},
                  .mend = "Stop its broker, or export it.",
                  .outside = true});
}

}  // namespace

LiveCopy::LiveCopy(LiveCopy&& other) noexcept : folder_(std::exchange(other.folder_, {})) {}

LiveCopy::~LiveCopy() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

std::string LiveCopy::file() const { return folder_ + "/journal.db"; }

Expected<LiveCopy> LiveCopy::take(const std::string& file) {
  std::error_code code;
  std::string folder = (std::filesystem::temp_directory_path(code) / "hinterland-journal-XXXXXX").string();
  if (code || mkdtemp(folder.data()) == nullptr)
    return failed(file, code ? code : std::error_code(errno, std::generic_category()));
  LiveCopy copy(std::move(folder));
  const std::string log = file + "-wal", to = copy.file();
  const auto overwrite = std::filesystem::copy_options::overwrite_existing;
  for (int tried = 0; tried < kTries; ++tried) {
    const Head before = head_of(log);
    std::filesystem::copy_file(file, to, overwrite, code);
    if (code) return failed(file, code);
    std::filesystem::copy_file(log, to + "-wal", overwrite, code);
    const bool none = code == std::errc::no_such_file_or_directory;
    if (code && !none) return failed(log, code);
    if (none) std::filesystem::remove(to + "-wal", code);
    if (head_of(log) == before) return copy;
  }
  return failure({.what = "It changes faster than it can be copied.",
                  .where = {.file = file},
                  .mend = "Stop its broker, or try again when less is going on."});
}

}  // namespace hinterland
