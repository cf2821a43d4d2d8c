// Times the broker's core and its journal; tools/bench_broker.py runs it beside the limits and peers. Prints one JSON
// object.
//
//   broker_bench fdatasync FILE N          N times 4 KiB in place, each made durable: what the disk gives
//   broker_bench sqlite FILE N BATCH       N rows of 200 bytes, BATCH a commit: what SQLite gives
//   broker_bench postgres URL N BATCH      the same rows in a table of PostgreSQL's, BATCH a statement
//   broker_bench submit FILE N BATCH       N jobs submitted, BATCH a step, each step durable before the next; or a new database
//   broker_bench client SOCKET N           N submissions to a broker that runs, each answered before the next
//   broker_bench decide QUEUED POOLS       how long a step takes while so many tasks wait: an end, a submission, a heartbeat
//   broker_bench recover FILE JOBS LIVE    JOBS that are over and LIVE that wait: the journal's size, reading it, memory
//
// Wall seconds, for a disk is waited for.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/broker/broker.hpp"
#include "hinterland/journal/journal.hpp"
#include "hinterland/journal/postgres.hpp"
#include "hinterland/journal/sqlite.hpp"
#include "hinterland/serve/client.hpp"

namespace hinterland {

namespace {

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

[[noreturn]] void fail(const Errors& errors) {
  std::fprintf(stderr, "%s\n", describe(errors.front()).c_str());
  std::exit(3);
}
template <class T>
T must(Expected<T> value) {
  if (!value) fail(value.error());
  if constexpr (!std::is_void_v<T>) return std::move(*value);
}

void remove_journal(const std::string& file) {
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file + end);
}

double resident_bytes() {
  long pages = 0, resident = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
    std::fclose(file);
  }
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// Pools of 640 cores, each a little dearer than the one before, where power costs less at night.
BrokerWorld world_of(std::size_t pools) {
  BrokerWorld world;
  BrokerPlaces places{.name = "anywhere", .home = PoolIndex{0}, .options = {}};
  for (std::size_t p = 0; p < pools; ++p) {
    world.pools.push_back({.name = "pool-" + std::to_string(p),
                           .size = {.cores = 640, .gpus = 0, .memory_gb = 2560},
                           .server = {.cores = 64, .gpus = 0, .memory_gb = 256},
                           .units = 640});
    std::vector<UnitRow> hours(8760, {.energy = 1e6 + 1e4 * static_cast<double>(p), .kwh = 1e6, .kg = 5e5});
    for (std::size_t hour = 0; hour < hours.size(); ++hour) hours[hour].energy *= hour % 24 < 8 ? 0.5 : 1;
    world.forecast.emplace_back(hours, UnitRates::Charges{});
    places.options.push_back({.pool = PoolIndex{p}, .money_per_gb = 100, .ms_per_gb = 80});
  }
  world.actual = world.forecast;
  world.places = {places};
  return world;
}

constexpr std::int64_t kSecond = 1000;

JobRequest request(std::size_t number) {
  const std::int64_t cores = 1 + static_cast<std::int64_t>(number % 8);
  return {.size = {.cores = cores, .gpus = 0, .memory_gb = 2 * cores},
          .units = cores,
          .request = {600 * kSecond},
          .deadline = {86'400 * kSecond},
          .gb_in = 0.1,
          .what = "render --frame " + std::to_string(number) + std::string(150, '.')};
}

class Desk {
 public:
  explicit Desk(const BrokerWorld& world) : broker(world, State{}) {
    steps.push_back(broker.resume(now).facts);
    std::vector<Event> events{event::SetProject{.name = "film"}};
    for (std::size_t p = 0; p < world.pools.size(); ++p) events.emplace_back(event::Heartbeat{.pool = PoolIndex{p}});
    decide(events);
  }
  // Keeps its facts in `steps`, and its launches and publications to be answered.
  void decide(std::span<const Event> events) {
    Step step = broker.decide(now, events);
    for (const Effect& effect : step.effects) {
      if (const auto* launch = std::get_if<effect::Launch>(&effect))
        running.push_back({.attempt = launch->attempt, .pool = launch->pool, .cause = Cause::done, .host = "a", .ran = {600 * kSecond}});
      if (const auto* publish = std::get_if<effect::Publish>(&effect))
        published.emplace_back(event::Published{.attempt = publish->attempt, .task = publish->task});
    }
    steps.push_back(std::move(step.facts));
  }
  void decide(const Event& event) { decide(std::span(&event, 1)); }
  Event end_of_first() {
    event::Ended end = running.front();
    running.pop_front();
    return end;
  }

  Instant now{1'700'000'000'000};
  Broker broker;
  std::vector<Facts> steps;
  std::deque<event::Ended> running;
  std::vector<Event> published;
};

int fdatasyncs(const std::string& name, long count) {
  const int file = ::open(name.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (file < 0) return 3;
  // In place, as a log that has been round once: a file that grows makes the file system's own notes durable too.
  const std::string page(4096, 'x');
  const long pages = 1000;
  for (long k = 0; k < pages; ++k) {
    if (::write(file, page.data(), page.size()) < 0) return 3;
  }
  if (::fsync(file) != 0) return 3;
  const double began = seconds();
  for (long k = 0; k < count; ++k) {
    if (::pwrite(file, page.data(), page.size(), k % pages * 4096) < 0 || ::fdatasync(file) != 0) return 3;
  }
  std::printf("{\"per_s\": %.0f}\n", static_cast<double>(count) / (seconds() - began));
  ::close(file);
  std::filesystem::remove(name);
  return 0;
}

int sqlite_rows(const std::string& name, long count, long batch) {
  remove_journal(name);
  auto database = must(SqliteDatabase::open(name, true));
  for (const char* sql : {"PRAGMA locking_mode = EXCLUSIVE", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
                          "CREATE TABLE rows(number INTEGER PRIMARY KEY, bytes BLOB) STRICT"})
    must(database.run(sql));
  auto insert = must(database.prepare("INSERT INTO rows VALUES(?, ?)"));
  const std::string bytes(200, 'x');
  const double began = seconds();
  for (long k = 0; k < count; ++k) {
    if (k % batch == 0) must(database.run("BEGIN IMMEDIATE"));
    must(insert.bind(static_cast<std::uint64_t>(k)).bind(bytes).step());
    if ((k + 1) % batch == 0 || k + 1 == count) must(database.run("COMMIT"));
  }
  std::printf("{\"per_s\": %.0f}\n", static_cast<double>(count) / (seconds() - began));
  remove_journal(name);
  return 0;
}

int postgres_rows(const std::string& url, std::uint64_t count, std::uint64_t batch) {
  auto database = must(PostgresConnection::open(must(PostgresUrl::parse(url)), {5000}));
  must(database.run("CREATE TABLE rows(number bigint PRIMARY KEY, bytes bytea NOT NULL)"));
  const std::string bytes(200, 'x');
  const double began = seconds();
  for (std::uint64_t k = 0; k < count;) {
    std::vector<std::optional<std::uint64_t>> numbers;
    while (numbers.size() < batch && k < count) numbers.emplace_back(k++);
    const std::vector<std::string_view> values(numbers.size(), bytes);
    must(database.ask("INSERT INTO rows SELECT row.* FROM unnest($1, $2) AS row", PostgresValues().numbers(numbers).bytes(values)));
  }
  std::printf("{\"per_s\": %.0f}\n", static_cast<double>(count) / (seconds() - began));
  must(database.run("DROP TABLE rows"));
  return 0;
}

int submit(const std::string& name, std::size_t count, std::size_t batch) {
  remove_journal(name);
  const BrokerWorld world = world_of(10);
  Journal journal = must(Journal::open(name, true));
  must(journal.lead("bench"));
  SilentProgress silent;
  must(journal.recover(silent));
  Desk desk(world);
  must(journal.append(desk.steps));
  std::vector<double> waits;
  const double began = seconds();
  for (std::size_t k = 0; k < count;) {
    const double then = seconds();
    std::vector<Event> events;
    for (; events.size() < batch && k < count; ++k)
      events.emplace_back(event::Submit{.client = k, .key = "key-" + std::to_string(k), .job = request(k)});
    desk.steps.clear();
    desk.now = desk.now + Duration{1};
    desk.decide(events);
    must(journal.append(desk.steps));
    waits.push_back(seconds() - then);
  }
  const double took = seconds() - began;
  std::ranges::sort(waits);
  std::printf("{\"per_s\": %.0f, \"p99_ms\": %.3f}\n", static_cast<double>(count) / took,
              1e3 * waits[waits.size() * 99 / 100]);
  remove_journal(name);
  return 0;
}

int decide(std::size_t queued, std::size_t pools) {
  const BrokerWorld world = world_of(pools);
  Desk desk(world);
  std::size_t number = 0;
  const auto submission = [&] { return Event{event::Submit{.client = 1, .key = "", .job = request(number++)}}; };
  while (number < queued + 200 * pools) {
    std::vector<Event> events;
    for (int k = 0; k < 1000; ++k) events.push_back(submission());
    desk.decide(events);
    desk.steps.clear();
  }
  std::vector<double> waits;
  const double began = seconds();
  for (int k = 0; k < 30'000; ++k) {
    desk.now = desk.now + Duration{2};
    Event event = submission();
    if (k % 3 == 1) event = desk.end_of_first();
    if (k % 30 == 2) {
      std::vector<AttemptId> known;
      const PoolIndex pool{static_cast<std::size_t>(k / 30) % pools};
      for (const auto& [id, attempt] : desk.broker.state().attempts) {
        if (attempt.pool == pool) known.push_back(id);
      }
      event = event::Heartbeat{.pool = pool, .term = desk.broker.state().pools[pool].term, .sent = k, .known = known};
    }
    const double then = seconds();
    desk.decide(event);
    waits.push_back(seconds() - then);
    desk.decide(std::exchange(desk.published, {}));
    desk.steps.clear();
  }
  const double took = seconds() - began;
  std::ranges::sort(waits);
  std::size_t waiting = 0;
  for (const TaskState& task : desk.broker.state().tasks) waiting += task.phase == TaskPhase::waiting ? 1 : 0;
  std::printf("{\"waiting\": %zu, \"p50_us\": %.1f, \"p99_us\": %.1f, \"most_us\": %.1f, \"steps_per_s\": %.0f}\n", waiting,
              1e6 * waits[waits.size() / 2], 1e6 * waits[waits.size() * 99 / 100], 1e6 * waits.back(), 30'000 / took);
  return 0;
}

int recover(const std::string& name, std::size_t jobs, std::size_t live) {
  remove_journal(name);
  const BrokerWorld world = world_of(10);
  double core_s = 0;
  {
    Journal journal = must(Journal::open(name, true));
    SilentProgress silent;
    must(journal.recover(silent));
    Desk desk(world);
    std::size_t submitted = 0, over = 0;
    while (over < jobs || submitted < jobs + live) {
      const double then = seconds();
      std::vector<Event> events = std::exchange(desk.published, {});
      for (int k = 0; k < 1000 && submitted < jobs + live; ++k, ++submitted)
        events.emplace_back(event::Submit{.client = 1, .key = "key-" + std::to_string(submitted), .job = request(submitted)});
      for (int k = 0; k < 1000 && over < jobs && !desk.running.empty(); ++k, ++over) events.push_back(desk.end_of_first());
      for (std::size_t p = 0; p < 10; ++p)
        events.emplace_back(event::Heartbeat{.pool = PoolIndex{p}, .term = desk.broker.state().pools[p].term});
      desk.now = desk.now + Duration{1000};
      desk.decide(events);
      core_s += seconds() - then;
      must(journal.append(desk.steps));
      desk.steps.clear();
    }
    must(journal.keep_snapshot(desk.broker.state()));
  }
  const auto bytes = static_cast<double>(std::filesystem::file_size(name));
  SilentProgress silent;
  double all_s = 0, snapshot_s = 0, ready_s = 0;
  {
    Journal journal = must(Journal::open(name, false));
    const double then = seconds();
    static_cast<void>(must(journal.read([](std::uint64_t, const Facts&, const State&) { return true; })));
    all_s = seconds() - then;
  }
  const double before = resident_bytes();
  const double then = seconds();
  Journal journal = must(Journal::open(name, false));
  Recovered recovered = must(journal.recover(silent));
  snapshot_s = seconds() - then;
  const std::size_t kept = recovered.state.jobs.size();
  Broker broker(world, std::move(recovered.state));
  static_cast<void>(broker.resume({1'800'000'000'000}));
  ready_s = seconds() - then;
  std::printf(
      "{\"jobs\": %zu, \"file_mb\": %.0f, \"core_s\": %.2f, \"read_all_s\": %.2f, \"from_snapshot_s\": %.2f, \"ready_s\": %.2f, "
      "\"resident_mb\": %.0f}\n",
      kept, bytes / 1e6, core_s, all_s, snapshot_s, ready_s, (resident_bytes() - before) / 1e6);
  remove_journal(name);
  return 0;
}

int client(const std::string& socket, long count) {
  Client broker = must(Client::open(socket));
  std::vector<double> waits;
  const double began = seconds();
  for (long k = 0; k < count; ++k) {
    const double then = seconds();
    if (must(broker.ask("POST", "/v1/jobs", R"({"command": ["true"], "held": 1})")).status != 201) return 3;
    waits.push_back(seconds() - then);
  }
  const double took = seconds() - began;
  std::ranges::sort(waits);
  std::printf("{\"per_s\": %.0f, \"p99_ms\": %.3f}\n", static_cast<double>(count) / took, 1e3 * waits[waits.size() * 99 / 100]);
  return 0;
}

int run(int count, char** words) {
  const std::string_view what = count > 1 ? words[1] : "";
  const auto number = [&](int place) { return static_cast<std::size_t>(std::atoll(words[place])); };
  if (what == "fdatasync" && count == 4) return fdatasyncs(words[2], static_cast<long>(number(3)));
  if (what == "sqlite" && count == 5) return sqlite_rows(words[2], static_cast<long>(number(3)), static_cast<long>(number(4)));
  if (what == "postgres" && count == 5) return postgres_rows(words[2], number(3), number(4));
  if (what == "submit" && count == 5) return submit(words[2], number(3), number(4));
  if (what == "client" && count == 4) return client(words[2], static_cast<long>(number(3)));
  if (what == "decide" && count == 4) return decide(number(2), number(3));
  if (what == "recover" && count == 5) return recover(words[2], number(3), number(4));
  std::fprintf(stderr, "broker_bench fdatasync | sqlite | postgres | submit | client | decide | recover: see its first lines\n");
  return 2;
}

}  // namespace

}  // namespace hinterland

int main(int count, char** words) { return hinterland::run(count, words); }
