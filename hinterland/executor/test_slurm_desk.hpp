// A pool on a fake Slurm, for tests.
#pragma once
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "hinterland/base/random.hpp"
#include "hinterland/executor/slurm.hpp"
#include "hinterland/executor/test_slurm.hpp"

namespace hinterland::test {

// A pool on it, and what its executor said.
struct SlurmDesk {
  fs::path folder = fs::temp_directory_path() / ("hinterland-slurm-" + std::to_string(getpid()));
  FakeSlurm slurm;
  std::unique_ptr<SlurmExecutor> executor;
  std::vector<Event> heard;
  Term term{1};

  SlurmDesk() {
    fs::remove_all(folder);
    slurm.folder = folder;
    begin();
  }
  SlurmDesk(const SlurmDesk&) = delete;
  SlurmDesk& operator=(const SlurmDesk&) = delete;
  ~SlurmDesk() { fs::remove_all(folder); }

  void begin() {
    auto opened = SlurmExecutor::open(
        {.pool = PoolIndex{0},
         .folder = folder.string(),
         .inputs = (folder / "inputs").string(),
         .journal = "j",
         .runner = {.program = HINTERLAND_RUNNER}},
        std::make_unique<FakeCluster>(slurm), {1'000'000},
        [this](Event event) { heard.push_back(std::move(event)); }, [this] { return slurm.now; });
    REQUIRE(opened);
    executor = std::move(*opened);
    grant();
  }
  void grant() {
    executor->hear(effect::Grant{.pool = PoolIndex{0}, .term = term, .sent = slurm.now, .lease = {600'000}});
  }
  void launch(std::uint64_t attempt) {
    executor->hear(
        effect::Launch{.attempt = {attempt}, .task = TaskIndex{0}, .pool = PoolIndex{0}, .term = term},
        {.arguments = {"true"}, .limit = {60'000}, .size = {.cores = 1}});
  }
  void kill(std::uint64_t attempt) const {
    executor->hear(effect::Kill{.attempt = {attempt}, .pool = PoolIndex{0}});
  }
  void forget(std::uint64_t attempt) const {
    executor->hear(effect::Forget{.attempt = {attempt}, .pool = PoolIndex{0}});
  }
  void look(Ms after = 500) {
    slurm.pass(after);
    executor->look();
  }
  // Launches and kills while everything fails, and then nothing any more. How many were launched.
  std::uint64_t live_through(std::uint64_t seed) {
    RandomStream random(seed, "slurm");
    const auto chance = [&](double p) { return random.uniform() < p; };
    std::uint64_t launched = 0;
    for (int step = 0; step < 60; ++step) {
      if (chance(0.3)) {
        for (std::uint64_t count = 1 + random.next() % 4; count > 0; --count) launch(++launched);
      }
      if (launched > 0 && chance(0.1)) kill(1 + random.next() % launched);
      if (chance(0.05)) slurm.crash();
      if (chance(0.1)) slurm.give_up_for = static_cast<Ms>(random.next() % 30'000);
      if (chance(0.1)) slurm.forget_answers = static_cast<int>(random.next() % 4);
      if (chance(0.1)) slurm.deaf = chance(0.5);
      if (slurm.keeps_accounts && chance(0.1)) slurm.accounts_are_deaf = chance(0.5);
      if (chance(0.05)) {  // the broker's process begins anew
        ++term.value;
        begin();
      }
      for (std::uint64_t k = 1; k <= launched; ++k) {
        if (ended(k) && chance(0.3)) forget(k);
      }
      grant();
      look(static_cast<Ms>(random.next() % 3000));
    }
    slurm.deaf = false;
    slurm.forget_answers = 0;
    for (int k = 0; k < 400; ++k) {
      grant();
      look();
    }
    return launched;
  }
  const event::Ended* end_of(std::uint64_t attempt) const {
    for (const Event& event : heard) {
      const auto* end = std::get_if<event::Ended>(&event);
      if (end != nullptr && end->attempt.value == attempt) return end;
    }
    return nullptr;
  }
  std::optional<Cause> ended(std::uint64_t attempt) const {
    const auto* end = end_of(attempt);
    return end == nullptr ? std::nullopt : std::optional(end->cause);
  }
  std::int64_t room_told() const {
    std::int64_t cores = -1;
    for (const Event& event : heard) {
      if (const auto* room = std::get_if<event::Room>(&event)) cores = room->cores;
    }
    return cores;
  }
  // What a user reads of it.
  std::string said_of(std::uint64_t attempt) const {
    std::ifstream file(folder / std::to_string(attempt) / "stderr.log");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void look_until_ended(std::uint64_t attempt, int looks = 400) {
    for (; !ended(attempt) && looks > 0; --looks) look();
  }
};

}  // namespace hinterland::test
