// A file descriptor that closes itself, and what the kernel may do by halves done whole.
#pragma once
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <string>
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

}  // namespace hinterland
