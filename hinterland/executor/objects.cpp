#include "hinterland/executor/objects.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sodium.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "hinterland/executor/files.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBuffer = 1 << 20;
constexpr std::array<timespec, 2> kUntouched{};  // 1970

std::unexpected<Errors> cannot(const char* what, const std::string& file) {
  return failure({.what = fmt::format("{}: {}.", what, std::strerror(errno)),
                  .where = {.file = file},
                  .mend = "",
                  .outside = true});
}

// Calls `sink` with all that is read, and names it.
template <class Sink>
Expected<Object> read_all(int from, const std::string& name, const Sink& sink) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, crypto_generichash_BYTES);
  std::vector<char> buffer(kBuffer);
  Object object;
  while (true) {
    const ssize_t size = ::read(from, buffer.data(), buffer.size());
    if (size < 0) return cannot("It cannot be read", name);
    if (size == 0) break;
    const auto bytes = static_cast<std::size_t>(size);
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(buffer.data()), bytes);
    if (!sink(buffer.data(), bytes)) return cannot("It cannot be kept", name);
    object.bytes += bytes;
  }
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  crypto_generichash_final(&state, hash.data(), hash.size());
  for (const unsigned char byte : hash) object.hash += fmt::format("{:02x}", byte);
  return object;
}
Expected<Object> name_all(int from, const std::string& name) {
  return read_all(from, name, [](const char*, std::size_t) { return true; });
}

bool is_untouched(const struct stat& about) {
  return about.st_mtim.tv_sec == 0 && about.st_mtim.tv_nsec == 0;
}

}  // namespace

bool is_object_hash(std::string_view text) {
  return text.size() == 2 * crypto_generichash_BYTES &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::string object_path(const std::string& store, const std::string& hash) {
  return store + "/objects/" + hash;
}

Expected<Object> put_object(const std::string& store, int from, const std::string& caller) {
  const std::string partial = object_path(store, caller + ".partial");
  ::unlink(partial.c_str());  // of an earlier life of the caller's: read-only, so it cannot be written again
  const Handle to(::open(partial.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0444));
  if (!to.is_open()) return cannot("An object cannot be kept", partial);
  const auto object = read_all(
      from, partial, [&](const char* bytes, std::size_t size) { return write_all(to.get(), bytes, size); });
  if (!object) return object;
  const std::string place = object_path(store, object->hash);
  std::error_code ignored;
  if (fs::exists(place, ignored)) {
    fs::remove(partial, ignored);
    return object;
  }
  if (futimens(to.get(), kUntouched.data()) != 0 || fsync(to.get()) != 0 ||
      ::rename(partial.c_str(), place.c_str()) != 0)
    return cannot("An object cannot be kept", place);
  return object;
}

Expected<Object> put_file(const std::string& store, const std::string& file) {
  const Handle from(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about{};
  if (!from.is_open() || fstat(from.get(), &about) != 0)
    return failure({.what = fmt::format("It cannot be read: {}.", std::strerror(errno)),
                    .where = {.file = file},
                    .mend = "Name a file that is there."});
  if (!S_ISREG(about.st_mode))
    return failure({.what = "It is no file.", .where = {.file = file}, .mend = "Name each file by itself."});
  std::error_code trouble;
  fs::create_directories(store + "/objects", trouble);
  if (trouble) return cannot("The store cannot be written", store);
  const auto named = name_all(from.get(), file);
  if (!named) return named;
  if (fs::exists(object_path(store, named->hash), trouble)) return named;
  if (lseek(from.get(), 0, SEEK_SET) != 0) return cannot("It cannot be read again", file);
  const auto object = put_object(store, from.get(), std::to_string(getpid()));
  if (object && !sync_path(store + "/objects")) return cannot("The store cannot be written", store);
  return object;
}

Expected<void> place_object(const std::string& store, const std::string& hash, const std::string& folder,
                            const std::string& path) {
  const std::string object = object_path(store, hash);
  const fs::path place = fs::path(folder) / path;
  const auto gone = [&](const char* how) {
    return failure({.what = fmt::format("Input {} {}.", path, how),
                    .where = {.file = object},
                    .mend = "Submit it again."});
  };
  const Handle from(::open(object.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about{};
  if (!from.is_open() || fstat(from.get(), &about) != 0) return gone("is not in the store");
  if (!is_untouched(about)) {
    const auto named = name_all(from.get(), object);
    if (!named) return std::unexpected(named.error());
    if (named->hash != hash) {
      ::unlink(object.c_str());
      return gone("was written into by a task that shared it");
    }
    futimens(from.get(), kUntouched.data());
  }
  std::error_code trouble;
  fs::create_directories(place.parent_path(), trouble);
  {
    const Handle to(::open(place.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0644));
    if (!to.is_open()) return cannot("An input cannot be placed", place.string());
    if (ioctl(to.get(), FICLONE, from.get()) == 0) return {};
  }
  ::unlink(place.c_str());
  if (::link(object.c_str(), place.c_str()) == 0) return {};
  // Another file system, or one that has as many links as a file can have.
  fs::copy_file(object, place, trouble);
  if (trouble) return cannot("An input cannot be placed", place.string());
  return {};
}

}  // namespace hinterland
