#include "hinterland/executor/local.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/executor/folder_lock.hpp"
#include "hinterland/executor/pool_lease.hpp"
#include "hinterland/staging/files.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

constexpr int kSweeps = 20;
constexpr int kLock = 3;                  // the runner's descriptor
constexpr std::int64_t kUnheard = 5'000;  // ms after its grace: a runner that does not end is killed itself

pid_t read_running(const fs::path& folder) {
  std::ifstream file(folder / "lock");
  pid_t runner = 0;
  file >> runner;
  return runner;
}

// As it stands in the words that its runner was begun with; 0: it cannot be read.
std::int64_t limit_of(pid_t runner) {
  std::ifstream file(fmt::format("/proc/{}/cmdline", runner), std::ios::binary);
  std::string word;
  for (int k = 0; k < 3; ++k) std::getline(file, word, '\0');
  return std::strtoll(word.c_str(), nullptr, 10);
}

Handle open_process(pid_t process) {
  return process > 0 ? Handle(static_cast<int>(syscall(SYS_pidfd_open, process, 0))) : Handle();
}

// What a runner that was killed left behind: whoever has its mark in its environment. Process numbers alone are not
// to be trusted, for they are used again.
void sweep(const fs::path& folder) {
  const std::string mark = mark_of(folder) + '\0';
  bool found = true;
  for (int round = 0; found && round < kSweeps; ++round) {
    found = false;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
      const pid_t process = std::atoi(entry.path().filename().c_str());
      if (process <= 0 || process == getpid()) continue;
      std::ifstream file(entry.path() / "environ", std::ios::binary);
      const std::string environment{std::istreambuf_iterator<char>(file), {}};
      if (!('\0' + environment).contains('\0' + mark)) continue;
      found = kill(process, SIGKILL) == 0 || found;
    }
  }
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

std::unexpected<Errors> cannot(const std::string& what, const std::string& file) {
  return failure({.what = fmt::format("{}: {}.", what, std::strerror(errno)),
                  .where = {.file = file},
                  .mend = "",
                  .outside = true});
}

}  // namespace

struct LocalExecutor::Body {
  LocalPool pool;
  Tell tell;
  std::string host = host_name();
  Handle lock, ends;  // of the folder; the epoll that knows of attempts that ended
  PoolLease lease{boot_ms()};

  struct Attempt {
    std::int64_t began = boot_ms(), limit = 0;  // 0: not known
    pid_t runner = 0;                           // a child of this life
    Handle process;                             // of the runner
    std::int64_t killed_at = 0;                 // when it was told to end
    std::optional<EndFile> ended;               // and not forgotten
  };
  std::map<AttemptId, Attempt> known;
  std::set<AttemptId> never;  // will not be begun in this term

  [[nodiscard]] fs::path folder_of(AttemptId attempt) const {
    return fs::path(pool.folder) / std::to_string(attempt.value);
  }

  // Wherever it stands: what an earlier life began and nobody has forgotten.
  void adopt(AttemptId id) {
    Attempt& attempt = known[id];
    attempt.ended = read_end(folder_of(id));
    if (!attempt.ended) watch_again(id, attempt);
    if (!attempt.ended) look_after(id, attempt);
  }

  void watch(AttemptId id, Attempt& attempt, Handle process) const {
    attempt.process = std::move(process);
    epoll_event event{.events = EPOLLIN | EPOLLONESHOT, .data = {.u64 = id.value}};
    epoll_ctl(ends.get(), EPOLL_CTL_ADD, attempt.process.get(), &event);
  }
  // A runner that another life began. It has written who it is and still holds its lock, so the number is its own.
  void watch_again(AttemptId id, Attempt& attempt) const {
    const pid_t runner = read_running(folder_of(id));
    Handle process = open_process(runner);
    if (!process.is_open() || !lives(id)) return;
    watch(id, attempt, std::move(process));
    attempt.limit = limit_of(runner);
  }

  // Whether its runner holds its lock. What cannot be looked at (no descriptor is free, say) is not taken for dead.
  [[nodiscard]] bool lives(AttemptId id) const {
    const Handle file(::open((folder_of(id) / "lock").c_str(), O_RDWR | O_CLOEXEC));
    if (!file.is_open()) return errno != ENOENT;
    return flock(file.get(), LOCK_EX | LOCK_NB) != 0;
  }

