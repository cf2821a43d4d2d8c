// What a journal promises, whatever keeps its rows: the same cases for SQLite and PostgreSQL.
#include "hinterland/journal/store.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#define XXH_INLINE_ALL
#include <unistd.h>
#include <xxhash.h>

#include <filesystem>
#include <memory>

#include "hinterland/journal/codec.hpp"
#include "hinterland/journal/postgres_store.hpp"
#include "hinterland/journal/sqlite.hpp"
#include "hinterland/journal/sqlite_store.hpp"
#include "hinterland/journal/test_postgres.hpp"
#include "hinterland/journal/test_steps.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;
using namespace test;

constexpr std::size_t kLarge = 9U << 20U;  // two of them are more than PostgreSQL gets in one statement

// A place for a journal, empty again and again.
class Place {
 public:
  Place() = default;
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  virtual ~Place() = default;
  virtual void make_anew() = 0;
  virtual void sql(const std::string& text) = 0;
  [[nodiscard]] virtual std::string bytes(const std::string& hex) const = 0;  // in SQL
  [[nodiscard]] virtual std::string where() const = 0;
  [[nodiscard]] virtual std::string name() const = 0;  // in messages
  SilentProgress silent;

  [[nodiscard]] Journal open() const {
    auto journal = Journal::open(where(), true);
    if (!journal) FAIL(describe(journal.error().front()));
    const auto other = journal->lead("a test");
    if (!other) FAIL(describe(other.error().front()));
    REQUIRE_FALSE(*other);
    return std::move(*journal);
  }
  [[nodiscard]] std::unique_ptr<JournalStore> open_store() const {
    auto store =
        names_postgres(where()) ? open_postgres_store(where(), true) : open_sqlite_store(where(), true);
    REQUIRE(store);
    REQUIRE((*store)->lead("a test"));
    return std::move(*store);
  }
  [[nodiscard]] std::string damage() {  // as recover() tells it
    auto journal = open();
    const auto found = journal.recover(silent);
    return found ? "none" : describe(found.error().front());
  }
};

class SqlitePlace final : public Place {
 public:
  SqlitePlace() { fs::create_directory(folder_); }
  ~SqlitePlace() override { fs::remove_all(folder_); }
  void make_anew() override {
    for (const char* const part : {"", "-wal", "-shm"}) fs::remove(where() + part);
  }
  void sql(const std::string& text) override {
    auto database = SqliteDatabase::open(where(), false);
    REQUIRE(database);
    REQUIRE(database->run(text.c_str()));
  }
  [[nodiscard]] std::string bytes(const std::string& hex) const override { return "x'" + hex + "'"; }
  [[nodiscard]] std::string where() const override { return (folder_ / "journal.db").string(); }
  [[nodiscard]] std::string name() const override { return where(); }

 private:
  fs::path folder_ = fs::temp_directory_path() / ("hinterland-store-" + std::to_string(getpid()));
};

class PostgresPlace final : public Place {
 public:
  explicit PostgresPlace(const PostgresServer& server) : server_(server) {}
  void make_anew() override { server_.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public"); }
  void sql(const std::string& text) override { server_.run(text); }
  [[nodiscard]] std::string bytes(const std::string& hex) const override { return R"('\x)" + hex + "'"; }
  [[nodiscard]] std::string where() const override { return server_.url(); }
  [[nodiscard]] std::string name() const override { return PostgresUrl::parse(where())->name; }

 private:
  const PostgresServer& server_;
};

// Calls the case with each, made anew.
template <class Case>
void for_each_place(const Case& one) {
  SUBCASE("SQLite") {
    SqlitePlace place;
    one(place);
  }
  SUBCASE("PostgreSQL") {
    PostgresServer* const server = shared_postgres();
    if (server == nullptr) return;
    PostgresPlace place(*server);
    place.make_anew();
    one(place);
  }
}

void write_steps(Place& place) {
  place.make_anew();
  Journal journal = place.open();
  REQUIRE(journal.recover(place.silent));
  REQUIRE(journal.append(kSteps));
}

}  // namespace

