// A pool that is another broker, while everything goes wrong.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/random.hpp"
#include "hinterland/executor/test_remote_desk.hpp"
#include "tests/seeds.hpp"

namespace hinterland {

namespace fs = std::filesystem;
using test::FakeBroker;
using test::text_of;
using Desk = test::RemoteDesk;

namespace {

// Each of them begins or ends.
void trouble(FakeBroker& far, RandomStream& random) {
  const auto chance = [&](double p) { return random.uniform() < p; };
  if (chance(0.1)) far.give_up_for = static_cast<FakeBroker::Ms>(random.next() % 30'000);
  if (chance(0.1)) far.forget_answers = static_cast<int>(random.next() % 4);
  if (chance(0.1)) far.deaf = chance(0.5);
  if (chance(0.1)) far.babbles = chance(0.3);
  if (chance(0.1)) far.says_twice = chance(0.5);
  if (chance(0.1)) far.cut_after = chance(0.5) ? std::optional(random.next() % 5) : std::nullopt;
  if (chance(0.1)) far.status = chance(0.5) ? 0 : std::vector{401, 403, 429, 500, 503}[random.next() % 5];
}

// Launches and kills while everything fails, and then nothing any more. How many were launched, and how often each had begun
// when its end was told.
std::uint64_t live_through(std::uint64_t seed, Desk& desk, std::map<std::uint64_t, int>& begun_at_end) {
  FakeBroker& far = desk.far;
  RandomStream random(seed, "remote");
  const auto chance = [&](double p) { return random.uniform() < p; };
  std::uint64_t launched = 0;
  const auto note = [&] {
    for (std::uint64_t k = 1; k <= launched; ++k) {
      if (desk.ended(k)) begun_at_end.try_emplace(k, far.begun[Desk::key(k)]);
    }
  };
  for (int step = 0; step < 60; ++step) {
    if (chance(0.3)) {
      for (std::uint64_t count = 1 + random.next() % 4; count > 0; --count) desk.launch(++launched);
    }
    if (launched > 0 && chance(0.15)) desk.kill(1 + random.next() % launched);
    trouble(far, random);
    if (chance(0.05)) {  // the broker's process here begins anew
      ++desk.term.value;
      desk.begin();
    }
    note();
    for (std::uint64_t k = 1; k <= launched; ++k) {
      if (desk.ended(k) && chance(0.3)) desk.forget(k);
    }
    desk.look(static_cast<FakeBroker::Ms>(random.next() % 3000));
    note();
    desk.grant();
  }
  far.deaf = far.babbles = far.says_twice = false;
  far.forget_answers = far.status = 0;
  far.cut_after.reset();
  for (int k = 0; k < 200; ++k) {
    desk.look();
    note();
    desk.grant();
  }
  return launched;
}

}  // namespace

TEST_CASE(
    "a broker that does not answer, or answers what is none, is silent; it is asked less and less often") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.run(2);
  std::string trouble;
  SUBCASE("deaf") {
    desk.far.deaf = true;
    trouble = "No answer.";
  }
  SUBCASE("its token was revoked") {
    desk.far.status = 401;
    trouble = "(status 401)";
  }
  SUBCASE("not leading") {
    desk.far.status = 503;
    trouble = "left alone";
  }
  SUBCASE("another program listens there") {
    desk.far.babbles = true;
    trouble = "none of a Hinterland broker";
  }
  desk.heard.clear();
  for (int k = 0; k < 10; ++k) desk.look();
  CHECK(desk.heard.empty());
  CHECK(desk.executor->pause() == 30'000);
  CHECK(desk.executor->trouble().contains(trouble));
  desk.far.deaf = desk.far.babbles = false;
  desk.far.status = 0;
  desk.run(8);
  CHECK(desk.executor->trouble().empty());
  CHECK(desk.executor->pause() == 1000);
  CHECK(desk.cause_of(1) == Cause::done);  // it went on meanwhile
}

TEST_CASE("who lists its jobs is heard, whatever else it does not answer") {
  for (const std::string to : {"/log", "/outputs", "?tasks", "/cancel", "POST /v1/jobs"}) {
    CAPTURE(to);
    Desk desk;
    desk.look();
    desk.grant();
    desk.launch(1);
    desk.launch(2);
    desk.look(100);
    desk.kill(2);
    desk.launch(3);
    desk.far.deaf_to = to;
    bool is_told = false;
    for (int k = 0; k < 10; ++k) {
      desk.heard.clear();
      desk.look();
      is_told |= desk.executor->trouble() == "No answer.";
      const auto beats = std::ranges::count_if(
          desk.heard, [](const Event& event) { return std::holds_alternative<event::Heartbeat>(event); });
      CHECK(beats == 1);
    }
    CHECK(desk.executor->pause() == 1000);
    CHECK(is_told);
    desk.far.deaf_to.clear();
    desk.run();
    CHECK(desk.cause_of(1) == Cause::done);
    CHECK(desk.cause_of(3) == Cause::done);
    CHECK(desk.executor->trouble().empty());
  }
}

TEST_CASE("who lists only a part of them is not") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.look(100);
  for (int k = 0; k < 600; ++k) desk.far.jobs.push_back({.key = "another's", .text = "", .state = "done"});
  desk.launch(2);
  desk.look(100);
  desk.far.deaf_to = "after=600";
  desk.heard.clear();
  desk.look();
  CHECK(desk.heard.empty());
  CHECK(desk.executor->pause() > 1000);
}

TEST_CASE("what is over there, and no more is said of, is lost after a minute; it keeps no other waiting") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.launch(2);
  desk.far.deaf_to = "/v1/jobs/0/log";
  desk.run(10);
  CHECK_FALSE(desk.ended(1));
  CHECK(desk.cause_of(2) == Cause::done);
  desk.run(120);
  REQUIRE(desk.ended(1));
  CHECK(desk.ended(1)->cause == Cause::host_failed);
  CHECK(desk.ended(1)->ran == Duration{1000});
  CHECK(text_of(desk.folder / "1" / "stderr.log").contains("does not say what became of it"));
}

