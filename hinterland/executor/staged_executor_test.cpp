#include "hinterland/executor/staged_executor.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "hinterland/executor/boot_clock.hpp"
#include "hinterland/staging/objects.hpp"
#include "hinterland/staging/test_sources.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;
using test::bytes_of;

// A source that may stop answering, and says how much it gave.
struct Far {
  test::TestSource objects;
  std::mutex mutex;
  std::condition_variable goes_on;
  bool hangs = false;
  std::atomic<bool> hanging{false};
  std::atomic<std::uint64_t> sent{0};

  void hang(bool on) {
    {
      const std::lock_guard lock(mutex);
      hangs = on;
    }
    goes_on.notify_all();
  }
};
struct FarSource final : ObjectSource {
  explicit FarSource(std::shared_ptr<Far> of) : far(std::move(of)) {}
  Expected<std::uint64_t> size_of(const std::string& hash) override { return far->objects.size_of(hash); }
  Expected<std::size_t> read(const std::string& hash, std::uint64_t from, char* into,
                             std::size_t size) override {
    {
      std::unique_lock lock(far->mutex);
      far->hanging = far->hangs;
      far->goes_on.wait(lock, [&] { return !far->hangs; });
      far->hanging = false;
    }
    auto got = far->objects.read(hash, from, into, size);
    if (got) far->sent += *got;
    return got;
  }
  std::shared_ptr<Far> far;
};

// Begins what it is told to, knows it, and ends it when asked.
struct Inner final : Executor {
  void hear(const effect::Grant& grant) override { term = grant.term; }
  void hear(const effect::Launch& launch, const Command&) override {
    begun.push_back(launch.attempt);
    said(event::Began{.attempt = launch.attempt, .pool = launch.pool, .host = "h"});
  }
  void hear(const effect::Kill& kill) override { end(kill.attempt, Cause::killed); }
  void hear(const effect::Forget& forget) override { std::erase(begun, forget.attempt); }
  void end(AttemptId attempt, Cause cause) const {
    said(event::Ended{.attempt = attempt, .pool = PoolIndex{0}, .cause = cause, .host = "h", .ran = {5}});
  }
  void beat() const { said(event::Heartbeat{.pool = PoolIndex{0}, .term = term, .known = begun}); }

  Tell said;
  Term term;
  std::vector<AttemptId> begun;
};

struct Stand {
  fs::path root = fs::temp_directory_path() / fmt::format("hinterland-staged-{}", getpid());
  std::shared_ptr<Far> far = std::make_shared<Far>();
  double bytes_per_s = 0;
  std::mutex mutex;
  std::condition_variable came;
  std::deque<std::function<void()>> posted;
  std::vector<Event> heard;
  std::unique_ptr<StagedExecutor> executor;
  Inner* inner = nullptr;

