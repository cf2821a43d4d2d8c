// What follows from a cluster's accounting, by a Slurm that forgets.
#include <doctest/doctest.h>

#include <string>

#include "hinterland/executor/test_slurm_desk.hpp"

namespace hinterland {

namespace {

using test::Ms;
using Desk = test::SlurmDesk;

// An attempt that has run for 7 s, whose runner leaves no word, and whose job the queue forgets, having ended in `state` (or not at all).
void run_and_forget(Desk& desk, std::uint64_t attempt, const char* state) {
  desk.launch(attempt);
  desk.look();
  desk.look(100);
  desk.slurm.jobs.at(0).begun = desk.slurm.now + 100'000;  // it runs on
  desk.look(100);
  desk.slurm.jobs.at(0).begun = desk.slurm.now - 7000;
  desk.slurm.forget(0, state);
}
Ms looked_until_ended(Desk& desk, std::uint64_t attempt) {
  const Ms from = desk.slurm.now;
  desk.look_until_ended(attempt);
  return desk.slurm.now - from;
}

}  // namespace

TEST_CASE("what the queue does not know any more ended as its accounting says, and ran as long") {
  struct Case {
    const char* state;
    Cause cause;
    bool is_quick;  // a node has said so, or nothing is begun in its place
  };
  for (const Case& one :
       {Case{"TIMEOUT", Cause::out_of_time, true}, Case{"OUT_OF_MEMORY", Cause::out_of_memory, true},
        Case{"FAILED", Cause::host_failed, true}, Case{"COMPLETED", Cause::host_failed, true},
        Case{"NODE_FAIL", Cause::host_failed, false}, Case{"PREEMPTED", Cause::host_failed, false},
        Case{"CANCELLED", Cause::host_failed, false}}) {
    CAPTURE(one.state);
    Desk desk;
    desk.slurm.keeps_accounts = true;
    run_and_forget(desk, 1, one.state);
    desk.slurm.accounts.begin()->second.ended_by = "root";
    const Ms took = looked_until_ended(desk, 1);
    REQUIRE(desk.end_of(1) != nullptr);
    CHECK(desk.end_of(1)->cause == one.cause);
    CHECK(desk.end_of(1)->ran.ms == 7000);
    CHECK(desk.end_of(1)->host == "n1");
    CHECK(took >= (one.is_quick ? 15'000 : 60'000));
    CHECK(took <= (one.is_quick ? 18'000 : 63'000));
    CHECK(desk.said_of(1).contains(std::string("its accounting says ") + one.state + " by root after 7 s"));
  }
}

TEST_CASE("what was cancelled because this wanted it is paid as it ran, also if the queue has forgotten it") {
  Desk desk;
  desk.slurm.keeps_accounts = true;
  run_and_forget(desk, 1, "CANCELLED");
  desk.kill(1);
  CHECK(looked_until_ended(desk, 1) <= 18'000);
  REQUIRE(desk.end_of(1) != nullptr);
  CHECK(desk.end_of(1)->cause == Cause::killed);
  CHECK(desk.end_of(1)->ran.ms == 7000);
}

TEST_CASE("its runner's word goes before the accounting's") {
  Desk desk;
  desk.slurm.keeps_accounts = true;
  run_and_forget(desk, 1, "TIMEOUT");
  desk.look();
  std::ofstream(desk.folder / "1" / "ended") << "0 1234 done\n";
  desk.look_until_ended(1);
  CHECK(desk.ended(1) == Cause::done);
}

TEST_CASE(
    "a job that is not in the accounting, or runs there for ever, has ended no sooner and no later than "
    "without") {
  for (const bool is_there : {false, true}) {
    CAPTURE(is_there);
    Desk desk;
    desk.slurm.keeps_accounts = true;
    run_and_forget(desk, 1, nullptr);
    if (!is_there) desk.slurm.accounts.clear();
    const Ms took = looked_until_ended(desk, 1);
    CHECK(took >= 60'000);
    CHECK(took <= 63'000);
    CHECK(desk.ended(1) == Cause::host_failed);
    CHECK(desk.slurm.asked.size() >= 3);
    CHECK(desk.slurm.asked.size() <= 5);  // not with every look
  }
}

TEST_CASE("a cluster that keeps no accounts says so once") {
  Desk desk;
  run_and_forget(desk, 1, "TIMEOUT");
  CHECK(looked_until_ended(desk, 1) <= 63'000);
  CHECK(desk.ended(1) == Cause::host_failed);
  CHECK(desk.slurm.asked.size() == 1);
  CHECK(desk.executor->trouble().empty());
}

TEST_CASE(
    "an accounting that does not answer is asked once a minute; the queue is looked at, and nothing waits "
    "for ever") {
  Desk desk;
  desk.slurm.keeps_accounts = desk.slurm.accounts_are_deaf = true;
  run_and_forget(desk, 1, "TIMEOUT");
  for (int k = 0; k < 60; ++k) desk.look();
  CHECK(desk.slurm.asked.size() == 1);
  CHECK(desk.executor->trouble() == "Its accounting: No answer.");
  CHECK(desk.executor->pause() == 1000);
  desk.launch(2);  // meanwhile others are submitted, and run
  desk.look_until_ended(2);
  CHECK(desk.ended(2) == Cause::done);
  const Ms from = desk.slurm.now;
  SUBCASE("never") {
    desk.look_until_ended(1);
    CHECK(desk.slurm.now - from <= 120'000);
    CHECK(desk.ended(1) == Cause::host_failed);
    CHECK(desk.slurm.asked.size() <= 3);
  }
  SUBCASE("later") {
    desk.slurm.accounts_are_deaf = false;
    desk.look_until_ended(1);
    CHECK(desk.ended(1) == Cause::out_of_time);
    CHECK(desk.end_of(1)->ran.ms == 7000);
  }
}

TEST_CASE("an account of another job of that name or number is none of the attempt's") {
  Desk desk;
  desk.slurm.keeps_accounts = true;
  run_and_forget(desk, 1, nullptr);
  SlurmPast other = desk.slurm.accounts.begin()->second;
  other.job.phase = SlurmPhase::over;
  other.job.state = "TIMEOUT";
  other.job.submitted = "7";
  desk.slurm.accounts["0"] = other;
  desk.look_until_ended(1);
  CHECK(desk.ended(1) == Cause::host_failed);
}

TEST_CASE("tasks of an array are asked for by the array's name, also by whom nobody told") {
  Desk desk;
  desk.slurm.keeps_accounts = true;
  for (std::uint64_t k = 5; k < 9; ++k) desk.launch(k);
  desk.look();
  desk.look(100);
  for (auto& job : desk.slurm.jobs) job.begun = desk.slurm.now - 900;  // they end soon, but leave no word
  for (auto& job : desk.slurm.jobs) desk.slurm.end(job, "TIMEOUT");
  desk.slurm.jobs.clear();
  ++desk.term.value;
  desk.begin();  // the broker anew
  desk.look_until_ended(8);
  for (std::uint64_t k = 5; k < 9; ++k) CHECK(desk.ended(k) == Cause::out_of_time);
  REQUIRE_FALSE(desk.slurm.asked.empty());
  CHECK(desk.slurm.asked.front().names == std::vector<std::string>{"hl-j-0-5"});
  CHECK(desk.slurm.asked.front().since.has_value());
}

TEST_CASE("before it is submitted again, the accounting is asked for its name") {
  Desk desk;
  desk.slurm.keeps_accounts = true;
  desk.slurm.give_up_for = 1'000'000;
  desk.launch(1);
  desk.look();
  CHECK(desk.slurm.asked.empty());
  SUBCASE("it knows of none: submitted again") {
    desk.look_until_ended(1);
    CHECK(desk.ended(1) == Cause::done);
    REQUIRE(desk.slurm.asked.size() == 1);
    CHECK(desk.slurm.asked[0].names == std::vector<std::string>{"hl-j-0-1"});
    CHECK_FALSE(desk.slurm.asked[0].since.has_value());
  }
  SUBCASE("it does not answer: submitted again, for it will be held") {
    desk.slurm.accounts_are_deaf = true;
    desk.look_until_ended(1);
    CHECK(desk.ended(1) == Cause::done);
  }
  SUBCASE("it knows one that had a node: somebody there has let it go") {
    desk.slurm.accounts["9"] = {.job = {.name = "hl-j-0-1",
                                        .number = "9",
                                        .phase = SlurmPhase::over,
                                        .state = "FAILED",
                                        .submitted = "990",
                                        .node = "n1",
                                        .ran_s = 3},
                                .began = true};
    std::filesystem::create_directory(desk.folder / "1" / "begun");
    desk.look_until_ended(1);
    CHECK(desk.slurm.jobs.empty());
    CHECK(desk.ended(1) == Cause::host_failed);
    CHECK(desk.end_of(1)->ran.ms == 3000);
  }
}

// It never had a node, so slurmdbd has not heard of it: that it is absent there is not that it never was, nor that it will not run.
TEST_CASE("a held job that was cancelled is in no account, and its absence is taken for nothing") {
  Desk desk;
  desk.slurm.keeps_accounts = true;
  desk.launch(1);
  desk.slurm.forget_answers = 1;
  desk.look();  // it is seen, and was to be let go
  REQUIRE(desk.slurm.jobs.size() == 1);
  REQUIRE(desk.slurm.jobs[0].seen.phase == SlurmPhase::held);
  desk.slurm.forget(0, "CANCELLED");
  CHECK(desk.slurm.accounts.empty());
  CHECK(looked_until_ended(desk, 1) >= 60'000);  // as long as if nobody had been asked
  CHECK_FALSE(desk.slurm.asked.empty());
  CHECK(desk.ended(1) == Cause::absent);  // which nobody can begin any more: `begun` is taken
  CHECK(std::filesystem::exists(desk.folder / "1" / "begun"));
}

TEST_CASE("what a QoS lets run bounds what is told, with what others and we hold under it") {
  Desk desk;
  desk.slurm.room = {.cpus = 16, .busy = 2, .bounds = {{.most = 8, .held = 2}}};
  desk.look();
  CHECK(desk.room_told() == 6);
  desk.launch(1);
  for (int k = 0; k < 2; ++k) desk.look(100);
  desk.slurm.jobs.at(0).begun = desk.slurm.now + 60'000;
  desk.slurm.jobs.at(0).seen.cpus = 4;
  desk.slurm.room = {.cpus = 16, .busy = 6, .bounds = {{.most = 8, .held = 6}, {.most = 5, .held = 4}}};
  desk.look(11'000);
  CHECK(desk.room_told() == 5);  // 4 of ours, and one more
}

TEST_CASE("that limits are not known is said, and what is known holds") {
  Desk desk;
  desk.slurm.room = {
      .cpus = 16, .busy = 2, .bounds = {{.most = 8, .held = 2}}, .trouble = "Its accounting: No answer."};
  desk.look();
  CHECK(desk.room_told() == 6);
  CHECK(desk.executor->trouble() == "Its accounting: No answer.");
  desk.slurm.room.trouble.clear();
  desk.look(11'000);
  CHECK(desk.executor->trouble().empty());
}

TEST_CASE("the room is the least of what is free, and never below nothing") {
  CHECK(room_for_us({.cpus = 4, .busy = 1}, 0) == 3);
  CHECK(room_for_us({.cpus = 4, .busy = 1, .bounds = {{.most = 2, .held = 0}}}, 0) == 2);
  CHECK(room_for_us({.cpus = 4, .busy = 3, .bounds = {{.most = 2, .held = 2}}}, 2) == 2);
  CHECK(room_for_us({.cpus = 4, .busy = 3, .bounds = {{.most = 2, .held = 3}}}, 0) == 0);
  CHECK(room_for_us({.cpus = 4, .busy = 4, .bounds = {{.most = 0, .held = 0}}}, 1) == 1);
}

}  // namespace hinterland