TEST_CASE("what a stranger says is made safe to print") {
  Desk desk;
  const std::string evil = "\x1b]0;x\x07\n" + std::string(10'000, 'a');
  desk.far.site = desk.far.why = evil;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.look(100);
  desk.look(100);
  const std::string standing = desk.executor->standings().at({1});
  CHECK(standing.starts_with("it is job 0 there, running at ?]0;x? aaa"));
  CHECK(standing.size() < 200);
  desk.launch(2, "malformed");
  desk.run(3);
  const std::string trouble = desk.executor->trouble(), log = text_of(desk.folder / "2" / "stderr.log");
  for (const std::string& words : {trouble, log}) {
    CHECK(words.contains("?]0;x? aaa"));
    CHECK(words.size() < 500);
  }
}

TEST_CASE("who says when to come back is left alone until then") {
  Desk desk;
  desk.look();
  desk.far.status = 429;
  desk.look();
  const int asked = desk.far.asked;
  desk.far.status = 0;
  for (int k = 0; k < 6; ++k) desk.look(1000);
  CHECK(desk.far.asked == asked);
  CHECK(desk.executor->trouble().contains("left alone for 1 s"));
  desk.look(1100);
  CHECK(desk.far.asked > asked);
  CHECK(desk.executor->trouble().empty());
}

TEST_CASE("a refusal is the pool's trouble: its attempts go back unrun, and it has no room for a while") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1, "malformed");
  desk.run(3);
  CHECK(desk.cause_of(1) == Cause::absent);
  CHECK(desk.room() == 0);
  CHECK(desk.executor->trouble().contains("No such class."));
  CHECK(text_of(desk.folder / "1" / "stderr.log").contains("No such class."));
  desk.launch(2);
  desk.run(10);
  CHECK(desk.far.jobs.empty());
  desk.far.pass(60'000);
  desk.run();
  CHECK(desk.cause_of(2) == Cause::done);
  CHECK(desk.room() == 8);
}

