// hinterland-runner: runs one attempt, and outlives the broker that began it.
//
//   hinterland-runner FOLDER LIMIT_MS GRACE_MS MEMORY_MB OUTPUT_BYTES DESCRIPTORS WHERE -- COMMAND [ARGUMENT...]
//
// In FOLDER, the attempt's own:
//   work/                    for what the command writes; WHERE it runs may be this or any other folder
//   stdout.log, stderr.log   what it says, if it does, and before that stdout.log.1, stderr.log.1: each up to OUTPUT_BYTES
//   lock                     the process number of this, once the command is begun
//   ended                    "STATUS RAN_MS CAUSE\n", once it is over and nothing of it is left; CAUSE as name_of() has it
// Beside FOLDER lies `lease`: until when, in ms of the boot clock, what runs here may run. It is read again when it
// is over.
//
// Descriptor 3 is a lock that whoever began this took: while it is held, this runs. SIGTERM ends the attempt:
// `killed`. What it began is ended with SIGTERM, after GRACE_MS with SIGKILL, whatever session it fled to: this
// process adopts its orphans.
//
// Plain POSIX and nothing else, for one is started with every attempt: linked statically it starts as quickly as an
// empty program.
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <initializer_list>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Ms = std::int64_t;

constexpr int kLock = 3;
constexpr int kLater = 75;  // EX_TEMPFAIL: a licence, or whatever else it needs, is not to be had now
constexpr Ms kNever = INT64_MAX;

