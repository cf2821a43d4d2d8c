#include "hinterland/executor/local.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "hinterland/executor/boot_clock.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

// A pool in a folder of its own, with a lease for as long as is wanted, and what its executor said.
struct Desk {
  fs::path folder = fs::temp_directory_path() / ("hinterland-executor-" + std::to_string(getpid()));
  std::vector<Event> heard;
  std::unique_ptr<LocalExecutor> executor;
  Term term{1};
  AttemptId last{1000};  // that the journal knows of

  explicit Desk(std::int64_t lease_ms = 60'000) {
    fs::remove_all(folder);
    begin(lease_ms);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk() {
    executor.reset();
    fs::remove_all(folder);
  }
  void begin(std::int64_t lease_ms = 60'000) {
    auto opened = LocalExecutor::open({.pool = PoolIndex{0},
                                       .folder = folder.string(),
                                       .runner = {.program = HINTERLAND_RUNNER, .grace = {300}}},
                                      last, [this](Event event) { heard.push_back(std::move(event)); });
    REQUIRE(opened);
    executor = std::move(*opened);
    grant(lease_ms);
  }
  void grant(std::int64_t lease_ms) {
    executor->hear(effect::Grant{.pool = PoolIndex{0}, .term = term, .sent = boot_ms(), .lease = {lease_ms}});
  }
  void launch(std::uint64_t attempt, const std::string& script, std::int64_t limit_ms = 60'000,
              std::int64_t memory_gb = 0) {
    run(attempt, {"/bin/sh", "-c", script}, limit_ms, memory_gb);
  }
  void run(std::uint64_t attempt, std::vector<std::string> arguments, std::int64_t limit_ms = 60'000,
           std::int64_t memory_gb = 0,
           std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "FRAME=7"}) {
    executor->hear(
        effect::Launch{.attempt = {attempt}, .task = TaskIndex{0}, .pool = PoolIndex{0}, .term = term},
        {.arguments = std::move(arguments),
         .environment = std::move(environment),
         .limit = {limit_ms},
         .size = {.cores = 1, .gpus = 0, .memory_gb = memory_gb}});
  }
  // Waits for the end of an attempt as the broker's shell does.
  event::Ended ended(std::uint64_t attempt) {
    for (const std::int64_t until = boot_ms() + 20'000; boot_ms() < until;) {
      for (const Event& event : heard) {
        const auto* end = std::get_if<event::Ended>(&event);
        if (end != nullptr && end->attempt.value == attempt) return *end;
      }
      pollfd one{.fd = executor->fd(), .events = POLLIN, .revents = 0};
      if (poll(&one, 1, 200) == 0) executor->beat();
      executor->look();
    }
    FAIL("it did not end");
    return {};
  }
  std::string text(std::uint64_t attempt, const std::string& name) const {
    std::ifstream file(fs::path(executor->folder_of({attempt})) / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  // What an attempt wrote into its folder, once it is there.
  std::string wait_for(std::uint64_t attempt, const std::string& name) const {
    for (int k = 0; k < 1000; ++k) {
      if (std::string said = text(attempt, name); said.ends_with('\n')) return said;
      usleep(10'000);
    }
    return "";
  }
  pid_t runner(std::uint64_t attempt) const {
    const pid_t process = std::atoi(wait_for(attempt, "lock").c_str());
    REQUIRE(process > 0);
    return process;
  }
};

bool is_alive(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string number, name, state;
  return file >> number >> name >> state && state != "Z";
}
bool is_gone_soon(pid_t process) {
  for (int k = 0; k < 300 && is_alive(process); ++k) usleep(10'000);
  return !is_alive(process);
}

}  // namespace

TEST_CASE("an attempt runs in its own folder, and its end says how") {
  Desk desk;
  desk.launch(1, "echo out $FRAME; echo err >&2; pwd > here; exit 0");
  const event::Ended end = desk.ended(1);
  CHECK(end.cause == Cause::done);
  CHECK(end.status == 0);
  CHECK(!end.host.empty());
  CHECK(desk.text(1, "stdout.log") == "out 7\n");
  CHECK(desk.text(1, "stderr.log") == "err\n");
  CHECK(desk.text(1, "work/here") == desk.executor->folder_of({1}) + "/work\n");
  desk.launch(2, "exit 3");
  CHECK(desk.ended(2).cause == Cause::failed);
  CHECK(desk.ended(2).status == 3);
  desk.launch(3, "kill -SEGV $$");
  CHECK(desk.ended(3).status == 128 + SIGSEGV);
  desk.launch(4, "exit 75");
  CHECK(desk.ended(4).cause == Cause::no_licence);
  desk.launch(5, "sleep 30", 200);
  CHECK(desk.ended(5).cause == Cause::out_of_time);
  CHECK(desk.ended(5).ran.ms >= 200);
  desk.launch(6, "head -c 300000000 /dev/zero | tail -c 300000000 | wc -c", 60'000, 0);
  CHECK(desk.ended(6).cause == Cause::done);
}

TEST_CASE("a command that cannot be run fails, and says why") {
  Desk desk;
  desk.run(1, {"no-such-command"});
  CHECK(desk.ended(1).cause == Cause::failed);
  CHECK(desk.ended(1).status == 127);
  CHECK(desk.text(1, "stderr.log").contains("cannot run no-such-command: No such file or directory"));
  desk.run(2, {"/bin/true"}, 1000, 0, {"LARGE=" + std::string(1 << 20, 'x')});
  CHECK(desk.ended(2).cause == Cause::failed);
  CHECK(desk.text(2, "stderr.log").contains("Argument list too long"));
  std::vector<std::string> environment;
  for (int k = 0; k < 10; ++k)
    environment.push_back("V" + std::to_string(k) + "=" + std::string(100'000, 'x'));
  desk.run(3, {"/bin/true"}, 10'000, 0, environment);  // a megabyte in all
  CHECK(desk.ended(3).cause == Cause::done);
  desk.run(4, {"/bin/echo", "影视 渲染 \xF0\x9F\x8E\xAC", "a\nb"});
  CHECK(desk.ended(4).cause == Cause::done);
  CHECK(desk.text(4, "stdout.log") == "影视 渲染 \xF0\x9F\x8E\xAC a\nb\n");
}

TEST_CASE("a kill ends all that an attempt began, whatever it does against that") {
  Desk desk;
  desk.launch(1,
              "trap '' TERM; setsid sh -c 'trap \"\" TERM; echo $$ > ../escaped; sleep 100' & echo $$ > "
              "../shell; sleep 100");
  const pid_t escaped = std::atoi(desk.wait_for(1, "escaped").c_str()),
              shell = std::atoi(desk.wait_for(1, "shell").c_str());
  CHECK(is_alive(escaped));
  desk.executor->hear(effect::Kill{.attempt = {1}, .pool = PoolIndex{0}});
  CHECK(desk.ended(1).cause == Cause::killed);
  CHECK(is_gone_soon(shell));
  CHECK(is_gone_soon(escaped));
  // What it does not know it will not begin.
  desk.executor->hear(effect::Kill{.attempt = {9}, .pool = PoolIndex{0}});
  CHECK(desk.ended(9).cause == Cause::absent);
  desk.launch(9, "true");
  CHECK_FALSE(fs::exists(desk.folder / "9"));
}

TEST_CASE("attempts go on while there is no executor, and the next one finds them") {
  Desk desk;
  desk.launch(1, "while [ ! -e ../go ]; do sleep 0.02; done; echo done");
  desk.launch(2, "echo ended");
  desk.ended(2);
  const pid_t runner = desk.runner(1);
  desk.executor.reset();
  desk.heard.clear();
  CHECK(is_alive(runner));
  desk.term = {2};
  desk.begin();
  desk.executor->beat();
  const auto* heartbeat = std::get_if<event::Heartbeat>(&desk.heard.front());
  REQUIRE(heartbeat != nullptr);
  CHECK(heartbeat->known == std::vector<AttemptId>{{1}, {2}});
  CHECK(desk.ended(2).cause == Cause::done);
  desk.launch(1, "echo twice");  // said again
  CHECK(std::holds_alternative<event::Began>(desk.heard.back()));
  std::ofstream(desk.folder / "1" / "go") << '\n';
  CHECK(desk.ended(1).cause == Cause::done);
  CHECK(desk.text(1, "stdout.log") == "done\n");
  desk.executor->hear(effect::Forget{.attempt = {1}, .pool = PoolIndex{0}});
  CHECK(desk.text(1, "stdout.log") == "done\n");
  desk.heard.clear();
  desk.executor->beat();
  CHECK(std::get<event::Heartbeat>(desk.heard.front()).known == std::vector<AttemptId>{{2}});
}

TEST_CASE("when the lease is over attempts end, even if there is nobody to end them") {
  Desk desk(700);
  desk.launch(1, "sleep 100");
  const pid_t runner = desk.runner(1);
  desk.executor.reset();
  CHECK(is_gone_soon(runner));
  desk.heard.clear();
  desk.begin();
  CHECK(desk.ended(1).cause == Cause::lost);
}

TEST_CASE("an attempt that was stopped for longer than its lease ends when it goes on") {
  Desk desk(600);
  desk.launch(1, "echo $$ > ../shell; sleep 0.3; sleep 0.3; sleep 0.3; touch late");
  const pid_t shell = std::atoi(desk.wait_for(1, "shell").c_str()), runner = desk.runner(1);
  kill(runner, SIGSTOP);
  kill(-shell, SIGSTOP);
  usleep(900'000);
  kill(runner, SIGCONT);
  usleep(50'000);
  kill(-shell, SIGCONT);
  CHECK(desk.ended(1).cause == Cause::lost);
  CHECK(is_gone_soon(shell));
  CHECK_FALSE(fs::exists(desk.folder / "1" / "work" / "late"));
}

TEST_CASE("an attempt that is stopped does not outlast its time, however long its lease is") {
  Desk desk;
  desk.launch(1, "echo $$ > ../shell; sleep 100", 300);
  const pid_t shell = std::atoi(desk.wait_for(1, "shell").c_str()), runner = desk.runner(1);
  kill(runner, SIGSTOP);
  kill(-shell, SIGSTOP);
  CHECK(desk.ended(1).cause == Cause::out_of_time);
  CHECK(is_gone_soon(shell));
}

TEST_CASE("a lease that is extended lets them go on") {
  Desk desk(500);
  desk.launch(1, "sleep 1; echo through");
  for (int k = 0; k < 4; ++k) {
    usleep(200'000);
    desk.grant(500);
  }
  desk.grant(60'000);
  CHECK(desk.ended(1).cause == Cause::done);
  // None is begun without one, nor of an earlier term.
  Desk other(0);
  other.launch(1, "true");
  CHECK_FALSE(fs::exists(other.folder / "1"));
  other.term = {5};
  other.grant(60'000);
  other.term = {4};
  other.launch(2, "true");
  CHECK_FALSE(fs::exists(other.folder / "2"));
}

TEST_CASE("a runner that is killed takes its attempt along, and leaves no orphan") {
  Desk desk;
  desk.launch(1, "setsid sleep 100 & echo $! > ../orphan; sleep 100");
  const pid_t orphan = std::atoi(desk.wait_for(1, "orphan").c_str()), runner = desk.runner(1);
  CHECK(is_alive(orphan));
  kill(runner, SIGKILL);
  CHECK(desk.ended(1).cause == Cause::host_failed);
  CHECK(is_gone_soon(orphan));
}

TEST_CASE("a folder with attempts of another journal is not used") {
  Desk desk;
  desk.launch(7, "true");
  desk.ended(7);
  desk.executor.reset();
  const auto open = [&](std::uint64_t last) {
    return LocalExecutor::open(
        {.pool = PoolIndex{0}, .folder = desk.folder.string(), .runner = {.program = HINTERLAND_RUNNER}},
        {last}, [](const Event&) {});
  };
  CHECK(open(7));
  REQUIRE_FALSE(open(6));
  CHECK(open(6).error().front().what ==
        "Here is attempt 7, and the journal knows of 6: they are of another journal.");
  desk.begin();
  desk.executor->hear(effect::Forget{.attempt = {7}, .pool = PoolIndex{0}});
  desk.executor.reset();
  CHECK_FALSE(open(0));  // what is over counts, too
}

TEST_CASE("what is done has its outputs, and they are published whole, once, by what is in them") {
  Desk desk;
  const fs::path store = desk.folder / "store";
  const auto run = [&](std::uint64_t attempt, const std::string& script, std::vector<std::string> outputs) {
    desk.executor->hear(
        effect::Launch{.attempt = {attempt}, .task = TaskIndex{0}, .pool = PoolIndex{0}, .term = desk.term},
        {.arguments = {"/bin/sh", "-c", script}, .limit = {60'000}, .outputs = std::move(outputs)});
    return desk.ended(attempt).cause;
  };
  const auto objects = [&] {
    return std::distance(fs::directory_iterator(store / "objects"), fs::directory_iterator());
  };
  CHECK(run(1, "mkdir a; echo one > a/1; echo two > 2", {"a/1", "2"}) == Cause::done);
  for (int twice = 0; twice < 2; ++twice)
    REQUIRE(publish_attempt(desk.folder.string(), store.string(), {.job = 5, .task = 3, .attempt = 1}));
  CHECK(objects() == 2);
  std::ifstream file(store / "results" / "5" / "3.json");
  const std::string manifest{std::istreambuf_iterator<char>(file), {}};
  CHECK(manifest.contains("\"attempt\": 1"));
  CHECK(manifest.contains("\"path\": \"a/1\""));
  CHECK(run(2, "echo one > same; echo three > 3", {"same", "3"}) == Cause::done);
  REQUIRE(publish_attempt(desk.folder.string(), store.string(), {.job = 5, .task = 4, .attempt = 2}));
  CHECK(objects() == 3);  // one of the two was there
  // What is not there, or elsewhere, or no file.
  CHECK(run(3, "true", {"missing"}) == Cause::failed);
  CHECK(desk.text(3, "stderr.log").contains("Output missing is not there"));
  CHECK(run(4, "ln -s /etc/passwd out", {"out"}) == Cause::failed);
  CHECK(desk.text(4, "stderr.log").contains("leads out of its folder"));
  CHECK(run(5, "ln -s /etc dir", {"dir/passwd"}) == Cause::failed);
  CHECK(run(6, "true", {"../lock"}) == Cause::failed);
  CHECK(run(7, "mkfifo out", {"out"}) == Cause::failed);
  CHECK(run(8, "exit 0", {"/etc/passwd"}) == Cause::failed);
}

TEST_CASE("of long output the newest is kept") {
  Desk desk;
  desk.executor.reset();
  auto opened = LocalExecutor::open({.pool = PoolIndex{0},
                                     .folder = desk.folder.string(),
                                     .runner = {.program = HINTERLAND_RUNNER, .output_bytes = 100'000}},
                                    desk.last, [&](Event event) { desk.heard.push_back(std::move(event)); });
  REQUIRE(opened);
  desk.executor = std::move(*opened);
  desk.grant(60'000);
  desk.launch(1, "seq 1 200000");
  CHECK(desk.ended(1).cause == Cause::done);
  CHECK(desk.text(1, "stdout.log").ends_with("199999\n200000\n"));
  CHECK(desk.text(1, "stdout.log").size() <= 100'000);
  CHECK(desk.text(1, "stdout.log.1").size() <= 100'000);
}

TEST_CASE("a folder has one executor, and needs a runner") {
  Desk desk;
  const auto second = LocalExecutor::open(
      {.pool = PoolIndex{0}, .folder = desk.folder.string(), .runner = {.program = HINTERLAND_RUNNER}},
      desk.last, {});
  REQUIRE_FALSE(second);
  CHECK(describe(second.error().front()).contains("Another process runs attempts here."));
  const auto none = LocalExecutor::open(
      {.pool = PoolIndex{0}, .folder = desk.folder.string(), .runner = {.program = "/no/runner"}}, desk.last,
      {});
  REQUIRE_FALSE(none);
  CHECK(describe(none.error().front()).starts_with("/no/runner: The runner of attempts cannot be run"));
}

}  // namespace hinterland
