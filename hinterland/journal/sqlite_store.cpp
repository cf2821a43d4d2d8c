#include "hinterland/journal/sqlite_store.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "hinterland/journal/sqlite.hpp"

namespace hinterland {

namespace {

constexpr std::uint64_t kApplication = 0x48494E54;  // "HINT"

// What makes tables of version i into those of version i + 1.
constexpr std::array kMigrations = {R"(
CREATE TABLE steps(
  number INTEGER PRIMARY KEY,
  checksum INTEGER NOT NULL,
  first_job INTEGER,
  facts BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX steps_by_job ON steps(first_job) WHERE first_job IS NOT NULL;
CREATE TABLE snapshots(
  step INTEGER PRIMARY KEY,
  step_checksum INTEGER NOT NULL,
  checksum INTEGER NOT NULL,
  state BLOB NOT NULL) STRICT;
)"};

StoredStep step_in(const SqliteStatement& row) {
  StoredStep step{
      .number = row.number(0), .checksum = row.number(1), .first_job = {}, .facts = std::string(row.blob(3))};
  if (!row.is_null(2)) step.first_job = row.number(2);
  return step;
}

class SqliteStore final : public JournalStore {
 public:
  SqliteStore(std::string name, SqliteDatabase database)
      : name_(std::move(name)), database_(std::move(database)) {}

  [[nodiscard]] const std::string& name() const override { return name_; }

  Expected<void> prepare() {
    if (auto done = prepare(append_, "INSERT INTO steps VALUES(?, ?, ?, ?)"); !done) return done;
    if (auto done = prepare(
            read_, "SELECT number, checksum, first_job, facts FROM steps WHERE number >= ? ORDER BY number");
        !done)
      return done;
    return prepare(
        read_jobs_,
        "SELECT number, checksum, first_job, facts FROM steps WHERE first_job >="
        " coalesce((SELECT max(first_job) FROM steps WHERE first_job <= ?), 0) ORDER BY first_job");
  }

  Expected<void> append(std::span<const StoredStep> steps) override {
    return in_transaction([&]() -> Expected<void> {
      for (const StoredStep& step : steps) {
        append_->bind(step.number).bind(step.checksum);
        step.first_job ? append_->bind(*step.first_job) : append_->bind_null();
        if (const auto done = append_->bind(step.facts).step(); !done) return std::unexpected(done.error());
      }
      return {};
    });
  }

  Expected<void> read(std::uint64_t first, const std::function<bool(const StoredStep&)>& take) override {
    return read_by(*read_, first, take);
  }
  Expected<void> read_jobs(std::uint64_t job, const std::function<bool(const StoredStep&)>& take) override {
    return read_by(*read_jobs_, job, take);
  }

  Expected<void> put_snapshot(const StoredSnapshot& snapshot) override {
    return in_transaction([&]() -> Expected<void> {
      if (auto done = database_.run("DELETE FROM snapshots"); !done) return done;
      auto insert = database_.prepare("INSERT INTO snapshots VALUES(?, ?, ?, ?)");
      if (!insert) return std::unexpected(insert.error());
      insert->bind(snapshot.step).bind(snapshot.step_checksum).bind(snapshot.checksum).bind(snapshot.state);
      if (const auto done = insert->step(); !done) return std::unexpected(done.error());
      return {};
    });
  }

  Expected<std::optional<StoredSnapshot>> snapshot() override {
    auto select =
        database_.prepare("SELECT step, step_checksum, checksum, state FROM snapshots ORDER BY step DESC");
    if (!select) return std::unexpected(select.error());
    const auto row = select->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    return StoredSnapshot{.step = select->number(0),
                          .step_checksum = select->number(1),
                          .checksum = select->number(2),
                          .state = std::string(select->blob(3))};
  }

  Expected<void> check() override {
    auto look = database_.prepare("PRAGMA integrity_check(1)");
    if (!look) return std::unexpected(look.error());
    const auto row = look->step();
    if (!row) return std::unexpected(row.error());
    if (*row && look->blob(0) == "ok") return {};
    return failure({.what = fmt::format("It is damaged: {}.", look->blob(0)),
                    .where = {.file = name_},
                    .mend = "Its steps are whole: export them, and import them into a new journal."});
  }

 private:
  static Expected<void> read_by(SqliteStatement& statement, std::uint64_t first,
                                const std::function<bool(const StoredStep&)>& take) {
    statement.bind(first);
    while (true) {
      const auto row = statement.step();
      if (!row) return std::unexpected(row.error());
      if (!*row) return {};
      if (!take(step_in(statement))) {
        statement.reset();
        return {};
      }
    }
  }

  Expected<void> prepare(std::optional<SqliteStatement>& statement, const char* sql) {
    auto prepared = database_.prepare(sql);
    if (!prepared) return std::unexpected(std::move(prepared.error()));
    statement.emplace(std::move(*prepared));
    return {};
  }

  template <class Work>
  Expected<void> in_transaction(Work work) {
    if (auto done = database_.run("BEGIN IMMEDIATE"); !done) return done;
    Expected<void> done = work();
    if (done) done = database_.run("COMMIT");
    if (done) return done;
    if (const auto back = database_.run("ROLLBACK"); !back) return done;  // SQLite has done so itself
    return done;
  }

  std::string name_;
  SqliteDatabase database_;
  std::optional<SqliteStatement> append_, read_, read_jobs_;
};

Expected<void> bring_up_to_date(SqliteDatabase& database, const std::string& file) {
  const auto application = database.number("PRAGMA application_id"),
             version = database.number("PRAGMA user_version"),
             tables = database.number("SELECT count(*) FROM sqlite_schema");
  for (const auto* const number : {&application, &version, &tables}) {
    if (!*number) return std::unexpected(number->error());
  }
  if (*tables > 0 && *application != kApplication)
    return failure(
        {.what = "It is another program's database.",
         .where = {.file = file},
         .mend = "Name the file that the broker keeps its journal in, or one that is not there yet."});
  if (*version > kMigrations.size())
    return failure({.what = fmt::format("It is of version {}, and this program knows none after {}.",
                                        *version, kMigrations.size()),
                    .where = {.file = file},
                    .mend = "Use the program that wrote it, or a later one."});
  for (std::uint64_t step = *version; step < kMigrations.size(); ++step) {
    const std::string script =
        fmt::format("BEGIN; {} PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT;",
                    kMigrations.at(step), kApplication, step + 1);
    if (auto done = database.run(script.c_str()); !done) return done;
  }
  return {};
}

}  // namespace

bool is_open_elsewhere(const std::string& file) {
  auto database = SqliteDatabase::open(file, false);
  return database && database->is_busy();
}

Expected<std::unique_ptr<JournalStore>> open_sqlite_store(const std::string& file, bool create) {
  auto database = SqliteDatabase::open(file, create);
  if (!database) return std::unexpected(database.error());
  // The lock is taken with the first write and kept from then on.
  for (const char* const sql :
       {"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
        "PRAGMA journal_size_limit = 67108864", "BEGIN IMMEDIATE", "COMMIT"}) {
    if (auto done = database->run(sql); !done) return std::unexpected(done.error());
  }
  if (auto done = bring_up_to_date(*database, file); !done) return std::unexpected(done.error());
  auto store = std::make_unique<SqliteStore>(file, std::move(*database));
  if (auto done = store->prepare(); !done) return std::unexpected(done.error());
  return store;
}

}  // namespace hinterland