  explicit Stand(double rate = 0) : bytes_per_s(rate) {
    fs::remove_all(root);
    fs::create_directories(root);
    begin();
  }
  Stand(const Stand&) = delete;
  Stand& operator=(const Stand&) = delete;
  ~Stand() {
    far->hang(false);
    executor.reset();
    fs::remove_all(root);
  }
  void begin() {
    executor.reset();
    heard.clear();
    {
      const std::lock_guard lock(mutex);
      posted.clear();
    }
    auto path = SitePath::open({.folder = (root / "inputs").string(), .bytes_per_s = bytes_per_s},
                               std::make_unique<FarSource>(far), folder_place((root / "inputs").string()));
    REQUIRE(path);
    auto own = std::make_unique<Inner>();
    inner = own.get();
    executor = std::make_unique<StagedExecutor>(StagedExecutor::Rules{.pool = PoolIndex{0},
                                                                      .folder = root.string(),
                                                                      .clock = boot_ms,
                                                                      .acts = {},
                                                                      .post =
                                                                          [this](std::function<void()> work) {
                                                                            const std::lock_guard lock(mutex);
                                                                            posted.push_back(std::move(work));
                                                                            came.notify_one();
                                                                          }},
                                                std::move(*path), std::move(own),
                                                [this](Event event) { heard.push_back(std::move(event)); });
    inner->said = executor->ear();
  }
  void grant(std::uint32_t term) const {
    executor->hear(effect::Grant{.pool = PoolIndex{0}, .term = {term}, .sent = boot_ms(), .lease = {60'000}});
  }
  void launch(std::uint64_t attempt, const std::vector<std::string>& hashes, std::uint32_t term = 1) const {
    Command command{.arguments = {"x"}};
    for (const std::string& hash : hashes) command.inputs.push_back({.path = hash, .hash = hash});
    executor->hear(
        effect::Launch{
            .attempt = {attempt}, .task = TaskIndex{0}, .pool = PoolIndex{0}, .term = {term}, .avoid = {}},
        command);
  }
  // What is posted is done, until `done`; false: that does not come.
  bool until(const std::function<bool()>& done) {
    for (const std::int64_t end = boot_ms() + 10'000; boot_ms() < end;) {
      std::function<void()> work;
      {
        std::unique_lock lock(mutex);
        came.wait_for(lock, std::chrono::milliseconds(5), [&] { return !posted.empty(); });
        if (!posted.empty()) {
          work = std::move(posted.front());
          posted.pop_front();
        }
      }
      if (work) work();
      if (done()) return true;
    }
    return false;
  }
  template <class T>
  std::vector<T> all(std::uint64_t attempt) const {
    std::vector<T> out;
    for (const Event& event : heard) {
      if (const T* one = std::get_if<T>(&event); one != nullptr && one->attempt == AttemptId{attempt})
        out.push_back(*one);
    }
    return out;
  }
  bool begun(std::uint64_t attempt) {
    return until([&] { return !all<event::Began>(attempt).empty(); });
  }
  bool ended(std::uint64_t attempt) {
    return until([&] { return !all<event::Ended>(attempt).empty(); });
  }
};

}  // namespace

TEST_CASE("inputs are moved, then the pool's executor begins; the end has what moved for it") {
  Stand stand;
  stand.grant(1);
  const std::string shared = stand.far->objects.add(bytes_of(1, 500'000)),
                    own = stand.far->objects.add(bytes_of(2, 100'000));
  stand.launch(1, {shared, own});
  stand.launch(2, {shared});
  stand.launch(3, {});
  CHECK(stand.all<event::Began>(3).size() == 1);  // at once
  REQUIRE(stand.begun(1));
  REQUIRE(stand.begun(2));
  CHECK(stand.far->sent == 600'000);
  CHECK(has_object((stand.root / "inputs").string(), shared));
  const auto said = stand.all<event::Moving>(1);
  REQUIRE(said.size() >= 2);
  CHECK(is_staging(said.front().inputs));
  const InputsMoved first = said.back().inputs;
  CHECK(first.whole);
  CHECK(first.needed == 600'000);
  stand.inner->end({1}, Cause::done);
  stand.inner->end({2}, Cause::done);
  CHECK(stand.all<event::Ended>(1).front().inputs == first);
  const InputsMoved second = stand.all<event::Ended>(2).front().inputs;
  CHECK(second.needed == 500'000);
  CHECK(first.moved + second.moved == 600'000);  // what both read moved for one of them
  stand.launch(2, {shared});                     // again: whoever runs it answers
  CHECK(stand.all<event::Began>(2).size() == 2);
}

TEST_CASE("what moves is in heartbeats; killed, it ends with what moved for it, and is never begun") {
  Stand stand(1'000'000);
  stand.grant(1);
  const std::string hash = stand.far->objects.add(bytes_of(1, 3'000'000));
  stand.launch(1, {hash});
  REQUIRE(stand.until([&] { return stand.far->sent > 200'000; }));
  stand.inner->beat();
  CHECK(std::get<event::Heartbeat>(*std::ranges::find_if(stand.heard, [](const Event& event) {
          return std::holds_alternative<event::Heartbeat>(event);
        })).known == std::vector<AttemptId>{{1}});
  CHECK(stand.executor->staging_of({1}).has_value());
  stand.executor->hear(effect::Kill{.attempt = {1}, .pool = PoolIndex{0}});
  REQUIRE(stand.ended(1));
  const event::Ended end = stand.all<event::Ended>(1).front();
  CHECK(end.cause == Cause::killed);
  CHECK(end.inputs == InputsMoved{.needed = 3'000'000,
                                  .moved = static_cast<std::int64_t>(stand.far->sent),
                                  .whole = false});
  CHECK(stand.inner->begun.empty());
  stand.executor->hear(effect::Forget{.attempt = {1}, .pool = PoolIndex{0}});
  stand.launch(1, {hash});  // late
  CHECK(stand.all<event::Ended>(1).back().cause == Cause::absent);
  stand.launch(2, {hash});
  REQUIRE(stand.begun(2));
  CHECK(stand.far->sent == 3'000'000);
  CHECK(stand.all<event::Moving>(2).back().inputs.moved == 3'000'000 - end.inputs.moved);
}

TEST_CASE("a newer term gives up what moves, and so does a new life, each with its account") {
  Stand stand(1'000'000);
  stand.grant(1);
  const std::string hash = stand.far->objects.add(bytes_of(1, 2'000'000));
  stand.launch(1, {hash});
  REQUIRE(stand.until([&] { return stand.far->sent > 200'000; }));
  SUBCASE("a newer term") {
    stand.grant(2);
    REQUIRE(stand.ended(1));
  }
  SUBCASE("a new life") {
    stand.begin();
    stand.inner->beat();
    REQUIRE(stand.ended(1));
    stand.grant(2);
  }
  const event::Ended end = stand.all<event::Ended>(1).front();
  CHECK(end.cause == Cause::absent);
  CHECK(end.inputs.moved == static_cast<std::int64_t>(stand.far->sent));
  stand.launch(5, {hash}, 1);  // of the old term
  stand.launch(6, {hash}, 2);
  REQUIRE(stand.begun(6));
  CHECK(stand.all<event::Began>(5).empty());
  CHECK(stand.far->sent == 2'000'000);
}

TEST_CASE("a file system that does not answer holds up nobody but its own path") {
  Stand stand;
  stand.grant(1);
  stand.far->hang(true);
  stand.launch(1, {stand.far->objects.add(bytes_of(1, 100'000))});
  REQUIRE(stand.until([&] { return stand.far->hanging.load(); }));
  const std::int64_t from = boot_ms();
  stand.inner->beat();
  stand.launch(2, {});
  stand.executor->hear(effect::Kill{.attempt = {1}, .pool = PoolIndex{0}});
  CHECK(stand.executor->path().has_value());
  CHECK(boot_ms() - from < 1000);
  CHECK(stand.all<event::Began>(2).size() == 1);
  SUBCASE("until it does") {
    stand.far->hang(false);
    REQUIRE(stand.ended(1));
    CHECK(stand.all<event::Ended>(1).front().inputs.moved == static_cast<std::int64_t>(stand.far->sent));
  }
  SUBCASE("and the broker ends all the same") {
    stand.executor.reset();
    CHECK(boot_ms() - from < 5000);
    stand.far->hang(false);
  }
}

TEST_CASE("what cannot be had is left to whoever misses it") {
  Stand stand;
  stand.grant(1);
  stand.launch(1, {std::string(64, 'e')});
  REQUIRE(stand.begun(1));
}

}  // namespace hinterland
