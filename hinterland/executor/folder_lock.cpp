#include "hinterland/executor/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "hinterland/executor/boot_clock.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPatience = 2000;  // ms
constexpr int kDeath = 5000;              // ms, for the kernel to end a process that was killed
constexpr unsigned kPause = 20'000;       // us

bool take(const Handle& lock) { return flock(lock.get(), LOCK_EX | LOCK_NB) == 0; }

std::string text_of(const Handle& file) {
  std::array<char, 256> text{};
  const ssize_t size = pread(file.get(), text.data(), text.size(), 0);
  return {text.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

// Through this descriptor of a process the file is locked.
bool is_locked_by(const fs::path& process, const std::string& descriptor, const struct stat& file) {
  struct stat other{};
  if (::stat((process / "fd" / descriptor).c_str(), &other) != 0) return false;
  if (other.st_dev != file.st_dev || other.st_ino != file.st_ino) return false;
  std::ifstream info(process / "fdinfo" / descriptor);
  return std::string(std::istreambuf_iterator<char>(info), {}).contains("FLOCK");
}
bool holds(const fs::path& process, const struct stat& file) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(process / "fd", ignored)) {
    if (is_locked_by(process, entry.path().filename().string(), file)) return true;
  }
  return false;
}

// Whoever holds the lock; its number cannot become another's between the look and the signal.
void kill_holder(const Handle& lock) {
  struct stat file{};
  if (::fstat(lock.get(), &file) != 0) return;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string name = entry.path().filename().string();
    pid_t process = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
    if (error != std::errc{} || process == getpid() || !holds(entry.path(), file)) continue;
    const Handle holder(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
    if (!holder.is_open() || !holds(entry.path(), file)) continue;
    syscall(SYS_pidfd_send_signal, holder.get(), SIGKILL, nullptr, 0);
    pollfd death{.fd = holder.get(), .events = POLLIN, .revents = 0};
    ::poll(&death, 1, kDeath);
  }
}

}  // namespace

Expected<Handle> lock_folder(const std::string& folder, const std::string& journal) {
  Handle lock(::open((fs::path(folder) / "lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0644));
  if (!lock.is_open())
    return failure({.what = fmt::format("The pool's folder cannot be written: {}.", std::strerror(errno)),
                    .where = {.file = folder},
                    .mend = "",
                    .outside = true});
  bool taken = take(lock);
  const auto led_before = [&] { return !journal.empty() && text_of(lock) == journal; };
  for (const std::int64_t until = boot_ms() + kPatience; !taken && led_before() && boot_ms() < until;) {
    usleep(kPause);
    taken = take(lock);
  }
  if (!taken && led_before()) {
    kill_holder(lock);
    taken = take(lock);
  }
  if (!taken)
    return failure(
        {.what = "Another process runs attempts here.",
         .where = {.file = folder},
         .mend = "A pool's folder has one broker at a time: stop that one, or name another folder."});
  const auto size = static_cast<off_t>(journal.size());
  if (::ftruncate(lock.get(), 0) != 0 || ::pwrite(lock.get(), journal.data(), journal.size(), 0) != size)
    return failure({.what = fmt::format("The pool's folder cannot be written: {}.", std::strerror(errno)),
                    .where = {.file = folder},
                    .mend = "",
                    .outside = true});
  return lock;
}

}  // namespace hinterland
