#include "hinterland/journal/postgres_store.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <thread>

#include "hinterland/journal/test_postgres.hpp"
#include "hinterland/journal/test_steps.hpp"

namespace hinterland {

namespace {

using namespace test;

constexpr Duration kShort{300};

void wait_ms(unsigned ms) { usleep(1000 * ms); }

std::unique_ptr<JournalStore> store_at(const PostgresServer& server, Duration lease = kShort) {
  auto store = open_postgres_store(server.url(), true, lease);
  if (!store) FAIL(describe(store.error().front()));
  return std::move(*store);
}
std::string leader_but(JournalStore& store, const std::string& as) {  // "": it leads now
  const auto other = store.lead(as);
  if (!other) FAIL(describe(other.error().front()));
  return other->value_or("");
}
std::string trouble(const Expected<void>& done) { return done ? "none" : describe(done.error().front()); }
StoredStep row(std::uint64_t number) {
  return {.number = number, .checksum = number, .first_job = {}, .facts = "x"};
}
Expected<void> append_row(JournalStore& store, std::uint64_t number) {
  const StoredStep one = row(number);
  return store.append({&one, 1});
}
std::uint64_t rows_in(JournalStore& store) {
  std::uint64_t count = 0;
  REQUIRE(store.read(1, [&](const StoredStep&) { return ++count > 0; }));
  return count;
}

// Of the shared server, empty; nullptr: skipped.
PostgresServer* empty_server() {
  PostgresServer* const server = shared_postgres();
  if (server != nullptr) server->run("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  return server;
}

}  // namespace

TEST_CASE("one leads, the others read and wait, and a lead that is given up is taken at once") {
  const PostgresServer* const server = empty_server();
  if (server == nullptr) return;
  auto first = store_at(*server, {60'000});
  const auto second = store_at(*server, {60'000});
  const std::string name = first->name() + ": ";
  CHECK(trouble(append_row(*first, 1)) == name + "It is not led by this process.");
  CHECK(leader_but(*first, "first") == "");
  CHECK(leader_but(*second, "second") == "first");
  REQUIRE(append_row(*first, 1));
  CHECK(rows_in(*second) == 1);
  CHECK(trouble(append_row(*second, 2)) == name + "It is not led by this process.");
  CHECK(first->identity() == second->identity());
  first.reset();
  CHECK(leader_but(*second, "second") == "");
  REQUIRE(append_row(*second, 2));
  CHECK(rows_in(*second) == 2);
}

TEST_CASE("whoever slept through its lease writes nothing more, and what it wrote before is there") {
  const PostgresServer* const server = empty_server();
  if (server == nullptr) return;
  const auto slow = store_at(*server), quick = store_at(*server);
  CHECK(leader_but(*slow, "slow") == "");
  REQUIRE(append_row(*slow, 1));
  CHECK(leader_but(*quick, "quick") == "slow");
  wait_ms(400);
  CHECK(leader_but(*quick, "quick") == "");
  REQUIRE(append_row(*quick, 2));
  REQUIRE(quick->put_snapshot({.step = 2, .step_checksum = 2, .checksum = 2, .state = "quick"}));
  CHECK_FALSE(slow->renew().value_or(true));
  CHECK(trouble(append_row(*slow, 3)) == slow->name() + ": Another broker has taken over.");
  CHECK_FALSE(slow->put_snapshot({.step = 1, .step_checksum = 1, .checksum = 1, .state = "slow"}));
  CHECK(rows_in(*quick) == 2);
  CHECK((*quick->snapshot())->state == "quick");
  CHECK(leader_but(*store_at(*server), "third") == "quick");
  REQUIRE(append_row(*quick, 3));
}

TEST_CASE("the fence alone keeps an old leader out, whose connection nobody ended") {
  const PostgresServer* const server = empty_server();
  if (server == nullptr) return;
  const auto old = store_at(*server, {60'000});
  CHECK(leader_but(*old, "old") == "");
  REQUIRE(append_row(*old, 1));
  server->run("UPDATE leader SET epoch = epoch + 1, holder = 'new'");
  CHECK(trouble(append_row(*old, 2)) == old->name() + ": Another broker has taken over.");
  std::vector<StoredStep> large = {row(2), row(3)};
  for (StoredStep& step : large) step.facts = std::string(12U << 20U, 'x');  // several statements
  CHECK(trouble(old->append(large)) == old->name() + ": Another broker has taken over.");
  CHECK(trouble(old->put_snapshot({.step = 1, .step_checksum = 1, .checksum = 1, .state = "old"})) ==
        old->name() + ": Another broker has taken over.");
  CHECK(rows_in(*old) == 1);
  CHECK_FALSE(*old->snapshot());
}

TEST_CASE("a lease that is renewed is not taken, however long that goes on, beside writes and without") {
  const PostgresServer* const server = empty_server();
  if (server == nullptr) return;
  const auto leader = store_at(*server), other = store_at(*server);
  CHECK(leader_but(*leader, "leader") == "");
  std::atomic<bool> stop = false;
  std::atomic<int> failed = 0;
  std::thread renewing([&] {
    for (; !stop; wait_ms(50)) failed += leader->renew().value_or(false) ? 0 : 1;
  });
  int taken = 0;
  for (std::uint64_t k = 1; k <= 500; ++k) {
    if (!append_row(*leader, k)) ++failed;
    if (leader_but(*other, "other").empty()) ++taken;
  }
  wait_ms(600);
  if (leader_but(*other, "other").empty()) ++taken;
  stop = true;
  renewing.join();
  CHECK(taken == 0);
  CHECK(failed == 0);
  CHECK(rows_in(*other) == 500);
}

TEST_CASE("a leader that is frozen within a transaction does not keep the others waiting") {
  const PostgresServer* const server = empty_server();
  if (server == nullptr) return;
  const auto next = store_at(*server);
  auto frozen = server->connect();
  {
    const auto leader = store_at(*server);
    CHECK(leader_but(*leader, "leader") == "");
    server->run("UPDATE leader SET expires_at = clock_timestamp() - interval '1 s'");
    REQUIRE(frozen.run("SET application_name = 'hinterland " + leader->identity() + " 1'; BEGIN"));
    REQUIRE(frozen.run("SELECT * FROM leader WHERE epoch = 1 FOR KEY SHARE"));
    std::string other = "leader";
    for (int k = 0; k < 3 && other == "leader"; ++k)
      other = leader_but(*next, "next");  // each waits for a second at most
    CHECK(other == "");
  }
  CHECK_FALSE(frozen.run("COMMIT"));
  REQUIRE(append_row(*next, 1));
}

TEST_CASE("a write that is under way is waited for by whoever takes over, and by no renewal") {
  const PostgresServer* const server = empty_server();
  if (server == nullptr) return;
  const auto leader = store_at(*server, {60'000});
  CHECK(leader_but(*leader, "leader") == "");
  server->run(
      "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(2); RETURN NEW; "
      "END';"
      "CREATE TRIGGER slow BEFORE INSERT ON steps FOR EACH ROW EXECUTE FUNCTION slow();"
      "UPDATE hinterland_journal SET id = gen_random_uuid()");  // so that nobody's connection is ended
  const auto next = store_at(*server);
  std::atomic<bool> kept = false;
  std::thread writing([&] { kept = append_row(*leader, 1).has_value(); });
  wait_ms(500);
  CHECK(leader->renew().value_or(false));
  server->run("UPDATE leader SET expires_at = '-infinity'");
  std::string other = "leader";
  for (int k = 0; k < 10 && other == "leader"; ++k) other = leader_but(*next, "next");
  CHECK(other == "");
  CHECK(rows_in(*next) == 1);  // and not only later
  writing.join();
  CHECK(kept);
  CHECK(trouble(append_row(*leader, 2)) == leader->name() + ": Another broker has taken over.");
}

TEST_CASE("many that open a new journal at once make its tables once, and one leads") {
  const PostgresServer* const server = empty_server();
  if (server == nullptr) return;
  std::atomic<int> leading = 0, opened = 0;
  std::vector<std::unique_ptr<JournalStore>> stores(6);
  std::vector<std::thread> threads;
  for (auto& store : stores) {
    threads.emplace_back([&] {
      auto made = open_postgres_store(server->url(), true, {60'000});
      if (!made) return;
      ++opened;
      store = std::move(*made);
      const auto other = store->lead("one");
      if (other && !*other) ++leading;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(opened == 6);
  CHECK(leading == 1);
}

TEST_CASE("what cannot be a journal is told, without the password") {
  const PostgresServer* const server = empty_server();
  if (server == nullptr) return;
  const std::string name = PostgresUrl::parse(server->url())->name;
  const auto trouble_of = [](const std::string& url, bool create = true) {
    const auto journal = Journal::open(url, create);
    if (journal) return std::string("none");
    const Error& error = journal.error().front();
    CHECK_FALSE(describe(error).contains("secret"));
    return describe(error) + (error.outside ? " (outside)" : "");
  };
  CHECK(trouble_of(server->url(), false) ==
        name + ": There is no journal in it. Name the database that a broker keeps its journal in.");
  const auto refusal = [&](const char* where, const char* what) {
    return fmt::format(
        "postgresql://{}{}: The server lets nobody in: {}. Name a database that is there (createdb makes "
        "one), "
        "and a user who may use it; ~/.pgpass keeps passwords.",
        where, name.substr(name.find('?')), what);
  };
  CHECK(trouble_of(server->url("films")) == refusal("hl@/films", "database \"films\" does not exist"));
  server->run("CREATE ROLE guarded LOGIN PASSWORD 'another'");
  const std::string rules = server->connect().ask("SELECT current_setting('hba_file')")->bytes(0, 0).data();
  std::string before;
  {
    std::ifstream file(rules);
    before.assign(std::istreambuf_iterator<char>(file), {});
  }
  std::ofstream(rules) << "local all guarded scram-sha-256\n" << before;
  server->run("SELECT pg_reload_conf()");
  wait_ms(200);
  CHECK(trouble_of(server->url("postgres", "guarded:secret")) ==
        refusal("guarded@/postgres", "password authentication failed for user \"guarded\""));
  server->run("GRANT USAGE ON SCHEMA public TO guarded");
  CHECK(trouble_of(server->url("postgres", "guarded:another"))
            .contains("The server does not allow it: permission denied for schema public."));
  server->run("DROP OWNED BY guarded; DROP ROLE guarded");
  const auto silence = [](const char* where, const char* why) {
    return fmt::format(
        "postgresql://{}: No server answers: {}. Start PostgreSQL there, or name another server. (outside)",
        where, why);
  };
  CHECK(trouble_of("postgresql://u:secret@/db?host=/nowhere") ==
        silence("u@/db?host=/nowhere", "No such file or directory"));
  CHECK(trouble_of("postgresql://u:secret@127.0.0.1:1/db") ==
        silence("u@127.0.0.1:1/db", "Connection refused"));
  CHECK(trouble_of("postgresql://u:secret@127.0.0.1:1,127.0.0.1:2/db")
            .contains(": No server answers: Connection refused. "));
  for (const char* const url : {"postgresql://u:secret/x@h/db", "postgresql://u:secret?@h/db",
                                "postgresql://h/db?secret=1", "postgres://[secret"})
    CHECK(trouble_of(url).starts_with("postgresql://...: It is no URL of a PostgreSQL database."));
  server->run("CREATE TABLE films(name text)");
  CHECK(trouble_of(server->url()).starts_with(name + ": It is another program's database."));
  server->run("DROP TABLE films");
  CHECK(trouble_of(server->url()) == "none");
  server->run("UPDATE hinterland_journal SET version = 7");
  CHECK(trouble_of(server->url()) == name +
                                         ": It is of version 7, and this program knows none after 1. Use the "
                                         "program that wrote it, or a later one.");
}

TEST_CASE("a server that is killed under load has all that was acknowledged") {
  const auto server = PostgresServer::start();
  if (!server) return;
  std::uint64_t acknowledged = 0;
  for (unsigned round = 1; round <= 5; ++round) {
    SilentProgress silent;
    Journal journal(store_at(*server));
    for (int k = 0; k < 200; ++k) {
      const auto other = journal.lead("round");
      REQUIRE(other);
      if (!*other) break;
      wait_ms(100);
    }
    const auto found = journal.recover(silent);
    if (!found) FAIL(describe(found.error().front()));
    // What was under way when the server died may be there, and nothing else.
    CHECK(found->steps >= acknowledged);
    CHECK(found->steps <= acknowledged + 3);
    acknowledged = found->steps;
    std::atomic<bool> failed = false;
    std::thread load([&] {
      std::vector<Facts> batch;
      if (acknowledged == 0) batch.push_back(beginning());
      while (true) {
        while (batch.size() < 3) batch.push_back(submission(std::to_string(acknowledged + batch.size())));
        const auto done = journal.append(batch);
        if (!done) {
          failed = done.error().front().outside;
          return;
        }
        acknowledged += batch.size();
        batch.clear();
      }
    });
    wait_ms(100 + 37 * round);
    server->kill();
    load.join();
    CHECK(failed);
    server->go_on();
  }
  CHECK(acknowledged > 100);
}

TEST_CASE("a server that is restarted ends what its leader can write; who waits then leads") {
  const auto server = PostgresServer::start();
  if (!server) return;
  SilentProgress silent;
  Journal leader(store_at(*server));
  auto waits = store_at(*server);
  REQUIRE(leader.lead("leader"));
  REQUIRE(leader.recover(silent));
  REQUIRE(leader.append(kSteps));
  CHECK(leader_but(*waits, "waits") == "leader");
  server->stop();
  CHECK(waits->lead("waits").error().front().outside);
  server->go_on();
  const auto failed = append_one(leader, submission("true"));
  REQUIRE_FALSE(failed);
  CHECK(failed.error().front().outside);
  CHECK(trouble(failed).contains("The server is gone"));
  CHECK(trouble(append_one(leader, submission("true"))).contains("Nothing is written after a failure"));
  std::string other = "leader";
  for (int k = 0; k < 100 && other == "leader"; ++k, wait_ms(100)) other = leader_but(*waits, "waits");
  CHECK(other == "");
  CHECK(rows_in(*waits) == kSteps.size());
  REQUIRE(append_row(*waits, kSteps.size() + 1));
}

TEST_CASE("a server that hears and says nothing is given up in time") {
  const auto server = PostgresServer::start();
  if (!server) return;
  const auto leader = store_at(*server);
  CHECK(leader_but(*leader, "leader") == "");
  server->freeze(SIGSTOP);
  const auto renewed = leader->renew();
  REQUIRE_FALSE(renewed);
  CHECK(describe(renewed.error().front()) ==
        leader->name() + ": The server is gone: it has said nothing for 1 s.");
  server->freeze(SIGCONT);
  CHECK(leader->renew().value_or(false));  // nobody has taken over
}

TEST_CASE(
    "a server that does not write through to its disk is refused, and one that may not be written is read") {
  const auto server = PostgresServer::start();
  if (!server) return;
  CHECK(leader_but(*store_at(*server), "first") == "");
  server->stop();
  server->go_on({"-c", "fsync=off"});
  const auto journal = Journal::open(server->url(), true);
  REQUIRE_FALSE(journal);
  CHECK(describe(journal.error().front())
            .contains("The server does not write through to its disk: fsync is off."));
  server->stop();
  server->go_on({"-c", "default_transaction_read_only=on"});
  const auto store = store_at(*server);
  CHECK(rows_in(*store) == 0);
  const auto other = store->lead("second");
  REQUIRE_FALSE(other);
  CHECK_FALSE(other.error().front().outside);
  CHECK(other.error().front().what == "It cannot be written: it is a replica, or told to be read only.");
}

}  // namespace hinterland