  // Its end, if it has come. A runner that died took its attempt along.
  void look_after(AttemptId id, Attempt& attempt) const {
    if (attempt.ended || lives(id)) return;
    const Handle end(::open((folder_of(id) / "ended").c_str(), O_RDONLY | O_CLOEXEC));
    if (!end.is_open() && errno != ENOENT) return;  // another time
    attempt.ended = read_end(folder_of(id));
    if (!attempt.ended) {
      sweep(folder_of(id));
      attempt.ended = EndFile{.cause = Cause::host_failed, .status = 0, .ran = {boot_ms() - attempt.began}};
    }
    if (attempt.runner > 0) waitpid(attempt.runner, nullptr, WNOHANG);
    attempt.process = {};
  }

  // Its runner should have ended it long ago: somebody has stopped that.
  [[nodiscard]] bool is_overdue(const Attempt& attempt) const {
    return attempt.limit > 0 && boot_ms() > attempt.began + attempt.limit + pool.runner.grace.ms + kUnheard;
  }
  // By SIGTERM, and by SIGKILL if that has not been heard for long; also one that is stopped.
  void stop(Attempt& attempt) const {
    if (!attempt.process.is_open()) return;  // the next look finds it
    const std::int64_t now = boot_ms();
    if (attempt.killed_at == 0) attempt.killed_at = now;
    const bool unheard = now > attempt.killed_at + pool.runner.grace.ms + kUnheard;
    syscall(SYS_pidfd_send_signal, attempt.process.get(), unheard ? SIGKILL : SIGTERM, nullptr, 0);
    syscall(SYS_pidfd_send_signal, attempt.process.get(), SIGCONT, nullptr, 0);
  }

  void report(AttemptId id, const Attempt& attempt) {
    tell(event::Ended{.attempt = id,
                      .pool = pool.pool,
                      .cause = attempt.ended->cause,
                      .status = attempt.ended->status,
                      .host = host,
                      .ran = attempt.ended->ran});
  }

  // By a rename, or, when the disk takes no new file, in its place: it is as long as it was.
  [[nodiscard]] bool write_lease(std::int64_t end) const {
    const std::string file = pool.folder + "/lease", partial = file + ".partial",
                      text = fmt::format("{:020}\n", end);
    {
      const Handle to(::open(partial.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644));
      if (to.is_open() && write_all(to.get(), text.data(), text.size()) &&
          ::rename(partial.c_str(), file.c_str()) == 0)
        return true;
    }
    ::unlink(partial.c_str());
    const Handle to(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
    return to.is_open() &&
           ::pwrite(to.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size());
  }

  // nullopt: a runner has it. Else whose fault it is that there is none; its stderr.log says why.
  std::optional<Cause> begin(AttemptId id, const Command& command) {
    const auto fault = place_inputs(folder_of(id), pool.inputs, command);
    return fault ? fault : spawn(id, command);
  }

  // nullopt: a runner has it, and the lock of its folder. Else whose fault that is.
  std::optional<Cause> spawn(AttemptId id, const Command& command) {
    const fs::path folder = folder_of(id);
    const Handle taken(::open((folder / "lock").c_str(), O_CREAT | O_RDWR, 0644));
    if (!taken.is_open() || flock(taken.get(), LOCK_EX | LOCK_NB) != 0) return Cause::host_failed;
    std::vector<std::string> words = runner_words(pool.runner, folder, command);
    std::vector<char*> arguments, environment;
    for (std::string& word : words) arguments.push_back(word.data());
    std::vector<std::string> variables = command.environment;
    variables.push_back(mark_of(folder));
    for (std::string& variable : variables) environment.push_back(variable.data());
    arguments.push_back(nullptr);
    environment.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&files, taken.get(), kLock);
    posix_spawn_file_actions_addclosefrom_np(&files, kLock + 1);
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    pid_t runner = 0;
    const int failed = posix_spawn(&runner, pool.runner.program.c_str(), &files, &attributes,
                                   arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) {
      say_in(folder, fmt::format("cannot begin it: {}", std::strerror(failed)));
      return failed == E2BIG ? Cause::failed : Cause::host_failed;
    }
    known[id].runner = runner;
    known[id].limit = command.limit.ms;
    watch(id, known[id], open_process(runner));
    return std::nullopt;
  }
};

Expected<std::unique_ptr<LocalExecutor>> LocalExecutor::open(LocalPool pool, AttemptId last, Tell tell) {
  if (access(pool.runner.program.c_str(), X_OK) != 0)
    return cannot("The runner of attempts cannot be run", pool.runner.program);
  auto body = std::make_unique<Body>();
  std::error_code trouble;
  fs::create_directories(fs::path(pool.folder) / "over", trouble);
  pool.folder = fs::absolute(pool.folder).string();
  pool.runner.program = fs::absolute(pool.runner.program).string();
  auto lock = lock_folder(pool.folder, pool.journal);
  if (!lock) return std::unexpected(std::move(lock.error()));
  body->lock = std::move(*lock);
  body->ends = Handle(epoll_create1(EPOLL_CLOEXEC));
  if (!body->ends.is_open()) return cannot("No epoll is to be had", pool.folder);
  body->pool = std::move(pool);
  body->tell = std::move(tell);
  const auto here = attempts_in(body->pool.folder, last);
  if (!here) return std::unexpected(here.error());
  for (const AttemptId id : *here) body->adopt(id);
  return std::unique_ptr<LocalExecutor>(new LocalExecutor(std::move(body)));
}

