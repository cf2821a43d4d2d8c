#include "hinterland/executor/folder_lock.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace hinterland {

namespace {

namespace fs = std::filesystem;

// A folder, and a process that holds its lock for a journal.
struct Desk {
  fs::path folder = fs::temp_directory_path() / ("hinterland-lock-" + std::to_string(getpid()));
  pid_t holder = 0;

  explicit Desk(const std::string& journal, unsigned for_ms = 60'000) {
    fs::remove_all(folder);
    fs::create_directory(folder);
    int said[2];
    REQUIRE(pipe(said) == 0);
    holder = fork();
    if (holder == 0) {
      const auto lock = lock_folder(folder.string(), journal);
      static_cast<void>(!write(said[1], lock ? "1" : "0", 1));
      usleep(1000 * for_ms);
      std::_Exit(0);
    }
    char word = 0;
    REQUIRE(read(said[0], &word, 1) == 1);
    REQUIRE(word == '1');
    close(said[0]);
    close(said[1]);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk() {
    kill(holder, SIGKILL);
    end();
    fs::remove_all(folder);
  }
  int end() const {  // how the holder ended
    int status = 0;
    waitpid(holder, &status, 0);
    return status;
  }
  [[nodiscard]] bool lives() const { return waitpid(holder, nullptr, WNOHANG) == 0; }
  [[nodiscard]] std::string trouble(const std::string& journal) const {
    const auto lock = lock_folder(folder.string(), journal);
    return lock ? "none" : lock.error().front().what;
  }
};

}  // namespace

TEST_CASE("a folder is held by one process, and by none that serves another journal") {
  for (const auto& [its, ours] : {std::pair("", ""), {"films", ""}, {"", "films"}, {"films", "scans"}}) {
    const Desk desk(its);
    CHECK(desk.trouble(ours) == "Another process runs attempts here.");
    CHECK(desk.lives());
  }
}

TEST_CASE("whoever led this journal before is ended, frozen or not, before its folder is another's") {
  for (const bool frozen : {false, true}) {
    Desk desk("films");
    if (frozen) kill(desk.holder, SIGSTOP);
    CHECK(desk.trouble("films") == "none");
    const int status = desk.end();
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
  }
}

TEST_CASE("whoever goes by itself is not ended") {
  Desk desk("films", 500);
  CHECK(desk.trouble("films") == "none");
  const int status = desk.end();
  CHECK(WIFEXITED(status));
  CHECK(desk.trouble("scans") == "none");
}

TEST_CASE("a folder that cannot be written is told") {
  CHECK(lock_folder("/proc/nowhere", "").error().front().outside);
}

}  // namespace hinterland
