// A file descriptor that closes itself, and what the kernel may do by halves done whole.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

namespace hinterland {

class Handle {
 public:
  Handle() = default;
  explicit Handle(int file) : file_(file) {}
  Handle(Handle&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~Handle() {
    if (file_ >= 0) ::close(file_);
  }
  [[nodiscard]] int get() const { return file_; }
  [[nodiscard]] bool is_open() const { return file_ >= 0; }

 private:
  int file_ = -1;
};

inline bool write_all(int file, const char* bytes, std::size_t size) {
  while (size > 0) {
    const ssize_t part = ::write(file, bytes, size);
    if (part <= 0) return false;
    bytes += part;
    size -= static_cast<std::size_t>(part);
  }
  return true;
}

// A file, or a folder's list of names.
inline bool sync_path(const std::string& path) {
  const Handle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return file.is_open() && fsync(file.get()) == 0;
}

// By a rename: whole, or as it was before. False: it cannot be.
inline bool write_durably(const std::string& path, std::string_view text, mode_t mode = 0644) {
  const std::string partial = path + ".partial";
  {
    const Handle file(::open(partial.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, mode));
    if (!file.is_open() || !write_all(file.get(), text.data(), text.size()) || fsync(file.get()) != 0)
      return false;
  }
  return ::rename(partial.c_str(), path.c_str()) == 0 && sync_path(path.substr(0, path.rfind('/')));
}

}  // namespace hinterland