LocalExecutor::LocalExecutor(std::unique_ptr<Body> body) : body_(std::move(body)) {}
LocalExecutor::~LocalExecutor() = default;

void LocalExecutor::hear(const effect::Grant& grant) {
  Body& it = *body_;
  const std::int64_t before = it.lease.end();
  if (it.lease.hear(grant) == PoolLease::Heard::later_term) it.never.clear();
  if (it.lease.end() > before && !it.write_lease(it.lease.end())) it.lease.shorten(before);
}

void LocalExecutor::hear(const effect::Launch& launch, const Command& command) {
  Body& it = *body_;
  const AttemptId id = launch.attempt;
  if (const auto known = it.known.find(id); known != it.known.end()) {
    if (known->second.ended) return it.report(id, known->second);
    return it.tell(event::Began{.attempt = id, .pool = it.pool.pool, .host = it.host, .sent = boot_ms()});
  }
  if (it.never.contains(id) ||
      !find_attempt(it.pool.folder, id).empty())  // a launch that was long on its way
    return it.tell(event::Ended{.attempt = id, .pool = it.pool.pool, .cause = Cause::absent});
  if (!it.lease.allows(launch.term, boot_ms())) return;
  std::error_code trouble;
  if (!fs::create_directory(it.folder_of(id), trouble)) {
    if (trouble) it.never.insert(id);  // it cannot be begun here; its next launch is told so
    return;
  }
  fs::create_directory(it.folder_of(id) / "work", trouble);
  Body::Attempt& attempt = it.known[id];
  const std::optional<Cause> fault =
      write_outputs(it.folder_of(id), command.outputs) ? it.begin(id, command) : Cause::host_failed;
  it.tell(event::Began{.attempt = id, .pool = it.pool.pool, .host = it.host, .sent = boot_ms()});
  if (!fault) return;
  attempt.ended = EndFile{.cause = *fault, .status = 126, .ran = {}};
  it.report(id, attempt);
}

void LocalExecutor::hear(const effect::Kill& kill) {
  Body& it = *body_;
  const auto found = it.known.find(kill.attempt);
  if (found == it.known.end()) {
    it.never.insert(kill.attempt);
    return it.tell(event::Ended{.attempt = kill.attempt, .pool = it.pool.pool, .cause = Cause::absent});
  }
  Body::Attempt& attempt = found->second;
  if (attempt.ended) return it.report(kill.attempt, attempt);
  it.stop(attempt);
}

void LocalExecutor::hear(const effect::Forget& forget) {
  Body& it = *body_;
  const auto found = it.known.find(forget.attempt);
  if (found == it.known.end() || !found->second.ended) return;
  put_away(it.pool.folder, forget.attempt);
  it.known.erase(found);
}

void LocalExecutor::beat() {
  Body& it = *body_;
  for (auto& [id, attempt] : it.known) {
    if (!attempt.ended && !attempt.process.is_open()) it.watch_again(id, attempt);
    it.look_after(id, attempt);
    if (!attempt.ended && it.is_overdue(attempt)) it.stop(attempt);
  }
  event::Heartbeat heartbeat{.pool = it.pool.pool, .term = it.lease.term(), .sent = boot_ms(), .known = {}};
  for (const auto& [id, attempt] : it.known) heartbeat.known.push_back(id);
  it.tell(heartbeat);
  for (const auto& [id, attempt] : it.known) {
    if (attempt.ended) it.report(id, attempt);
  }
}

void LocalExecutor::look() {
  Body& it = *body_;
  std::array<epoll_event, 64> events{};
  const int count = epoll_wait(it.ends.get(), events.data(), static_cast<int>(events.size()), 0);
  for (int k = 0; k < count; ++k) {
    const AttemptId id{events.at(static_cast<std::size_t>(k)).data.u64};
    const auto found = it.known.find(id);
    if (found == it.known.end() || found->second.ended) continue;
    it.look_after(id, found->second);
    if (found->second.ended) it.report(id, found->second);
  }
}

int LocalExecutor::fd() const { return body_->ends.get(); }

std::string LocalExecutor::folder_of(AttemptId attempt) const {
  return find_attempt(body_->pool.folder, attempt);
}

}  // namespace hinterland
