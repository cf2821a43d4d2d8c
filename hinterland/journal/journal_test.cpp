#include "hinterland/journal/journal.hpp"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>

#include "hinterland/journal/codec.hpp"
#include "hinterland/journal/sqlite.hpp"
#include "hinterland/journal/sqlite_store.hpp"
#include "hinterland/journal/test_steps.hpp"
#include "hinterland/journal/test_store.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;
using namespace test;

// A file for a journal, gone at the end.
struct Desk {
  fs::path folder = fs::temp_directory_path() / ("hinterland-journal-" + std::to_string(getpid()));
  std::string file = (folder / "journal.db").string();
  SilentProgress silent;
  Desk() {
    fs::remove_all(folder);
    fs::create_directory(folder);
  }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk() { fs::remove_all(folder); }

  [[nodiscard]] Journal open() const {
    auto journal = Journal::open(file, true);
    REQUIRE(journal);
    return std::move(*journal);
  }
  [[nodiscard]] std::string trouble() const {  // of opening it
    const auto journal = Journal::open(file, false);
    return journal ? "none" : describe(journal.error().front());
  }
  void sql(const char* text) const {
    auto database = SqliteDatabase::open(file, false);
    REQUIRE(database);
    REQUIRE(database->run(text));
  }
};

}  // namespace

TEST_CASE("a journal has one broker at a time") {
  Desk desk;
  const Journal first = desk.open();
  CHECK(desk.trouble() == desk.file +
                              ": Another process has it open. A journal has one broker at a time: stop that "
                              "one, or name another file.");
}

TEST_CASE("what is no journal, or of a later version, is left alone") {
  Desk desk;
  CHECK(desk.trouble() == desk.file + ": There is no such file.");
  std::ofstream(desk.file)
      << "SELECT * FROM nothing; this is text, and long enough to be looked at as a page of one.";
  CHECK(desk.trouble().starts_with(desk.file + ": It is no SQLite database."));
  fs::remove(desk.file);
  {
    auto other = SqliteDatabase::open(desk.file, true);
    REQUIRE(other);
    REQUIRE(other->run("CREATE TABLE films(name TEXT)"));
  }
  CHECK(desk.trouble().starts_with(desk.file + ": It is another program's database."));
  fs::remove(desk.file);
  static_cast<void>(desk.open());
  desk.sql("PRAGMA user_version = 7");
  CHECK(desk.trouble() == desk.file +
                              ": It is of version 7, and this program knows none after 1. Use the program "
                              "that wrote it, or a later one.");
  fs::remove(desk.file);
  fs::create_directory(desk.file);
  CHECK(desk.trouble().starts_with(desk.file + ": It is no file."));
}

TEST_CASE("a page of the file that is damaged stops the journal there, wherever it is") {
  Desk desk;
  std::vector<Facts> steps = {beginning()};
  for (int i = 0; i < 400; ++i) steps.push_back(submission(std::string(200, 'x') + std::to_string(i)));
  {
    Journal journal = desk.open();
    REQUIRE(journal.recover(desk.silent));
    REQUIRE(journal.append(steps));
  }
  const auto pages = fs::file_size(desk.file) / 4096;
  REQUIRE(pages > 20);
  const fs::path copy = desk.folder / "copy";
  fs::copy_file(desk.file, copy);
  int found = 0, located = 0;
  for (std::uintmax_t page = 0; page < pages; ++page) {
    fs::copy_file(copy, desk.file, fs::copy_options::overwrite_existing);
    {
      std::fstream bytes(desk.file, std::ios::in | std::ios::out | std::ios::binary);
      bytes.seekp(static_cast<std::streamoff>(page * 4096 + 2000));
      bytes << std::string(64, '\xA5');
    }
    auto journal = Journal::open(desk.file, false);
    if (!journal) {
      ++found;
      continue;
    }
    // Damage where nothing is written changes nothing; any other is told.
    const auto all = journal->recover(desk.silent);
    if (all) {
      CHECK(all->state == fold(steps));
    } else {
      ++found;
      const std::string said = describe(all.error().front());
      if (said.contains("step ")) ++located;
    }
  }
  CHECK(found > 15);
  CHECK(located > 10);
}

