// A pool that is another broker (test_remote.hpp), for tests.
#pragma once
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hinterland/executor/remote.hpp"
#include "hinterland/executor/remote_blobs.hpp"
#include "hinterland/executor/test_remote.hpp"

namespace hinterland::test {

namespace fs = std::filesystem;

inline std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A pool that is that broker, and what its executor said.
struct RemoteDesk {
  fs::path folder = place() / ("hinterland-remote-" + std::to_string(getpid()));
  FakeBroker far;
  std::shared_ptr<SitePath> back;
  std::shared_ptr<NewsBox> news;
  std::unique_ptr<RemoteExecutor> executor;
  std::vector<Event> heard;
  Term term{1};
  FakeBroker::Ms sent = 0;  // the last heartbeat
  int parts = 20;           // that come back between two looks

  RemoteDesk() {
    fs::remove_all(folder);
    begin();
  }
  RemoteDesk(const RemoteDesk&) = delete;
  RemoteDesk& operator=(const RemoteDesk&) = delete;
  ~RemoteDesk() {
    executor.reset();
    back.reset();
    fs::remove_all(folder);
  }

  void begin() {
    executor.reset();
    back.reset();
    const std::string outputs = (folder / "outputs").string();
    auto path = SitePath::open({.folder = outputs}, remote_source(line_to(far)), folder_place(outputs));
    REQUIRE(path);
    const auto accounts = path->ledger().accounts();
    back = std::make_shared<SitePath>(std::move(*path));
    news = std::make_shared<NewsBox>();
    WayBack way{.folder = outputs,
                .put = [path = back](const std::function<void(SitePath&)>& work) { work(*path); },
                .now = [path = back] { return path->now(); },
                .news = news,
                .accounts = accounts};
    auto opened = RemoteExecutor::open(
        {.pool = PoolIndex{0},
         .folder = folder.string(),
         .journal = "j",
         .host = "far",
         .work = "",
         .project = ""},
        RemoteBroker(line_to(far)), std::move(way), {1'000'000},
        [this](Event event) { hear(std::move(event)); }, [this] { return far.now; });
    REQUIRE(opened);
    executor = std::move(*opened);
  }
  void hear(Event event) {
    if (const auto* beat = std::get_if<event::Heartbeat>(&event)) sent = beat->sent;
    heard.push_back(std::move(event));
  }
  // As the broker here does, in answer to a heartbeat.
  void grant() {
    executor->hear(effect::Grant{.pool = PoolIndex{0}, .term = term, .sent = sent, .lease = {600'000}});
  }
  void launch(std::uint64_t attempt, const char* command = "render") {
    executor->hear(
        effect::Launch{.attempt = {attempt}, .task = TaskIndex{0}, .pool = PoolIndex{0}, .term = term},
        {.arguments = {command},
         .environment = {"A=b", "HINTERLAND_TASK=7"},
         .limit = {60'000},
         .size = {.cores = 2},
         .outputs = {"out", "log/more"}});
  }
  void kill(std::uint64_t attempt) const {
    executor->hear(effect::Kill{.attempt = {attempt}, .pool = PoolIndex{0}});
  }
  void forget(std::uint64_t attempt) const {
    executor->hear(effect::Forget{.attempt = {attempt}, .pool = PoolIndex{0}});
  }
  void look(FakeBroker::Ms after = 500) {
    far.pass(after);
    executor->look();
    std::vector<StagingNews> came;
    for (int k = 0; k < parts && back->step(far.now, came) == 0; ++k) {
    }
    for (const StagingNews& one : came) news->put(one);
  }
  void run(int looks = 20) {
    for (; looks > 0; --looks) {
      look();
      grant();
    }
  }
  [[nodiscard]] std::optional<event::Ended> ended(std::uint64_t attempt) const {
    for (const Event& event : heard) {
      const auto* end = std::get_if<event::Ended>(&event);
      if (end != nullptr && end->attempt.value == attempt) return *end;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::optional<Cause> cause_of(std::uint64_t attempt) const {
    const auto end = ended(attempt);
    return end ? std::optional(end->cause) : std::nullopt;
  }
  [[nodiscard]] std::optional<std::int64_t> room() const {
    std::optional<std::int64_t> cores;
    for (const Event& event : heard) {
      if (const auto* said = std::get_if<event::Room>(&event)) cores = said->cores;
    }
    return cores;
  }
  static std::string key(std::uint64_t attempt) { return "hl-j-0-" + std::to_string(attempt); }
};

}  // namespace hinterland::test
