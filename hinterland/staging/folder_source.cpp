#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "hinterland/staging/files.hpp"
#include "hinterland/staging/object_source.hpp"

namespace hinterland {

namespace {

std::unexpected<Errors> cannot(const char* what, const std::string& file) {
  return failure({.what = fmt::format("{}: {}.", what, std::strerror(errno)),
                  .where = {.file = file},
                  .mend = "",
                  .outside = true});
}

// Keeps the last object open, for it is read in many parts.
class FolderSource final : public ObjectSource {
 public:
  explicit FolderSource(std::string folder) : folder_(std::move(folder)) {}

  Expected<std::uint64_t> size_of(const std::string& hash) override {
    hash_.clear();  // it may have been put there anew
    if (auto open = look_at(hash); !open) return std::unexpected(std::move(open.error()));
    struct stat about{};
    if (fstat(file_.get(), &about) != 0) return cannot("An object cannot be read", folder_ + "/" + hash);
    return static_cast<std::uint64_t>(about.st_size);
  }
  Expected<std::size_t> read(const std::string& hash, std::uint64_t from, char* into,
                             std::size_t size) override {
    if (auto open = look_at(hash); !open) return std::unexpected(std::move(open.error()));
    const ssize_t got = ::pread(file_.get(), into, size, static_cast<off_t>(from));
    if (got < 0) return cannot("An object cannot be read", folder_ + "/" + hash);
    return static_cast<std::size_t>(got);
  }

 private:
  Expected<void> look_at(const std::string& hash) {
    if (file_.is_open() && hash_ == hash) return {};
    file_ = Handle(::open((folder_ + "/" + hash).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    hash_ = hash;
    if (file_.is_open()) return {};
    if (errno != ENOENT) return cannot("An object cannot be read", folder_ + "/" + hash);
    return failure({.what = fmt::format("Object {} is not in the store.", hash),
                    .where = {.file = folder_},
                    .mend = "Submit its job again."});
  }

  std::string folder_, hash_;
  Handle file_;
};

}  // namespace

std::unique_ptr<ObjectSource> folder_source(std::string folder) {
  return std::make_unique<FolderSource>(std::move(folder));
}

}  // namespace hinterland
