#include "hinterland/executor/object_transfer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "hinterland/executor/objects.hpp"

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

Expected<ObjectTransfer> ObjectTransfer::begin(ObjectSource& from, std::string hash,
                                               const std::string& folder) {
  ObjectTransfer one(from, std::move(hash), folder);
  const auto size = from.size_of(one.hash_);
  if (!size) return std::unexpected(size.error());
  one.size_ = *size;
  one.file_ = Handle(::open(one.part().c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0644));
  struct stat about{};
  if (!one.file_.is_open() || fstat(one.file_.get(), &about) != 0)
    return cannot("An object cannot be kept", one.part());
  one.found_ = static_cast<std::uint64_t>(about.st_size);
  if (one.found_ > one.size_) {  // no beginning of it
    if (ftruncate(one.file_.get(), 0) != 0) return cannot("An object cannot be kept", one.part());
    one.found_ = 0;
  }
  one.here_ = one.found_;
  return one;
}

Expected<TransferStep> ObjectTransfer::step(std::size_t most) {
  buffer_.resize(std::max(buffer_.size(), most));
  if (checked_ < found_) {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, found_ - checked_));
    const ssize_t got = ::pread(file_.get(), buffer_.data(), size, static_cast<off_t>(checked_));
    if (got <= 0) return cannot("What came of an object cannot be read back", part());
    bytes_hash_.add(buffer_.data(), static_cast<std::size_t>(got));
    checked_ += static_cast<std::uint64_t>(got);
    return TransferStep{.moved = 0, .checked = static_cast<std::size_t>(got)};
  }
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, size_ - here_));
  if (size == 0) return TransferStep{};
  const auto got = from_->read(hash_, here_, buffer_.data(), size);
  if (!got) return std::unexpected(got.error());
  if (*got == 0)
    return failure({.what = fmt::format("Object {} ends before its end.", hash_),
                    .where = {.file = folder_},
                    .mend = "Submit its job again."});
  const ssize_t kept = ::pwrite(file_.get(), buffer_.data(), *got, static_cast<off_t>(here_));
  if (kept <= 0) return cannot("An object cannot be kept", part());
  bytes_hash_.add(buffer_.data(), static_cast<std::size_t>(kept));
  here_ += static_cast<std::uint64_t>(kept);
  return TransferStep{.moved = static_cast<std::size_t>(kept), .checked = 0};
}

Expected<TransferEnd> ObjectTransfer::finish() {
  if (bytes_hash_.name() != hash_) {
    ::unlink(part().c_str());
    if (found_ > 0) return TransferEnd::thrown_out;
    return failure({.what = fmt::format("Object {} is damaged in the store.", hash_),
                    .where = {.file = folder_},
                    .mend = "Submit its job again."});
  }
  if (!seal_object(file_.get()) || ::rename(part().c_str(), (folder_ + "/" + hash_).c_str()) != 0 ||
      !sync_path(folder_))
    return cannot("An object cannot be kept", part());
  return TransferEnd::named;
}

}  // namespace hinterland
