// A PostgreSQL server of a test's own: in a temporary folder, on a socket there, gone at the end, and with its parent.
//
// Where none is installed, a test that wants one prints "skipped: why"; with $HINTERLAND_NO_SKIP set, a skip is a failure.
#pragma once
#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/journal/postgres.hpp"

namespace hinterland::test {

class PostgresServer {
 public:
  static std::unique_ptr<PostgresServer> start() {
    const auto programs = find_programs();
    if (!programs || access("/usr/bin/setpriv", X_OK) != 0) {
      const std::string why = "skipped: there is no PostgreSQL server here (or no setpriv)";
      if (std::getenv("HINTERLAND_NO_SKIP") != nullptr) FAIL(why);
      MESSAGE(why);
      return nullptr;
    }
    return std::unique_ptr<PostgresServer>(new PostgresServer(*programs));
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer() {
    end(SIGQUIT);
    std::filesystem::remove_all(folder_);
  }

  [[nodiscard]] std::string url(const std::string& database = "postgres",
                                const std::string& user = "hl") const {
    return "postgresql://" + user + "@/" + database + "?host=" + folder_.string();
  }
  void run(const std::string& script, const std::string& database = "postgres") const {
    const auto done = connect(database).run(script);
    if (!done) FAIL(describe(done.error().front()));
  }
  [[nodiscard]] PostgresConnection connect(const std::string& database = "postgres") const {
    auto made = PostgresConnection::open(*PostgresUrl::parse(url(database)), {5000});
    if (!made) FAIL(describe(made.error().front()));
    return std::move(*made);
  }
  // All its processes at once, as a machine that loses its power would; but that what it wrote is with the kernel.
  void kill() {
    std::vector<pid_t> all = {server_};
    std::ifstream children("/proc/" + std::to_string(server_) + "/task/" + std::to_string(server_) +
                           "/children");
    for (pid_t child = 0; children >> child;) all.push_back(child);
    for (const pid_t one : all) ::kill(one, SIGKILL);
    waitpid(server_, nullptr, 0);
    server_ = 0;
  }
  void freeze(int signal) const {  // SIGSTOP, SIGCONT
    std::ifstream children("/proc/" + std::to_string(server_) + "/task/" + std::to_string(server_) +
                           "/children");
    for (pid_t child = 0; children >> child;) ::kill(child, signal);
    ::kill(server_, signal);
  }
  void stop() { end(SIGINT); }
  // Again, with these settings beside its own ("-c", "fsync=off").
  void go_on(const std::vector<std::string>& settings = {}) {
    std::vector<std::string> words = {programs_ + "/postgres",
                                      "-D",
                                      data(),
                                      "-c",
                                      "listen_addresses=",
                                      "-c",
                                      "unix_socket_directories=" + folder_.string()};
    words.insert(words.end(), settings.begin(), settings.end());
    for (int k = 0; k < 200; ++k) {
      if (server_ == 0) server_ = spawn(words);
      if (PostgresConnection::open(*PostgresUrl::parse(url()), {5000})) return;
      usleep(50'000);
      // Processes of one that was killed may hold its memory for a moment yet.
      if (waitpid(server_, nullptr, WNOHANG) == server_) server_ = 0;
    }
    std::ifstream log(folder_ / "log");
    FAIL("PostgreSQL does not start: ", std::string(std::istreambuf_iterator<char>(log), {}));
  }

 private:
  static std::optional<std::string> find_programs() {
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
      const auto programs = version.path() / "bin";
      if (access((programs / "initdb").c_str(), X_OK) == 0 &&
          access((programs / "postgres").c_str(), X_OK) == 0)
        found.push_back(programs.string());
    }
    return found.empty() ? std::nullopt : std::optional(*std::ranges::max_element(found));
  }

  explicit PostgresServer(std::string programs) : programs_(std::move(programs)) {
    static int servers = 0;
    folder_ = std::filesystem::temp_directory_path() /
              ("hinterland-pg-" + std::to_string(getpid()) + "-" + std::to_string(++servers));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
    if (geteuid() == 0) REQUIRE(chown(folder_.c_str(), kNobody, kNobody) == 0);
    const pid_t made = spawn({programs_ + "/initdb", "-D", data(), "-U", "hl", "-A", "trust", "--no-sync",
                              "--locale=C", "-E", "UTF8"});
    int status = 0;
    waitpid(made, &status, 0);
    REQUIRE(status == 0);
    go_on();
  }
  [[nodiscard]] std::string data() const { return (folder_ / "data").string(); }

  // It does not run as root, and ends with this process whatever becomes of that.
  [[nodiscard]] pid_t spawn(const std::vector<std::string>& command) const {
    std::vector<std::string> words = {"/usr/bin/setpriv", "--pdeathsig", "QUIT"};
    if (geteuid() == 0) words.insert(words.end(), {"--reuid=nobody", "--regid=nogroup", "--clear-groups"});
    words.insert(words.end(), command.begin(), command.end());
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const std::string log = (folder_ / "log").string();
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(), O_CREAT | O_APPEND | O_WRONLY, 0666);
    posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    posix_spawn_file_actions_addchdir_np(&files, "/");
    pid_t child = 0;
    REQUIRE(posix_spawn(&child, arguments.front(), &files, nullptr, arguments.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&files);
    return child;
  }
  void end(int signal) {
    if (server_ == 0) return;
    ::kill(server_, signal);
    waitpid(server_, nullptr, 0);
    server_ = 0;
  }

  static constexpr unsigned kNobody = 65534;
  std::string programs_;
  std::filesystem::path folder_;
  pid_t server_ = 0;
};

// One for all tests of a program that leave it as it is; none where it is skipped.
inline PostgresServer* shared_postgres() {
  static const std::unique_ptr<PostgresServer> kServer = PostgresServer::start();
  return kServer.get();
}

}  // namespace hinterland::test