TEST_CASE("a refusal of what may have been taken before says nothing of that") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1, "malformed");
  desk.far.give_up_for = 1'000'000;
  desk.look();
  SUBCASE("it was not") {
    desk.run(3);
    CHECK(desk.cause_of(1) == Cause::absent);
    CHECK(desk.far.find(Desk::key(1))->state == "cancelled");  // its key is held
  }
  SUBCASE("it was") {
    desk.far.jobs.push_back(
        {.key = Desk::key(1), .text = R"({"command": ["earlier"], "outputs": ["out", "log/more"]})"});
    desk.run();
    CHECK(desk.cause_of(1) == Cause::done);
    CHECK(desk.far.begun[Desk::key(1)] == 1);
  }
}

TEST_CASE("how a job failed there is how its attempt did; what its machines did is the site's fault") {
  for (const auto& [fate, cause] : {std::pair{"failed", Cause::failed},
                                    {"out of time", Cause::out_of_time},
                                    {"out of memory", Cause::out_of_memory},
                                    {"host failed", Cause::host_failed},
                                    {"lost", Cause::host_failed},
                                    {"what later brokers say", Cause::host_failed}}) {
    Desk desk;
    desk.far.fate = fate;
    desk.look();
    desk.grant();
    desk.launch(1);
    desk.run(8);
    REQUIRE(desk.ended(1));
    CHECK(desk.ended(1)->cause == cause);
    CHECK(desk.ended(1)->status == (cause == Cause::failed ? 3 : 0));
    CHECK(desk.ended(1)->ran == Duration{1000});
  }
}

TEST_CASE("a job that is cancelled there, or not known any more, is its site's fault") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.launch(2);
  desk.look(100);
  desk.far.find(Desk::key(1))->state = "cancelled";
  desk.look(100);
  CHECK(desk.cause_of(1) == Cause::host_failed);
  desk.far.jobs.clear();  // begun anew with another journal
  desk.look();
  CHECK_FALSE(desk.ended(2));
  for (int k = 0; k < 130; ++k) desk.look();
  CHECK(desk.cause_of(2) == Cause::host_failed);
}

TEST_CASE(
    "whatever goes wrong an attempt begins once at most, ends, and never begins after its end was told") {
  for (std::uint64_t seed = 0; seed < seeds(150); ++seed) {
    CAPTURE(seed);
    Desk desk;
    std::map<std::uint64_t, int> begun_at_end;
    const std::uint64_t launched = live_through(seed, desk, begun_at_end);
    for (std::uint64_t k = 1; k <= launched; ++k) {
      CAPTURE(k);
      const int begun = desk.far.begun[Desk::key(k)];
      const auto end = desk.ended(k);
      CHECK(begun <= 1);
      CHECK((end || !fs::exists(desk.folder / std::to_string(k))));
      if (!end) continue;
      CHECK(begun == begun_at_end.at(k));
      CHECK((end->cause != Cause::done || begun == 1));
      CHECK((end->cause != Cause::absent || begun == 0));
      if (end->cause == Cause::done) {
        const bool is_over = fs::exists(desk.folder / "over" / std::to_string(k));
        const fs::path at = is_over ? desk.folder / "over" : desk.folder;
        CHECK(text_of(at / std::to_string(k) / "work" / "out") == Desk::key(k) + "/out");
      }
      if (begun == 1) CHECK(end->ran == Duration{desk.far.find(Desk::key(k))->ran});
    }
    std::uint64_t twice = 0;
    for (const FakeBroker::Job& job : desk.far.jobs) {
      CHECK(job.state != "queued");
      CHECK(job.state != "running");
      twice +=
          static_cast<std::uint64_t>(std::ranges::count(desk.far.jobs, job.key, &FakeBroker::Job::key) > 1);
    }
    CHECK(twice == 0);
    CHECK(desk.back->now().attempts.empty());
    CHECK(desk.back->now().cached == 0);
  }
}

}  // namespace hinterland
