#include "hinterland/executor/run_program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/staging/files.hpp"

namespace hinterland {

namespace {

std::unexpected<Errors> fail(std::string what, const std::string& program) {
  return failure({.what = std::move(what), .where = {.file = program}, .mend = "", .outside = true});
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

// What is written is read by the program from the start of a file without a name.
Handle file_with(const std::string& text) {
  Handle file(memfd_create("in", MFD_CLOEXEC));
  if (file.is_open() && write_all(file.get(), text.data(), text.size())) lseek(file.get(), 0, SEEK_SET);
  return file;
}

struct Pipe {
  Handle read, write;
  Pipe() {
    std::array<int, 2> ends{-1, -1};
    if (pipe2(ends.data(), O_CLOEXEC) == 0) {
      read = Handle(ends[0]);
      write = Handle(ends[1]);
    }
  }
};

// False: there will be no more.
bool take(int from, std::string& into) {
  std::array<char, 65536> bytes{};
  const ssize_t size = ::read(from, bytes.data(), bytes.size());
  if (size > 0) into.append(bytes.data(), static_cast<std::size_t>(size));
  return size > 0 || (size < 0 && errno == EINTR);
}

}  // namespace

Expected<ProgramRun> run_program(const std::vector<std::string>& words,
                                 const std::vector<std::string>& environment, const std::string& in,
                                 std::int64_t patience_ms) {
  const Handle input = file_with(in);
  Pipe out, err;
  if (!input.is_open() || !out.write.is_open() || !err.write.is_open())
    return fail(fmt::format("It cannot be begun: {}.", std::strerror(errno)), words.front());
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&files, input.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, out.write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err.write.get(), STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  std::vector<std::string> arguments = words, variables = environment;
  pid_t child = 0;
  const int failed = posix_spawnp(&child, words.front().c_str(), &files, &attributes,
                                  pointers(arguments).data(), pointers(variables).data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  if (failed != 0) return fail(fmt::format("It cannot be begun: {}.", std::strerror(failed)), words.front());
  out.write = {};
  err.write = {};
  ProgramRun end;
  bool out_open = true, err_open = true;
  const std::int64_t until = boot_ms() + patience_ms;
  while (out_open || err_open) {
    const std::int64_t left = until - boot_ms();
    std::array<pollfd, 2> things{{{.fd = out_open ? out.read.get() : -1, .events = POLLIN, .revents = 0},
                                  {.fd = err_open ? err.read.get() : -1, .events = POLLIN, .revents = 0}}};
    if (left <= 0 || poll(things.data(), things.size(), static_cast<int>(left)) == 0) {
      kill(-child, SIGKILL);
      for (int k = 0; k < 100 && waitpid(child, nullptr, WNOHANG) == 0; ++k)
        poll(nullptr, 0, 10);  // or it hangs on a disk
      return fail(fmt::format("It has not ended within {} ms.", patience_ms), words.front());
    }
    if (things[0].revents != 0) out_open = take(out.read.get(), end.out);
    if (things[1].revents != 0) err_open = take(err.read.get(), end.err);
  }
  int status = 0;
  waitpid(child, &status, 0);
  constexpr int signalled = 128;
  end.status = WIFEXITED(status) ? WEXITSTATUS(status) : signalled + WTERMSIG(status);
  return end;
}

}  // namespace hinterland