TEST_CASE("of a log that was torn anywhere, whole steps are there, from the first on, and no others") {
  Desk desk;
  const std::string log = desk.file + "-wal";
  const fs::path file_then = desk.folder / "file", log_then = desk.folder / "log";
  {
    Journal journal = desk.open();
    REQUIRE(journal.recover(desk.silent));
    for (const Facts& facts : kSteps) REQUIRE(append_one(journal, facts));
    fs::copy_file(desk.file, file_then);
    fs::copy_file(log, log_then);
  }
  const auto survived = [&](const std::string& bytes) {
    for (const char* const rest : {"-wal", "-shm"}) fs::remove(desk.file + rest);
    fs::copy_file(file_then, desk.file, fs::copy_options::overwrite_existing);
    std::ofstream(log, std::ios::binary) << bytes;
    Journal journal = desk.open();
    const auto all = journal.recover(desk.silent);
    REQUIRE(all);
    const auto steps = static_cast<std::ptrdiff_t>(all->steps);
    CHECK(all->state == fold({kSteps.begin(), kSteps.begin() + steps}));
    return all->steps;
  };
  std::ifstream stream(log_then, std::ios::binary);
  const std::string whole(std::istreambuf_iterator<char>(stream), {});
  REQUIRE(survived(whole) == kSteps.size());
  std::uint64_t before = 0;
  std::set<std::uint64_t> seen;
  for (std::size_t size = 0; size < whole.size(); size += 1009) {  // a prime: cuts fall everywhere in a frame
    const std::uint64_t steps = survived(whole.substr(0, size));
    CHECK(steps >= before);
    seen.insert(before = steps);
  }
  CHECK(seen.size() == kSteps.size());  // the last needs all of it
  for (std::size_t at = 500; at < whole.size(); at += 4001) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    CHECK(survived(flipped) <= kSteps.size());
  }
}

TEST_CASE("when the disk takes no more nothing is acknowledged, and what was is there") {
  Desk desk;
  std::size_t acknowledged = 0;
  {
    Journal journal = desk.open();
    REQUIRE(journal.recover(desk.silent));
    REQUIRE(append_one(journal, beginning()));
    const auto more = [&] {
      return append_one(journal, submission(std::string(5000, 'x') + std::to_string(acknowledged)));
    };
    // No file of this process may grow past half a megabyte.
    signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    const rlimit small{.rlim_cur = 1U << 19U, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    auto done = more();
    for (; done; done = more()) ++acknowledged;
    setrlimit(RLIMIT_FSIZE, &before);
    CHECK(done.error().front().outside);
    CHECK(describe(more().error().front()) == desk.file + ": Nothing is written after a failure.");
  }
  CHECK(acknowledged > 10);
  Journal journal = desk.open();
  const auto all = journal.recover(desk.silent);
  REQUIRE(all);
  CHECK(all->state.jobs.size() == acknowledged);
}

TEST_CASE("requests that lie close together are read at once, and wide gaps are passed over") {
  auto rows = std::make_unique<RowsInMemory>();
  const RowsInMemory& store = *rows;
  Journal journal(std::move(rows));
  REQUIRE(append_one(journal, beginning()));
  constexpr std::size_t count = 3000;
  for (std::size_t job = 0; job < count; ++job) REQUIRE(append_one(journal, submission(std::to_string(job))));
  std::vector<JobNumber> all;
  for (std::size_t job = 0; job < count; ++job) all.emplace_back(job);
  std::size_t got = 0;
  REQUIRE(journal.requests_of(all, [&](JobNumber job, const JobRequest& request) {
    got += std::size_t{request.what == std::to_string(job.value)};
  }));
  CHECK(got == count);
  CHECK(store.times_read_jobs == 1);
  const std::vector<JobNumber> ends = {JobNumber{0}, JobNumber{1}, JobNumber{2999}};
  REQUIRE(journal.requests_of(ends, [](JobNumber, const JobRequest&) {}));
  CHECK(store.times_read_jobs == 3);
}

TEST_CASE("what is in a journal is nobody else's business") {
  const fs::path file = fs::temp_directory_path() / ("hinterland-private-" + std::to_string(getpid()));
  {
    auto store = open_sqlite_store(file.string(), true);
    REQUIRE(store);
    for (const char* const beside : {"", "-wal"}) {
      const fs::path one = file.string() + beside;
      if (*beside != 0 && !fs::exists(one)) continue;
      CHECK((fs::status(one).permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
            fs::perms::none);
    }
  }
  for (const char* const beside : {"", "-wal", "-shm"}) fs::remove(file.string() + beside);
}

}  // namespace hinterland
