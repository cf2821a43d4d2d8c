#include "hinterland/render/keep_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "hinterland/staging/files.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

// False: errno says why not, EEXIST if something is there. Where the file system knows no rename that replaces nothing, a second
// name does the same: it too is given only where none is.
bool move_to_free(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  return ::link(from.c_str(), to.c_str()) == 0 && ::unlink(from.c_str()) == 0;
}

}  // namespace

Expected<Kept> keep_file(const std::string& from, const std::string& to) {
  const auto cannot = [&](int cause) {
    return failure({.what = fmt::format("It cannot be written: {}.", std::strerror(cause)),
                    .where = {.file = to},
                    .mend = "",
                    .outside = true});
  };
  if (!sync_path(from)) return cannot(errno);
  const fs::path folder = fs::path(to).parent_path().empty() ? "." : fs::path(to).parent_path();
  if (move_to_free(from, to)) {
    if (!sync_path(folder.string())) return cannot(errno);
    return Kept::put;
  }
  if (errno != EEXIST) return cannot(errno);
  const auto there = name_file(to), here = name_file(from);
  if (!here) return std::unexpected(here.error());
  if (!there || there->hash != here->hash) return Kept::other;
  if (::unlink(from.c_str()) != 0) return cannot(errno);
  return Kept::same;
}

}  // namespace hinterland