TEST_CASE("a journal gives back what was appended, with and without a snapshot") {
  for_each_place([](Place& place) {
    {
      Journal journal = place.open();
      const auto nothing = journal.recover(place.silent);
      REQUIRE(nothing);
      CHECK(nothing->state == State{});
      REQUIRE(journal.append(std::span(kSteps).first(3)));
      REQUIRE(journal.append(std::span(kSteps).subspan(3)));
    }
    {
      Journal journal = place.open();
      const auto all = journal.recover(place.silent);
      REQUIRE(all);
      CHECK(all->state == fold(kSteps));
      CHECK(all->steps == 5);
      CHECK(journal.request_of(JobNumber{0})->what == "ls");
      CHECK(journal.request_of(JobNumber{1})->what == "ls /");
      CHECK(describe(journal.request_of(JobNumber{2}).error().front()) ==
            place.name() + ": It knows no job 2.");
      REQUIRE(journal.keep_snapshot(all->state));
      REQUIRE(append_one(journal, submission("true")));
      CHECK(journal.check(place.silent));
    }
    Journal journal = place.open();
    const auto all = journal.recover(place.silent);
    REQUIRE(all);
    CHECK(all->from_snapshot == 5);
    CHECK(all->steps == 6);
    CHECK(all->state.jobs.size() == 3);
    CHECK(journal.request_of(JobNumber{2})->what == "true");
  });
}

TEST_CASE("bytes of every kind come back, few and many") {
  for_each_place([](Place& place) {
    std::vector<Facts> steps = {beginning()};
    std::string every;
    for (int byte = 0; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
    for (int k = 0; k < 2500; ++k) steps.push_back(submission(every + std::to_string(k)));
    for (int k = 0; k < 3; ++k) steps.push_back(submission(std::string(kLarge, 'x') + std::to_string(k)));
    {
      Journal journal = place.open();
      REQUIRE(journal.recover(place.silent));
      REQUIRE(journal.append(steps));
      CHECK(journal.append({}));
    }
    Journal journal = place.open();
    const auto all = journal.recover(place.silent);
    REQUIRE(all);
    CHECK(all->state == fold(steps));
    CHECK(journal.request_of(JobNumber{1234})->what == every + "1234");
    CHECK(journal.request_of(JobNumber{2502})->what.size() == kLarge + 1);
  });
}

TEST_CASE("a batch of which one row cannot be kept is not kept at all, however large") {
  for_each_place([](Place& place) {
    write_steps(place);
    for (const std::size_t bytes : {std::size_t{10}, kLarge}) {
      auto store = place.open_store();
      std::vector<StoredStep> rows;
      for (const std::uint64_t number : {6U, 7U, 8U, 1U})
        rows.push_back({.number = number, .checksum = 1, .first_job = {}, .facts = std::string(bytes, 'x')});
      CHECK_FALSE(store->append(rows));
      std::uint64_t count = 0;
      REQUIRE(store->read(1, [&](const StoredStep&) { return ++count > 0; }));
      CHECK(count == kSteps.size());
    }
    CHECK(place.damage() == "none");
  });
}

TEST_CASE("a reading that is enough ends, and what is asked after it is answered") {
  for_each_place([](Place& place) {
    write_steps(place);
    auto store = place.open_store();
    std::vector<std::uint64_t> seen;
    REQUIRE(store->read(2, [&](const StoredStep& step) {
      seen.push_back(step.number);
      return step.number < 3;
    }));
    CHECK(seen == std::vector<std::uint64_t>{2, 3});
    const auto accepting = [&](std::uint64_t job, std::size_t most) {
      std::vector<std::uint64_t> numbers;
      REQUIRE(store->read_jobs(job, [&](const StoredStep& step) {
        numbers.push_back(step.number);
        return numbers.size() < most;
      }));
      return numbers;
    };
    CHECK(accepting(0, 9) == std::vector<std::uint64_t>{2, 4});
    CHECK(accepting(0, 1) == std::vector<std::uint64_t>{2});
    CHECK(accepting(1, 9) == std::vector<std::uint64_t>{4});
    CHECK(accepting(5000, 9) == std::vector<std::uint64_t>{4});  // the last that accepted any may be its
  });
}

TEST_CASE("what many jobs asked for is read together") {
  for_each_place([](Place& place) {
    Journal journal(place.open_store());
    SilentProgress quiet;
    REQUIRE(journal.recover(quiet));
    REQUIRE(append_one(journal, beginning()));
    const auto add = [&](std::initializer_list<int> jobs) {
      Facts facts;
      for (const int job : jobs)
        for (Fact& fact : submission(fmt::format("job {}", job))) facts.push_back(std::move(fact));
      REQUIRE(append_one(journal, facts));
    };
    add({0, 1, 2});
    for (int job = 3; job < 3000; ++job) add({job});
    const std::vector<JobNumber> wanted = {JobNumber{1}, JobNumber{2}, JobNumber{3}, JobNumber{700},
                                           JobNumber{2999}};
    std::vector<std::string> got;
    REQUIRE(journal.requests_of(wanted, [&](JobNumber, const JobRequest& job) { got.push_back(job.what); }));
    CHECK(got == std::vector<std::string>{"job 1", "job 2", "job 3", "job 700", "job 2999"});
    CHECK(journal.request_of(JobNumber{2})->what == "job 2");
    const std::vector<JobNumber> none = {JobNumber{2999}, JobNumber{3000}};
    const auto missing = journal.requests_of(none, [](JobNumber, const JobRequest&) {});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().front().what == "It knows no job 3000.");
  });
}