Ms boot_ms() {
  std::timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return static_cast<Ms>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

// A file of a few bytes, there whole or not at all.
bool put(const char* name, const char* text) {
  char partial[64];
  std::snprintf(partial, sizeof partial, "%s.partial", name);
  const int file = open(partial, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0) return false;
  const auto size = static_cast<ssize_t>(std::strlen(text));
  const bool written = write(file, text, static_cast<std::size_t>(size)) == size;
  close(file);
  return written && rename(partial, name) == 0;
}

Ms lease_end() {
  char text[32] = {};
  const int file = open("../lease", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  const ssize_t size = read(file, text, sizeof text - 1);
  close(file);
  return size > 0 ? std::strtoll(text, nullptr, 10) : 0;
}

// What the command says, kept up to a size: the newest of it, and what was before that up to as much.
class Log {
 public:
  Log(const char* name, Ms most) : name_(name), most_(most) {}

  bool open_pipe() {
    if (pipe2(ends_, O_CLOEXEC) != 0) return false;
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    return true;
  }
  [[nodiscard]] int reading() const { return ends_[0]; }
  [[nodiscard]] int writing() const { return ends_[1]; }
  void began() { close(ends_[1]); }
  // False: there will be no more.
  bool take() {
    char bytes[65536];
    const ssize_t size = read(ends_[0], bytes, sizeof bytes);
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    if (size == 0) return false;
    if (file_ < 0) open_file();  // most say nothing, and a file more is a third of an attempt's cost
    if (size_ > 0 && size_ + size > most_) rotate();
    for (ssize_t done = 0; done < size;) {
      const ssize_t part = write(file_, bytes + done, static_cast<std::size_t>(size - done));
      if (part <= 0) break;  // a full disk takes words, not the work
      done += part;
    }
    size_ += size;
    return true;
  }
  template <class... Texts>
  void say(Texts... texts) {
    if (file_ < 0) open_file();
    for (const char* text : std::initializer_list<const char*>{texts...})
      static_cast<void>(!write(file_, text, std::strlen(text)));
  }

 private:
  void open_file() { file_ = open(name_, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644); }
  void rotate() {
    char before[64];
    std::snprintf(before, sizeof before, "%s.1", name_);
    close(file_);
    rename(name_, before);
    open_file();
    size_ = 0;
  }

  const char* name_;
  Ms most_, size_ = 0;
  int file_ = -1;
  int ends_[2] = {-1, -1};
};

struct Rules {
  Ms limit, grace, memory_mb, output;
  rlim_t
      descriptors;  // the soft limit: the broker has raised its own, which select() of old programs does not survive
  const char* where;
};

// Kills all that is left of the attempt. Those that left its group are children of this process, once their own
// parents are gone.
void kill_all(pid_t group, int signal) {
  kill(-group, signal);
  char list[64];
  std::snprintf(list, sizeof list, "/proc/self/task/%d/children", static_cast<int>(getpid()));
  if (std::FILE* children = std::fopen(list, "re")) {
    for (int child = 0; std::fscanf(children, "%d", &child) == 1;) kill(child, signal);
    std::fclose(children);
  }
}

// Begins the command in a group of its own; returns its process, or minus the error. Nothing of this process is
// copied for it.
pid_t begin(char** command, const Rules& rules, const Log& out, const Log& err) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out.writing(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, err.writing(), STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&files, rules.where);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_setsigmask(&attributes, &none);
  if (rules.memory_mb > 0) {  // this process needs next to none itself
    const rlimit memory{.rlim_cur = static_cast<rlim_t>(rules.memory_mb) << 20U,
                        .rlim_max = static_cast<rlim_t>(rules.memory_mb) << 20U};
    setrlimit(RLIMIT_DATA, &memory);
  }
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0 && descriptors.rlim_cur > rules.descriptors) {
    descriptors.rlim_cur = rules.descriptors;
    setrlimit(RLIMIT_NOFILE, &descriptors);
  }
  pid_t child = 0;
  const int failed = posix_spawnp(&child, command[0], &files, &attributes, command, environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return failed == 0 ? child : -failed;
}

void sync_one(const char* path, int flags) {
  const int file = open(path, flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) return;  // whoever publishes it says so
  fsync(file);
  close(file);
}

// What is said to be done must not be gone when the power comes back: the outputs, which `outputs` names, and the
// folders on their way.
void sync_outputs() {
  const int list = open("outputs", O_RDONLY | O_CLOEXEC);
  if (list < 0) return;
  char path[8192] = "work/";
  constexpr std::size_t prefix = 5;
  std::size_t size = prefix;
  char byte = 0;
  while (read(list, &byte, 1) == 1) {
    if (size + 1 >= sizeof path) break;
    path[size++] = byte;
    if (byte != '\0') continue;
    sync_one(path, 0);
    while (char* slash = std::strrchr(path, '/')) {
      *slash = '\0';
      sync_one(path, O_DIRECTORY);
    }
    std::memcpy(path, "work/", prefix);
    size = prefix;
  }
  close(list);
  sync_one(".", O_DIRECTORY);
  sync_one("..", O_DIRECTORY);
}

class Attempt {
 public:
  Attempt(const Rules& rules, char** command)
      : rules_(rules),
        command_(command),
        out_("stdout.log", rules.output),
        err_("stderr.log", rules.output) {}

  int run() {
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    sigset_t heard;
    sigemptyset(&heard);
    for (const int signal : {SIGCHLD, SIGTERM, SIGINT, SIGHUP}) sigaddset(&heard, signal);
    sigprocmask(SIG_BLOCK, &heard, nullptr);
    signals_ = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals_ < 0 || !out_.open_pipe() || !err_.open_pipe()) return 1;
    lease_ = lease_end();
    began_ = boot_ms();
    child_ = begin(command_, rules_, out_, err_);
    if (child_ < 0) {
      const bool there = access(rules_.where, X_OK) == 0;
      const char* const what = there ? command_[0] : rules_.where;
      err_.say("hinterland: cannot run ", there ? "" : "in ", what, ": ", std::strerror(-child_), "\n");
      put("ended", "127 0 failed\n");
      return 0;
    }
    out_.began();
    err_.began();
    char text[64];
    std::snprintf(text, sizeof text, "%d\n", static_cast<int>(getpid()));
    static_cast<void>(!write(kLock, text, std::strlen(text)));
    while (!over_) look();
    finish();
    std::snprintf(text, sizeof text, "%d %lld %s\n", status_, static_cast<long long>(ran_), cause_);
    if (std::strcmp(cause_, "done") == 0) sync_outputs();
    // A disk that is full now may not be so in a minute, and what is done is done.
    while (!put("ended", text)) {
      if (boot_ms() >= lease_end()) return 1;
      poll(nullptr, 0, 1000);
    }
    return 0;
  }

 private:
  void look() {
    pollfd things[3] = {{signals_, POLLIN, 0},
                        {out_open_ ? out_.reading() : -1, POLLIN, 0},
                        {err_open_ ? err_.reading() : -1, POLLIN, 0}};
    const Ms until = next_deadline() - boot_ms();
    poll(things, 3, static_cast<int>(until < 0 ? 0 : until < 60'000 ? until : 60'000));
    if (things[1].revents != 0) out_open_ = out_.take();
    if (things[2].revents != 0) err_open_ = err_.take();
    hear_signals();
    watch_time();
  }

  [[nodiscard]] Ms next_deadline() const {
    if (kill_at_ < kNever) return kill_at_;
    const Ms limit = began_ + rules_.limit;
    return limit < lease_ ? limit : lease_;
  }

  void hear_signals() {
    take_signals();
    int status = 0;
    for (pid_t gone = 0; (gone = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (gone == child_) exited(status);
    }
  }

  void take_signals() {
    signalfd_siginfo one{};
    while (read(signals_, &one, sizeof one) == static_cast<ssize_t>(sizeof one)) {
      if (one.ssi_signo != SIGCHLD) end(boot_ms() >= began_ + rules_.limit ? "out of time" : "killed");
    }
  }

  void exited(int status) {
    over_ = true;
    ran_ = boot_ms() - began_;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    // Who ends a job may signal the command before its runner: then it did not fail by itself.
    constexpr Ms patience = 200;
    for (const Ms until = boot_ms() + patience;
         status_ == 128 + SIGTERM && cause_ == nullptr && boot_ms() < until;) {
      pollfd more{signals_, POLLIN, 0};
      poll(&more, 1, static_cast<int>(until - boot_ms()));
      take_signals();
    }
    if (cause_ == nullptr) cause_ = status_ == 0 ? "done" : status_ == kLater ? "no licence" : "failed";
  }

  void watch_time() {
    const Ms now = boot_ms();
    if (now >= kill_at_) {
      kill_all(child_, SIGKILL);
      kill_at_ = now + 100;
    } else if (cause_ == nullptr && now >= began_ + rules_.limit) {
      end("out of time");
    } else if (cause_ == nullptr && now >= lease_) {
      lease_ = lease_end();
      if (now < lease_) return;
      cause_ = "lost";
      kill_all(child_, SIGKILL);  // no grace: somebody else may begin it now
      kill_at_ = now + 100;
    }
  }

  void end(const char* cause) {
    if (cause_ != nullptr) return;
    cause_ = cause;
    kill_all(child_, SIGTERM);
    kill(-child_, SIGCONT);
    kill_at_ = boot_ms() + rules_.grace;
  }

  // Nothing of it is left, and all that it said is kept.
  void finish() {
    for (Ms until = boot_ms() + 10'000; boot_ms() < until;) {
      kill_all(child_, SIGKILL);
      const pid_t gone = waitpid(-1, nullptr, WNOHANG);
      if (gone < 0 && errno == ECHILD) break;
      if (gone == 0) poll(nullptr, 0, 1);
    }
    for (Log* log : {&out_, &err_}) {
      for (Ms until = boot_ms() + 1000; boot_ms() < until;) {
        pollfd one{log->reading(), POLLIN, 0};
        if (poll(&one, 1, 0) <= 0 || !log->take()) break;
      }
    }
  }

  Rules rules_;
  char** command_;
  Log out_, err_;
  int signals_ = -1;
  pid_t child_ = -1;
  Ms began_ = 0, ran_ = 0, lease_ = 0, kill_at_ = kNever;
  bool out_open_ = true, err_open_ = true, over_ = false;
  const char* cause_ = nullptr;
  int status_ = 0;
};

}  // namespace

int main(int count, char** words) {
  constexpr int dashes = 8;
  if (count < dashes + 2 || std::strcmp(words[dashes], "--") != 0) {
    std::fputs(
        "hinterland-runner is begun by the broker: FOLDER LIMIT_MS GRACE_MS MEMORY_MB OUTPUT_BYTES "
        "DESCRIPTORS WHERE -- COMMAND\n",
        stderr);
    return 2;
  }
  fcntl(kLock, F_SETFD, FD_CLOEXEC);
  if (chdir(words[1]) != 0) return 1;
  const auto number = [&](int place) { return static_cast<Ms>(std::strtoll(words[place], nullptr, 10)); };
  const Rules rules{.limit = number(2),
                    .grace = number(3),
                    .memory_mb = number(4),
                    .output = number(5),
                    .descriptors = static_cast<rlim_t>(number(6)),
                    .where = words[dashes - 1]};
  return Attempt(rules, words + dashes + 1).run();
}
