#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "hinterland/staging/files.hpp"
#include "hinterland/staging/object_hash.hpp"
#include "hinterland/staging/object_place.hpp"
#include "hinterland/staging/objects.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

std::unexpected<Errors> cannot(const char* what, const std::string& file) {
  return failure({.what = fmt::format("{}: {}.", what, std::strerror(errno)),
                  .where = {.file = file},
                  .mend = "",
                  .outside = true});
}

class FolderArrival final : public ObjectArrival {
 public:
  FolderArrival(std::string folder, std::string hash) : folder_(std::move(folder)), hash_(std::move(hash)) {}

  Expected<void> open(std::uint64_t size) {
    file_ = Handle(::open(part().c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0644));
    struct stat about{};
    if (!file_.is_open() || fstat(file_.get(), &about) != 0)
      return cannot("An object cannot be kept", part());
    found_ = static_cast<std::uint64_t>(about.st_size);
    if (found_ > size) {  // no beginning of it
      if (ftruncate(file_.get(), 0) != 0) return cannot("An object cannot be kept", part());
      found_ = 0;
    }
    here_ = found_;
    return {};
  }

  [[nodiscard]] std::uint64_t here() const override { return here_; }
  Expected<std::size_t> check(std::size_t most) override {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(most, found_ - checked_));
    if (size == 0) return 0;
    buffer_.resize(std::max(buffer_.size(), size));
    const ssize_t got = ::pread(file_.get(), buffer_.data(), size, static_cast<off_t>(checked_));
    if (got <= 0) return cannot("What came of an object cannot be read back", part());
    bytes_hash_.add(buffer_.data(), static_cast<std::size_t>(got));
    checked_ += static_cast<std::uint64_t>(got);
    return static_cast<std::size_t>(got);
  }
  Expected<std::size_t> take(std::string_view bytes) override {
    const ssize_t kept = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(here_));
    if (kept <= 0) return cannot("An object cannot be kept", part());
    bytes_hash_.add(bytes.data(), static_cast<std::size_t>(kept));
    here_ += static_cast<std::uint64_t>(kept);
    return static_cast<std::size_t>(kept);
  }
  Expected<TransferEnd> finish() override {
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

 private:
  [[nodiscard]] std::string part() const { return folder_ + "/" + part_of(hash_); }

  std::string folder_, hash_;
  Handle file_;
  ObjectHash bytes_hash_;
  std::uint64_t here_ = 0, found_ = 0, checked_ = 0;
  std::vector<char> buffer_;
};

class FolderPlace final : public ObjectPlace {
 public:
  explicit FolderPlace(std::string folder) : folder_(std::move(folder)) {}

  Expected<bool> has(const std::string& hash) override { return check_object(folder_, hash); }
  Expected<std::unique_ptr<ObjectArrival>> begin(const std::string& hash, std::uint64_t size) override {
    auto one = std::make_unique<FolderArrival>(folder_, hash);
    if (auto open = one->open(size); !open) return std::unexpected(std::move(open.error()));
    return one;
  }
  [[nodiscard]] std::optional<std::uint64_t> here(const std::string& hash) const override {
    struct stat about{};
    for (const std::string& name : {hash, part_of(hash)}) {
      if (::stat((folder_ + "/" + name).c_str(), &about) == 0)
        return static_cast<std::uint64_t>(about.st_size);
    }
    return 0;
  }
  // A link to an object, as attempts have them, is a change of it.
  [[nodiscard]] std::vector<Kept> kept() const override {
    std::vector<std::pair<std::int64_t, Kept>> found;
    std::error_code trouble;
    for (const auto& entry : fs::directory_iterator(folder_, trouble)) {
      const std::string name = entry.path().filename().string();
      const std::string_view hash =
          name.ends_with(kPart) ? std::string_view(name).substr(0, name.size() - kPart.size()) : name;
      struct stat about{};
      if (is_object_hash(hash) && ::stat(entry.path().c_str(), &about) == 0)
        found.push_back({about.st_ctim.tv_sec, {name, static_cast<std::uint64_t>(about.st_size)}});
    }
    std::ranges::sort(
        found, {}, [](const auto& one) { return std::pair(one.first, std::string_view(one.second.name)); });
    std::vector<Kept> out;
    for (auto& [changed, one] : found) out.push_back(std::move(one));
    return out;
  }
  bool let_go(const std::string& name) override {
    return ::unlink((folder_ + "/" + name).c_str()) == 0 || errno == ENOENT;
  }

 private:
  std::string folder_;
};

}  // namespace

std::unique_ptr<ObjectPlace> folder_place(std::string folder) {
  return std::make_unique<FolderPlace>(std::move(folder));
}

}  // namespace hinterland
