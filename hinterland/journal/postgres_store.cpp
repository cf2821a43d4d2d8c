#include "hinterland/journal/postgres_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "hinterland/journal/postgres.hpp"

namespace hinterland {

namespace {

constexpr Duration kPatience{5000};
constexpr Duration kRenewPatience{1000};       // so that another try fits into the lease
constexpr Duration kSnapshotPatience{60'000};  // hundreds of megabytes
constexpr std::size_t kMostBytes =
    16U << 20U;  // of facts a statement: a batch of more is a transaction of several
// No statement lasts as long as a whole reading.
constexpr const char* kPage =
    "SELECT number, checksum, first_job, facts FROM steps WHERE number >= $1 ORDER BY number LIMIT 1000";

constexpr const char* kJobsPage =
    "SELECT number, checksum, first_job, facts FROM steps WHERE first_job >= $1 ORDER BY first_job LIMIT $2";
constexpr std::uint64_t kMostPage = 1000;

// What makes tables of version i into those of version i + 1. To compress a snapshot would take longer than to write it.
constexpr std::array kMigrations = {R"(
CREATE TABLE hinterland_journal(version bigint NOT NULL, id uuid NOT NULL DEFAULT gen_random_uuid());
CREATE TABLE steps(
  number bigint PRIMARY KEY,
  checksum bigint NOT NULL,
  first_job bigint,
  facts bytea NOT NULL);
CREATE UNIQUE INDEX steps_by_job ON steps(first_job) WHERE first_job IS NOT NULL;
CREATE TABLE snapshots(
  step bigint PRIMARY KEY,
  step_checksum bigint NOT NULL,
  checksum bigint NOT NULL,
  state bytea NOT NULL);
ALTER TABLE snapshots ALTER COLUMN state SET STORAGE EXTERNAL;
CREATE TABLE leader(
  epoch bigint PRIMARY KEY,
  holder text NOT NULL,
  expires_at timestamptz NOT NULL);
INSERT INTO leader VALUES (0, '', '-infinity');
INSERT INTO hinterland_journal VALUES (0);
)"};

// `fence` has a row if this epoch is still the last one, and it stays so until the transaction ends.
constexpr const char* kAppend =
    "WITH fence AS (SELECT epoch FROM leader WHERE epoch = $1 FOR KEY SHARE)"
    " INSERT INTO steps SELECT step.* FROM fence, unnest($2, $3, $4, $5) AS step";
constexpr const char* kPutSnapshot =
    "WITH fence AS (SELECT epoch FROM leader WHERE epoch = $1 FOR KEY SHARE),"
    " others AS (DELETE FROM snapshots WHERE step <> $2 AND EXISTS (SELECT FROM fence))"
    " INSERT INTO snapshots SELECT $2, $3, $4, $5 FROM fence ON CONFLICT (step) DO UPDATE"
    " SET step_checksum = excluded.step_checksum, checksum = excluded.checksum, state = excluded.state";

// Its lease is over and a write of its still is not: it may be frozen within a transaction, and would hold the leader's
// row for as long as it is.
constexpr const char* kLocked = "55P03";
constexpr const char* kEndLeaderBefore =
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()";
constexpr const char* kTakeOver =
    "UPDATE leader SET epoch = epoch + 1, holder = $1, expires_at = clock_timestamp() + $2 * interval '1 ms'"
    " WHERE epoch = $3 AND expires_at <= clock_timestamp()";
constexpr const char* kRenew =
    "UPDATE leader SET expires_at = clock_timestamp() + $2 * interval '1 ms' WHERE epoch = $1";

std::string leader_name(const std::string& identity, std::uint64_t epoch) {
  return fmt::format("hinterland {} {}", identity, epoch);  // the server keeps 63 bytes: 15 digits of it
}

StoredStep step_in(const PostgresRows& rows) {
  StoredStep step{.number = rows.number(0, 0),
                  .checksum = rows.number(0, 1),
                  .first_job = {},
                  .facts = std::string(rows.bytes(0, 3))};
  if (!rows.is_null(0, 2)) step.first_job = rows.number(0, 2);
  return step;
}

// A connection that promises what the journal needs of it, whatever the server's habits are.
Expected<PostgresConnection> connect(const PostgresUrl& url, Duration patience) {
  auto made = PostgresConnection::open(url, patience);
  if (!made) return made;
  if (auto set = made->run(
          fmt::format("SET synchronous_commit = on; SET statement_timeout = 0; SET lock_timeout = {};"
                      "SET default_transaction_isolation = 'read committed'",
                      patience.ms / 2));
      !set)
    return std::unexpected(std::move(set.error()));
  const auto fsync = made->ask("SELECT current_setting('fsync')");
  if (!fsync) return std::unexpected(fsync.error());
  if (fsync->bytes(0, 0) != "on")
    return failure({.what = "The server does not write through to its disk: fsync is off.",
                    .where = {.file = url.name},
                    .mend = "Set `fsync = on` in its postgresql.conf, and restart it."});
  return made;
}

class PostgresStore final : public JournalStore {
 public:
  PostgresStore(PostgresUrl url, PostgresConnection rows, std::string identity, Duration lease)
      : url_(std::move(url)), rows_(std::move(rows)), identity_(std::move(identity)), lease_(lease) {}
  PostgresStore(const PostgresStore&) = delete;
  PostgresStore& operator=(const PostgresStore&) = delete;
  ~PostgresStore() override {
    const std::lock_guard lock(lease_mutex_);
    if (epoch_ == 0 || !lease_connection_) return;
    const auto given_up = lease_connection_->ask(
        "UPDATE leader SET expires_at = '-infinity' WHERE epoch = $1", PostgresValues().number(epoch_));
    if (!given_up) return;  // then the lease ends by itself
  }

  [[nodiscard]] const std::string& name() const override { return url_.name; }
  [[nodiscard]] std::optional<Duration> lease() const override { return lease_; }
  [[nodiscard]] std::string identity() const override { return identity_; }

  Expected<std::optional<std::string>> lead(const std::string& as) override {
    const std::lock_guard lock(lease_mutex_);
    auto other = take_lead(as);
    if (!other) lease_connection_.reset();  // the next try has another
    return other;
  }

  Expected<bool> renew() override {
    const std::lock_guard lock(lease_mutex_);
    if (epoch_ == 0) return false;
    if (auto open = open_lease_connection(); !open) return std::unexpected(std::move(open.error()));
    const auto renewed = lease_connection_->ask(
        kRenew, PostgresValues().number(epoch_).number(static_cast<std::uint64_t>(lease_.ms)));
    if (!renewed) {
      lease_connection_.reset();
      return std::unexpected(renewed.error());
    }
    return renewed->changed() == 1;
  }

  Expected<void> append(std::span<const StoredStep> steps) override {
    if (epoch_ == 0) return overtaken();
    const std::span<const StoredStep> first = most_of(steps);
    if (first.size() == steps.size()) return insert(first);
    return in_transaction([&]() -> Expected<void> {
      for (auto rest = steps; !rest.empty();) {
        const auto some = most_of(rest);
        if (auto done = insert(some); !done) return done;
        rest = rest.subspan(some.size());
      }
      return {};
    });
  }

  Expected<void> read(std::uint64_t first, const std::function<bool(const StoredStep&)>& take) override {
    bool goes_on = true, more = true;
    while (goes_on && more) {
      more = false;
      auto done = rows_.read(kPage, PostgresValues().number(first), [&](const PostgresRows& row) {
        const StoredStep step = step_in(row);
        first = step.number + 1;
        more = true;
        return goes_on = take(step);
      });
      if (!done) return done;
    }
    return {};
  }

  // Who wants one of them does not get a thousand.
  Expected<void> read_jobs(std::uint64_t job, const std::function<bool(const StoredStep&)>& take) override {
    const auto from = rows_.ask("SELECT coalesce(max(first_job), 0) FROM steps WHERE first_job <= $1",
                                PostgresValues().number(job));
    if (!from) return std::unexpected(from.error());
    std::uint64_t first = from->number(0, 0);
    bool goes_on = true, more = true;
    for (std::uint64_t page = 1; goes_on && more; page = std::min(4 * page, kMostPage)) {
      more = false;
      auto done =
          rows_.read(kJobsPage, PostgresValues().number(first).number(page), [&](const PostgresRows& row) {
            const StoredStep step = step_in(row);
            first = step.first_job.value_or(first) + 1;
            more = true;
            return goes_on = take(step);
          });
      if (!done) return done;
    }
    return {};
  }

  Expected<void> put_snapshot(const StoredSnapshot& snapshot) override {
    if (epoch_ == 0) return overtaken();
    const auto put = rows_.ask(kPutSnapshot,
                               PostgresValues()
                                   .number(epoch_)
                                   .number(snapshot.step)
                                   .number(snapshot.step_checksum)
                                   .number(snapshot.checksum)
                                   .bytes(snapshot.state),
                               kSnapshotPatience);
    if (!put) return std::unexpected(put.error());
    return put->changed() == 1 ? Expected<void>() : overtaken();
  }

  Expected<std::optional<StoredSnapshot>> snapshot() override {
    const auto rows =
        rows_.ask("SELECT step, step_checksum, checksum, state FROM snapshots ORDER BY step DESC LIMIT 1", {},
                  kSnapshotPatience);
    if (!rows) return std::unexpected(rows.error());
    if (rows->count() == 0) return std::nullopt;
    return StoredSnapshot{.step = rows->number(0, 0),
                          .step_checksum = rows->number(0, 1),
                          .checksum = rows->number(0, 2),
                          .state = std::string(rows->bytes(0, 3))};
  }

  // The server holds its own pages against their checksums, if it was set up with any, whenever it reads them.
  Expected<void> check() override { return {}; }

 private:
  [[nodiscard]] std::unexpected<Errors> overtaken() const {
    return failure({.what = epoch_ == 0 ? "It is not led by this process." : "Another broker has taken over.",
                    .where = {.file = name()},
                    .mend = "",
                    .outside = true});
  }

  Expected<std::optional<std::string>> take_lead(const std::string& as) {
    if (auto open = open_lease_connection(); !open) return std::unexpected(std::move(open.error()));
    PostgresConnection& lease = *lease_connection_;
    const auto leader = lease.ask("SELECT epoch, holder, expires_at <= clock_timestamp() FROM leader");
    if (!leader) return std::unexpected(leader.error());
    if (leader->count() != 1)
      return failure(
          {.what = "It is damaged: it does not say who leads.", .where = {.file = name()}, .mend = ""});
    std::string holder(leader->bytes(0, 1));
    if (leader->number(0, 2) == 0) return holder;
    if (!rows_.ask("SELECT 1")) {  // the server was restarted while this waited
      auto again = connect(url_, kPatience);
      if (!again) return std::unexpected(std::move(again.error()));
      rows_ = std::move(*again);
    }
    const std::uint64_t before = leader->number(0, 0);
    const auto taken = lease.ask(
        kTakeOver, PostgresValues().text(as).number(static_cast<std::uint64_t>(lease_.ms)).number(before));
    if (!taken && lease.last_code() == kLocked) {
      const auto ended = lease.ask(kEndLeaderBefore, PostgresValues().text(leader_name(identity_, before)));
      return ended ? Expected<std::optional<std::string>>(std::move(holder)) : std::unexpected(ended.error());
    }
    if (!taken) return std::unexpected(taken.error());
    if (taken->changed() == 0) return holder;  // another was quicker
    const auto named = rows_.ask("SELECT set_config('application_name', $1, false)",
                                 PostgresValues().text(leader_name(identity_, before + 1)));
    if (!named) return std::unexpected(named.error());
    epoch_ = before + 1;
    return std::nullopt;
  }

  Expected<void> open_lease_connection() {
    if (lease_connection_) return {};
    auto made = connect(url_, kRenewPatience);
    if (!made) return std::unexpected(std::move(made.error()));
    lease_connection_.emplace(std::move(*made));
    return {};
  }

  // As many from the first on as one statement takes.
  static std::span<const StoredStep> most_of(std::span<const StoredStep> steps) {
    std::size_t count = 0, bytes = 0;
    while (count < steps.size() && (count == 0 || bytes + steps[count].facts.size() <= kMostBytes))
      bytes += steps[count++].facts.size();
    return steps.first(count);
  }

  Expected<void> insert(std::span<const StoredStep> steps) {
    std::vector<std::optional<std::uint64_t>> numbers, checksums, jobs;
    std::vector<std::string_view> facts;
    for (const StoredStep& step : steps) {
      numbers.emplace_back(step.number);
      checksums.emplace_back(step.checksum);
      jobs.push_back(step.first_job);
      facts.emplace_back(step.facts);
    }
    const auto done = rows_.ask(
        kAppend,
        PostgresValues().number(epoch_).numbers(numbers).numbers(checksums).numbers(jobs).bytes(facts));
    if (!done) return std::unexpected(done.error());
    return steps.empty() || done->changed() == steps.size() ? Expected<void>() : overtaken();
  }

  template <class Work>
  Expected<void> in_transaction(Work work) {
    if (auto done = rows_.run("BEGIN"); !done) return done;
    Expected<void> done = work();
    if (done) done = rows_.run("COMMIT");
    if (done) return done;
    if (const auto back = rows_.run("ROLLBACK"); !back)
      return done;  // the server does so when it hears no more
    return done;
  }

  PostgresUrl url_;
  PostgresConnection rows_;
  std::string identity_;
  Duration lease_;
  std::atomic<std::uint64_t> epoch_ = 0;  // 0: leads nothing
  std::mutex lease_mutex_;
  std::optional<PostgresConnection> lease_connection_;
};

// Tables that other programs have where ours would be, and whether ours are there.
struct Tables {
  std::uint64_t all = 0;
  bool ours = false;
};
Expected<Tables> tables_in(PostgresConnection& database, const std::string& name) {
  const auto rows = database.ask(
      "SELECT current_schema() IS NULL, count(*), count(*) FILTER (WHERE relname = 'hinterland_journal')"
      " FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND relnamespace ="
      " (SELECT oid FROM pg_namespace WHERE nspname = current_schema())");
  if (!rows) return std::unexpected(rows.error());
  if (rows->number(0, 0) == 1)
    return failure({.what = "Its search_path names no schema that is there.",
                    .where = {.file = name},
                    .mend = "Make the schema, or name another."});
  return Tables{.all = rows->number(0, 1), .ours = rows->number(0, 2) == 1};
}

Expected<std::uint64_t> version_of(PostgresConnection& database) {
  const auto rows = database.ask("SELECT max(version) FROM hinterland_journal");
  if (!rows) return std::unexpected(rows.error());
  return rows->number(0, 0);
}

// Within a transaction in which nobody else does the same.
Expected<void> bring_up_to_date(PostgresConnection& database, const std::string& name) {
  auto tables = tables_in(database, name);
  if (!tables) return std::unexpected(std::move(tables.error()));
  std::uint64_t version = 0;
  if (tables->ours) {
    const auto said = version_of(database);
    if (!said) return std::unexpected(said.error());
    version = *said;
  }
  for (; version < kMigrations.size(); ++version) {
    if (auto done = database.run(fmt::format("{} UPDATE hinterland_journal SET version = {};",
                                             kMigrations.at(version), version + 1));
        !done)
      return done;
  }
  return {};
}

// Fails for what is not to be touched. True: it is what this program knows.
Expected<bool> is_up_to_date(PostgresConnection& database, const std::string& name, bool create) {
  const auto tables = tables_in(database, name);
  if (!tables) return std::unexpected(tables.error());
  if (!tables->ours && tables->all > 0)
    return failure(
        {.what = "It is another program's database.",
         .where = {.file = name},
         .mend = "Name the database that the broker keeps its journal in, or an empty one (createdb)."});
  if (!tables->ours && !create)
    return failure({.what = "There is no journal in it.",
                    .where = {.file = name},
                    .mend = "Name the database that a broker keeps its journal in."});
  if (!tables->ours) return false;
  const auto version = version_of(database);
  if (!version) return std::unexpected(version.error());
  if (*version > kMigrations.size())
    return failure({.what = fmt::format("It is of version {}, and this program knows none after {}.",
                                        *version, kMigrations.size()),
                    .where = {.file = name},
                    .mend = "Use the program that wrote it, or a later one."});
  return *version == kMigrations.size();
}

}  // namespace

bool names_postgres(const std::string& where) { return PostgresUrl::is_one(where); }

Expected<std::unique_ptr<JournalStore>> open_postgres_store(const std::string& url, bool create,
                                                            Duration lease) {
  auto parsed = PostgresUrl::parse(url);
  if (!parsed) return std::unexpected(std::move(parsed.error()));
  auto database = connect(*parsed, kPatience);
  if (!database) return std::unexpected(std::move(database.error()));
  const auto ready = is_up_to_date(*database, parsed->name, create);
  if (!ready) return std::unexpected(ready.error());
  if (!*ready) {
    auto done = database->run("BEGIN; SELECT pg_advisory_xact_lock(1212763732)");  // "HINT"
    if (done) done = bring_up_to_date(*database, parsed->name);
    if (done) done = database->run("COMMIT");
    if (!done) return std::unexpected(std::move(done.error()));
  }
  const auto identity = database->ask("SELECT id::text FROM hinterland_journal");
  if (!identity) return std::unexpected(identity.error());
  return std::make_unique<PostgresStore>(std::move(*parsed), std::move(*database),
                                         std::string(identity->bytes(0, 0)), lease);
}

}  // namespace hinterland
