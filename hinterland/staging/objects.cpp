#include "hinterland/staging/objects.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
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

#include "hinterland/staging/files.hpp"
#include "hinterland/staging/object_hash.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBuffer = 1 << 20;
constexpr std::array<timespec, 2> kUntouched{};  // 1970

std::unexpected<Errors> cannot(const char* what, const std::string& file, int error = errno) {
  return failure({.what = fmt::format("{}: {}.", what, std::strerror(error)),
                  .where = {.file = file},
                  .mend = "",
                  .outside = error != ENOTDIR && error != ENAMETOOLONG && error != EEXIST});
}

constexpr const char* kPartial = "partial.";

// A file of its own beside the objects, gone at the end unless it was renamed.
class Partial {
 public:
  explicit Partial(const std::string& folder)
      : name_(folder + "/" + kPartial + "XXXXXX"), file_(mkostemp(name_.data(), O_CLOEXEC)) {}
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;
  ~Partial() {
    if (file_.is_open() && !kept_) ::unlink(name_.c_str());
  }
  [[nodiscard]] int file() const { return file_.get(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  bool keep(const std::string& place) { return kept_ = ::rename(name_.c_str(), place.c_str()) == 0; }

 private:
  std::string name_;
  Handle file_;
  bool kept_ = false;
};

// Calls `sink` with all that is read, and names it.
template <class Sink>
Expected<Object> read_all(int from, const std::string& name, const Sink& sink) {
  ObjectHash hash;
  std::vector<char> buffer(kBuffer);
  Object object;
  while (true) {
    const ssize_t size = ::read(from, buffer.data(), buffer.size());
    if (size < 0) return cannot("It cannot be read", name);
    if (size == 0) break;
    const auto bytes = static_cast<std::size_t>(size);
    hash.add(buffer.data(), bytes);
    if (!sink(buffer.data(), bytes)) return cannot("It cannot be kept", name);
    object.bytes += bytes;
  }
  object.hash = hash.name();
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
  return text.size() == std::size_t{2} * crypto_generichash_BYTES &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool has_object(const std::string& folder, const std::string& hash) {
  struct stat about{};
  return ::stat((folder + "/" + hash).c_str(), &about) == 0 && is_untouched(about);
}

// By when the file's state changed, for a sealed one says 1970.
void forget_partial_objects(const std::string& folder, std::int64_t before_s) {
  std::error_code trouble;
  for (const auto& entry : fs::directory_iterator(folder, trouble)) {
    struct stat about{};
    if (!entry.path().filename().string().starts_with(kPartial)) continue;
    if (::lstat(entry.path().c_str(), &about) != 0) continue;
    if (about.st_ctim.tv_sec <= before_s) ::unlink(entry.path().c_str());
  }
}

Expected<Object> name_file(const std::string& file) {
  const Handle from(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!from.is_open())
    return failure({.what = fmt::format("It cannot be read: {}.", std::strerror(errno)),
                    .where = {.file = file},
                    .mend = "Name a file that is there."});
  return name_all(from.get(), file);
}

bool check_object(const std::string& folder, const std::string& hash) {
  const std::string object = folder + "/" + hash;
  const Handle from(::open(object.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about{};
  if (!from.is_open() || fstat(from.get(), &about) != 0) return false;
  if (is_untouched(about)) return true;
  const auto named = name_all(from.get(), object);
  if (!named) return false;
  if (named->hash == hash) return futimens(from.get(), kUntouched.data()) == 0;
  ::unlink(object.c_str());
  return false;
}

bool seal_object(int file) {
  return fchmod(file, 0444) == 0 && futimens(file, kUntouched.data()) == 0 && fsync(file) == 0;
}

Expected<Object> put_object(const std::string& folder, int from) {
  Partial to(folder);
  if (to.file() < 0) return cannot("An object cannot be kept", folder);
  const auto object = read_all(from, to.name(), [&](const char* bytes, std::size_t size) {
    return write_all(to.file(), bytes, size);
  });
  if (!object || has_object(folder, object->hash)) return object;
  if (!seal_object(to.file()) || !to.keep(folder + "/" + object->hash))
    return cannot("An object cannot be kept", folder);
  return object;
}

Expected<Object> put_file(const std::string& folder, const std::string& file) {
  const Handle from(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about{};
  if (!from.is_open() || fstat(from.get(), &about) != 0)
    return failure({.what = fmt::format("It cannot be read: {}.", std::strerror(errno)),
                    .where = {.file = file},
                    .mend = "Name a file that is there."});
  if (!S_ISREG(about.st_mode))
    return failure({.what = "It is no file.", .where = {.file = file}, .mend = "Name each file by itself."});
  std::error_code trouble;
  fs::create_directories(folder, trouble);
  if (trouble) return cannot("The store cannot be written", folder, trouble.value());
  auto object = name_all(from.get(), file);
  if (object && !has_object(folder, object->hash)) {
    if (lseek(from.get(), 0, SEEK_SET) != 0) return cannot("It cannot be read again", file);
    object = put_object(folder, from.get());
  }
  if (object && !sync_path(folder)) return cannot("The store cannot be written", folder);
  return object;
}

Expected<void> place_object(const std::string& folder, const std::string& hash, const std::string& place,
                            const std::string& path) {
  const std::string object = folder + "/" + hash, target = place + "/" + path;
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
  fs::create_directories(fs::path(target).parent_path(), trouble);
  if (trouble) return cannot("An input cannot be placed", target, trouble.value());
  {
    const Handle to(::open(target.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444));
    if (!to.is_open()) return cannot("An input cannot be placed", target);
    if (ioctl(to.get(), FICLONE, from.get()) == 0) return {};
  }
  ::unlink(target.c_str());
  if (::link(object.c_str(), target.c_str()) == 0) return {};
  // Another file system, or one in which a file has as many links as it can have.
  fs::copy_file(object, target, trouble);
  if (trouble) return cannot("An input cannot be placed", target, trouble.value());
  return {};
}

}  // namespace hinterland