TEST_CASE("a snapshot takes the place of that before it") {
  for_each_place([](Place& place) {
    write_steps(place);
    auto store = place.open_store();
    for (const std::uint64_t step : {3U, 5U, 5U, 4U}) {
      REQUIRE(store->put_snapshot(
          {.step = step, .step_checksum = ~std::uint64_t{0}, .checksum = 7, .state = std::to_string(step)}));
      const auto kept = store->snapshot();
      REQUIRE(kept);
      REQUIRE(*kept);
      CHECK((*kept)->step == step);
      CHECK((*kept)->step_checksum == ~std::uint64_t{0});
      CHECK((*kept)->state == std::to_string(step));
    }
  });
}

TEST_CASE("a step that is damaged, missing or does not follow is named") {
  for_each_place([](Place& place) {
    const std::string mend = " What is before it is whole: `hinterland journal export --until ";
    write_steps(place);
    place.sql("UPDATE steps SET facts = " + place.bytes("0100") + " WHERE number = 2");
    CHECK(place.damage() ==
          place.name() + ": step 2: It is damaged: its checksum is another." + mend + "1`.");
    write_steps(place);
    place.sql("DELETE FROM steps WHERE number = 3");
    CHECK(place.damage() == place.name() + ": step 3: It is missing; the next is step 4." + mend + "2`.");
    write_steps(place);
    place.sql(
        "UPDATE steps SET number = -number; UPDATE steps SET number = 6 + number");  // the other way round
    CHECK(place.damage().starts_with(place.name() + ": step 1: It is damaged"));
    write_steps(place);
    place.sql("UPDATE steps SET first_job = 5 WHERE number = 4");
    CHECK(place.damage() == place.name() + ": step 4: Its jobs are numbered wrongly." + mend + "3`.");
    write_steps(place);
    {
      Journal journal = place.open();
      REQUIRE(journal.recover(place.silent));
      REQUIRE(append_one(journal, {fact::Done{TaskIndex{0}}}));
    }
    CHECK(place.damage() ==
          place.name() + ": step 6: It does not follow from those before it: its task is not at that point." +
              mend + "5`.");
  });
}

TEST_CASE("a damaged snapshot is passed over, and a wrong one is found by check") {
  for_each_place([](Place& place) {
    const auto fresh = [&](const State& state) {
      place.make_anew();
      Journal journal = place.open();
      REQUIRE(journal.recover(place.silent));
      REQUIRE(journal.append(kSteps));
      REQUIRE(journal.keep_snapshot(state));
    };
    fresh(fold(kSteps));
    place.sql("UPDATE snapshots SET state = " + place.bytes("01"));
    {
      Journal journal = place.open();
      const auto all = journal.recover(place.silent);
      REQUIRE(all);
      CHECK(all->snapshot_was_damaged);
      CHECK(all->state == fold(kSteps));
    }
    fresh(State{});
    Journal journal = place.open();
    const auto checked = journal.check(place.silent);
    REQUIRE_FALSE(checked);
    CHECK(describe(checked.error().front())
              .starts_with(place.name() + ": step 5: Its snapshot is not what its steps give."));
  });
}

TEST_CASE("a snapshot of an older format is passed over, and check has nothing against it") {
  for_each_place([](Place& place) {
    write_steps(place);
    {
      Journal journal = place.open();
      REQUIRE(journal.recover(place.silent));
      REQUIRE(journal.keep_snapshot(fold(kSteps)));
    }
    {
      auto store = place.open_store();
      auto kept = store->snapshot();
      REQUIRE(kept);
      REQUIRE(*kept);
      StoredSnapshot older = **kept;
      older.state.front() = kFormat - 1;
      older.checksum = XXH3_64bits_withSeed(older.state.data(), older.state.size(), older.step_checksum);
      REQUIRE(store->put_snapshot(older));
    }
    CHECK(place.open().check(place.silent));
    const auto all = place.open().recover(place.silent);
    REQUIRE(all);
    CHECK(all->from_snapshot == 0);
    CHECK(all->state == fold(kSteps));
  });
}

}  // namespace hinterland
