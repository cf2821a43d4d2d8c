#include "hinterland/journal/open_to_read.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <utility>

#include "hinterland/journal/step_json.hpp"
#include "hinterland/journal/test_steps.hpp"

namespace hinterland {

using test::append_one;
using test::kSteps;
using test::submission;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() { REQUIRE(mkdtemp(name_.data()) != nullptr); }
  ~Folder() { fs::remove_all(name_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const char* file) const { return name_ + "/" + file; }

 private:
  std::string name_ = (fs::temp_directory_path() / "hinterland-read-XXXXXX").string();
};

Journal make(const std::string& file) {
  auto journal = Journal::open(file, true);
  REQUIRE(journal);
  SilentProgress silent;
  REQUIRE(journal->recover(silent));
  return std::move(*journal);
}

// All steps, as JSON.
std::vector<std::string> all_of(const std::string& where) {
  auto journal = ReadJournal::open(where);
  REQUIRE(journal);
  std::vector<Facts> steps;
  const auto read = journal->read_facts([&](const Journal::Told& told) {
    steps.resize(told.step);
    steps.back().push_back(told.fact);
    return true;
  });
  REQUIRE(read);
  steps.resize(read->steps);
  std::vector<std::string> lines;
  for (const Facts& facts : steps) lines.push_back(step_json(lines.size() + 1, facts));
  return lines;
}

std::vector<std::string> as_json(const std::vector<Facts>& steps) {
  std::vector<std::string> lines;
  for (const Facts& facts : steps) lines.push_back(step_json(lines.size() + 1, facts));
  return lines;
}

}  // namespace

TEST_CASE("a file, and what was exported of it, read the same") {
  const Folder folder;
  {
    Journal journal = make(folder / "a.db");
    REQUIRE(journal.append(kSteps));
  }
  CHECK(all_of(folder / "a.db") == as_json(kSteps));
  std::ofstream out(folder / "a.jsonl");
  for (const std::string& line : as_json(kSteps)) out << line << '\n';
  out.close();
  CHECK(all_of(folder / "a.jsonl") == as_json(kSteps));
}

TEST_CASE("what is no journal is refused, with its place") {
  const Folder folder;
  const auto refused = [&](const char* name) {
    auto journal = ReadJournal::open(folder / name);
    if (!journal) return describe(journal.error().front());
    const auto read = journal->read_facts([](const Journal::Told&) { return true; });
    REQUIRE_FALSE(read);
    return describe(read.error().front());
  };
  CHECK(refused("none.db").contains("no such file"));
  fs::create_directory(folder / "folder");
  CHECK(refused("folder").contains("no file"));
  const auto write = [&](const char* name, const std::string& text) { std::ofstream(folder / name) << text; };
  const std::vector<std::string> lines = as_json(kSteps);
  write("cut.jsonl", lines[0] + "\n" + lines[1].substr(0, lines[1].size() / 2));
  CHECK(refused("cut.jsonl").contains("cut.jsonl:2"));
  write("order.jsonl", lines[1] + "\n");
  CHECK(refused("order.jsonl").contains("order.jsonl:1"));
  write("other.jsonl", lines[0] + "\n" + R"({"step":2,"facts":[{"fact":"from the future"}]})" + "\n");
  CHECK(refused("other.jsonl").contains("not known"));
  write("wrong.jsonl", R"({"step":1,"facts":[{"fact":"done","task":3}]})");
  CHECK(refused("wrong.jsonl").contains("wrong.jsonl:1"));
}

TEST_CASE("the file of a process that writes it is read as it stood at some moment, and is not touched") {
  const Folder folder;
  const std::string file = folder / "live.db";
  std::array<int, 2> told{};
  REQUIRE(pipe(told.data()) == 0);
  const pid_t writer = fork();
  if (writer == 0) {
    Journal journal = make(file);
    const bool begun = journal.append(std::vector<Facts>{kSteps[0]}).has_value();
    [[maybe_unused]] const auto said = write(told[1], begun ? "y" : "n", 1);
    for (std::uint64_t k = 0; begun; ++k) {
      if (!append_one(journal, submission(std::to_string(k) + std::string(2000, 'x')))) break;
    }
    while (true) pause();
  }
  char begun = 'n';
  REQUIRE(read(told[0], &begun, 1) == 1);
  REQUIRE(begun == 'y');
  CHECK_FALSE(Journal::open(file, false));  // it is the writer's
  std::uint64_t before = 0;
  for (int k = 0; k < 8; ++k) {
    auto journal = ReadJournal::open(file);
    REQUIRE(journal);
    CHECK(journal->is_live());
    std::uint64_t jobs = 0;
    const auto read = journal->read_facts([&](const Journal::Told& one) {
      if (std::holds_alternative<fact::Accepted>(one.fact)) ++jobs;
      return true;
    });
    REQUIRE(read);
    CHECK(read->steps == jobs + 1);
    CHECK(read->steps >= before);
    before = read->steps;
    usleep(20'000);
  }
  CHECK(before > 10);
  kill(writer, SIGKILL);
  waitpid(writer, nullptr, 0);
  close(told[0]);
  close(told[1]);
  SilentProgress silent;
  auto after = Journal::open(file, false);
  REQUIRE(after);
  const auto whole = after->check(silent);
  REQUIRE(whole);
  CHECK(whole->steps >= before);
}

}  // namespace hinterland
