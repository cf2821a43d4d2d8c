#include "hinterland/executor/slurm.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "hinterland/executor/test_slurm_desk.hpp"

namespace hinterland {

namespace {

namespace fs = std::filesystem;

using test::FakeCluster;
using test::Ms;
using Desk = test::SlurmDesk;

}  // namespace

TEST_CASE("an attempt is submitted held, let go once it is seen, and its runner says how it ended") {
  Desk desk;
  desk.launch(1);
  desk.look();
  REQUIRE(desk.slurm.jobs.size() == 1);
  CHECK(desk.slurm.jobs[0].seen.name == "hl-j-0-1");
  CHECK(desk.slurm.jobs[0].seen.phase == SlurmPhase::waiting);
  // Its variables are in it.
  CHECK(fs::status(desk.folder / "1" / "begin").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  desk.look_until_ended(1);
  CHECK(desk.ended(1) == Cause::done);
  const auto* began = std::get_if<event::Began>(&*std::ranges::find_if(
      desk.heard, [](const Event& event) { return std::holds_alternative<event::Began>(event); }));
  CHECK(began->host == "n1");
  desk.forget(1);
  CHECK(fs::exists(desk.folder / "over" / "1"));
}

TEST_CASE("attempts that come together and are alike are one array") {
  Desk desk;
  for (std::uint64_t k = 5; k < 25; ++k) desk.launch(k);
  desk.launch(40);
  desk.look();
  REQUIRE(desk.slurm.jobs.size() == 21);
  CHECK(desk.slurm.next == 3);
  CHECK(desk.slurm.releases == 2);  // an array at once
  CHECK(desk.slurm.jobs[3].seen.name == "hl-j-0-5");
  for (std::uint64_t k = 5; k < 25; ++k) {
    desk.look_until_ended(k);
    CHECK(desk.ended(k) == Cause::done);
    CHECK(desk.slurm.begun[k] == 1);
  }
}

TEST_CASE("after an array was refused all go singly, and a while later as an array again") {
  Desk desk;
  desk.slurm.refuses_arrays = true;
  for (std::uint64_t k = 5; k < 9; ++k) desk.launch(k);
  for (int k = 0; k < 4; ++k) desk.look();
  CHECK(desk.slurm.next == 5);
  for (std::uint64_t k = 5; k < 9; ++k) desk.look_until_ended(k);
  desk.slurm.refuses_arrays = false;
  desk.look(600'000);
  desk.grant();
  for (std::uint64_t k = 41; k < 45; ++k) desk.launch(k);
  desk.look();
  CHECK(desk.slurm.next == 6);
}

TEST_CASE("a submission that was given up on and is carried out later runs once") {
  Desk desk;
  desk.slurm.give_up_for = 20'000;
  desk.launch(1);
  desk.look_until_ended(1);
  CHECK(desk.ended(1) == Cause::done);  // submitted again meanwhile
  desk.forget(1);
  for (int k = 0; k < 100; ++k) desk.look();
  CHECK(desk.slurm.late.empty());
  CHECK(desk.slurm.begun[1] == 1);
  CHECK(desk.slurm.jobs.back().seen.state == "CANCELLED");
}

TEST_CASE("a controller that forgets what it had acknowledged, and gives its numbers again") {
  Desk desk;
  desk.launch(1);
  desk.slurm.forget_answers = 1;
  desk.executor->look();
  desk.slurm.crash();
  desk.launch(2);  // gets the number of the first
  desk.look_until_ended(1);
  desk.look_until_ended(2);
  CHECK(desk.ended(2) == Cause::done);
  CHECK(desk.slurm.begun[1] <= 1);
  CHECK(desk.slurm.begun[2] == 1);
}

TEST_CASE("what was killed before it was let go never runs, however late it turns up") {
  Desk desk;
  desk.slurm.give_up_for = 3000;
  desk.launch(1);
  desk.executor->look();
  desk.kill(1);
  CHECK(desk.ended(1) == Cause::killed);
  for (int k = 0; k < 40; ++k) desk.look();
  CHECK(desk.slurm.begun[1] == 0);
  CHECK(desk.slurm.jobs.at(0).seen.state == "CANCELLED");
}

TEST_CASE("a cluster that cannot be reached is silent, and is asked less and less often") {
  Desk desk;
  desk.launch(1);
  desk.look();
  desk.look();
  desk.slurm.deaf = true;
  desk.heard.clear();
  for (int k = 0; k < 10; ++k) desk.look();
  CHECK(desk.heard.empty());
  CHECK(desk.executor->pause() == 30'000);
  CHECK(desk.executor->trouble() == "No answer.");
  desk.slurm.deaf = false;
  desk.look();
  CHECK(desk.executor->pause() == 1000);
  CHECK(desk.ended(1) == Cause::done);  // it went on meanwhile
}

TEST_CASE("a refusal is the pool's trouble: its attempts go back unrun, and it has no room for a while") {
  Desk desk;
  desk.slurm.refuses = true;
  for (std::uint64_t k = 1; k <= 3; ++k) desk.launch(k);
  desk.look();
  desk.look();
  for (std::uint64_t k = 1; k <= 3; ++k) CHECK(desk.ended(k) == Cause::absent);
  CHECK(std::ranges::any_of(desk.heard, [](const Event& event) {
    const auto* room = std::get_if<event::Room>(&event);
    return room != nullptr && room->cores == 0;
  }));
  CHECK(desk.executor->trouble().contains("Invalid partition"));
  desk.slurm.refuses = false;
  desk.launch(4);
  for (int k = 0; k < 20; ++k) desk.look();
  CHECK_FALSE(desk.ended(4));
  desk.look_until_ended(4);
  CHECK(desk.ended(4) == Cause::done);
  std::ifstream file(desk.folder / "1" / "stderr.log");
  CHECK(std::string(std::istreambuf_iterator<char>(file), {}).contains("Invalid partition"));
}

TEST_CASE(
    "a partition that is not there has no room, and that stays the pool's trouble between two questions") {
  Desk desk;
  desk.slurm.room = {.trouble = "No node is in partition nope."};
  for (int k = 0; k < 12; ++k) {
    desk.look();
    CHECK(desk.executor->trouble() == "No node is in partition nope.");
  }
  const auto told = std::ranges::find_if(
      desk.heard, [](const Event& event) { return std::holds_alternative<event::Room>(event); });
  REQUIRE(told != desk.heard.end());
  CHECK(std::get<event::Room>(*told).cores == 0);
}

TEST_CASE("what Slurm says of an end without a runner's word") {
  for (const auto& [state, cause] : {std::pair{"NODE_FAIL", Cause::host_failed},
                                     {"TIMEOUT", Cause::out_of_time},
                                     {"OUT_OF_MEMORY", Cause::out_of_memory},
                                     {"CANCELLED", Cause::host_failed}}) {
    Desk desk;
    desk.launch(1);
    desk.look();
    desk.slurm.end(desk.slurm.jobs[0], state);
    desk.look_until_ended(1);
    CHECK(desk.ended(1) == cause);
  }
}

TEST_CASE("what no node will ever take is cancelled, and given back") {
  Desk desk;
  desk.launch(1);
  desk.look();
  desk.slurm.jobs.at(0).seen.reason = "BadConstraints";
  desk.slurm.stuck = true;
  desk.look_until_ended(1);
  CHECK(desk.ended(1) == Cause::host_failed);
  CHECK(desk.slurm.jobs.at(0).seen.state == "CANCELLED");
}

TEST_CASE("two pools of one cluster leave each other's jobs alone") {
  Desk desk;
  desk.launch(1);
  desk.look();
  SlurmJob other = desk.slurm.jobs.at(0).seen;
  other.phase = SlurmPhase::held;
  other.name = "hl-j-1-2";
  other.number = "77";
  desk.slurm.jobs.push_back({.seen = other});
  other.name = "hl-j-0-3";  // of this pool, which does not know it
  other.number = "78";
  desk.slurm.jobs.push_back({.seen = other});
  desk.look(100);
  CHECK(desk.slurm.jobs.at(1).seen.state != "CANCELLED");
  CHECK(desk.slurm.jobs.at(2).seen.state == "CANCELLED");
}

TEST_CASE("a folder that is not what it was is not made anew") {
  Desk desk;
  desk.launch(1);
  desk.look();
  fs::remove_all(desk.folder);
  const auto opened =
      SlurmExecutor::open({.pool = PoolIndex{0},
                           .folder = desk.folder.string(),
                           .journal = "j",
                           .runner = {.program = HINTERLAND_RUNNER},
                           .is_new = false},
                          std::make_unique<FakeCluster>(desk.slurm), {1000}, {}, [] { return Ms{0}; });
  REQUIRE_FALSE(opened);
  CHECK(describe(opened.error().front()).contains("Mount it."));
}

TEST_CASE("a folder of another journal is refused, even with nothing in it, and nothing there is changed") {
  Desk desk;
  const auto opened =
      SlurmExecutor::open({.pool = PoolIndex{0},
                           .folder = desk.folder.string(),
                           .journal = "k",
                           .runner = {.program = HINTERLAND_RUNNER}},
                          std::make_unique<FakeCluster>(desk.slurm), {1000}, {}, [] { return Ms{0}; });
  REQUIRE_FALSE(opened);
  CHECK(describe(opened.error().front()).contains("The pool's folder is that of journal j, and this is k."));
  desk.launch(1);
  desk.look();  // it is let go, and begins after that
  desk.look();
  CHECK(desk.slurm.started[1] == 1);
}

TEST_CASE("what another broker has begun or given back is not begun here") {
  Desk desk;
  desk.launch(1);
  fs::create_directory(desk.folder / "1" / "begun");  // a successor gave it back
  desk.look();
  for (int k = 0; k < 200; ++k) desk.look();
  CHECK(desk.slurm.started[1] == 1);
  CHECK(desk.slurm.begun[1] == 0);
  CHECK(desk.ended(1) == Cause::host_failed);
}

TEST_CASE("a broker that leads no more touches nothing of its successor's") {
  Desk desk;
  bool leads = true;
  auto opened = SlurmExecutor::open(
      {.pool = PoolIndex{0},
       .folder = desk.folder.string(),
       .journal = "j",
       .runner = {.program = HINTERLAND_RUNNER},
       .acts = [&] { return leads; }},
      std::make_unique<FakeCluster>(desk.slurm), {1000},
      [&](Event event) { desk.heard.push_back(std::move(event)); }, [&] { return desk.slurm.now; });
  REQUIRE(opened);
  desk.executor = std::move(*opened);
  desk.grant();
  desk.launch(1);
  leads = false;
  SlurmJob other{.name = "hl-j-0-9", .number = "77"};  // the successor's
  desk.slurm.jobs.push_back({.seen = other});
  for (int k = 0; k < 20; ++k) desk.look();
  CHECK(desk.slurm.jobs.size() == 1);
  CHECK(desk.slurm.jobs[0].seen.phase == SlurmPhase::held);
  CHECK_FALSE(desk.ended(1));
}

TEST_CASE("what others leave of the cluster is told") {
  Desk desk;
  desk.slurm.room = {.cpus = 16, .busy = 6};
  desk.look();
  CHECK(desk.room_told() == 10);
  desk.launch(1);
  for (int k = 0; k < 2; ++k) desk.look(100);
  desk.slurm.jobs.at(0).begun = desk.slurm.now + 60'000;  // it runs on
  desk.slurm.jobs.at(0).seen.cpus = 4;
  desk.look(11'000);
  CHECK(desk.room_told() == 14);
}

TEST_CASE("whatever goes wrong an attempt begins once at most, and each ends") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Desk desk;
    desk.slurm.keeps_accounts = seed % 2 == 1;
    const std::uint64_t launched = desk.live_through(seed);
    for (std::uint64_t k = 1; k <= launched; ++k) {
      CAPTURE(k);
      CHECK(desk.slurm.begun[k] <= 1);
      // Only a controller that went back in time begins a job twice.
      CHECK(desk.slurm.started[k] <= 1 + desk.slurm.crashes);
      CHECK((desk.ended(k) || !fs::exists(desk.folder / std::to_string(k))));
      CHECK((desk.ended(k) != Cause::done || desk.slurm.begun[k] == 1));
      CHECK((desk.ended(k) != Cause::absent || desk.slurm.begun[k] == 0));
    }
    CHECK(std::ranges::none_of(desk.slurm.jobs, [](const auto& job) {
      return job.seen.phase == SlurmPhase::held || job.seen.phase == SlurmPhase::waiting;
    }));
  }
}

}  // namespace hinterland
