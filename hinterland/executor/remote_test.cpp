#include "hinterland/executor/remote.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "hinterland/executor/test_remote_desk.hpp"

namespace hinterland {

namespace fs = std::filesystem;
using test::text_of;
using Desk = test::RemoteDesk;

TEST_CASE("an attempt is a job there, and what it leaves comes back as if it had run here") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.look(100);
  REQUIRE(desk.far.jobs.size() == 1);
  CHECK(desk.far.jobs[0].key == "hl-j-0-1");
  const auto asked = nlohmann::json::parse(desk.far.jobs[0].text);
  CHECK(asked.at("command") == nlohmann::json({"/usr/bin/env", "HINTERLAND_TASK=7", "render"}));
  CHECK(asked.at("environment") == nlohmann::json({"A=b"}));
  CHECK(asked.at("cores") == 2);
  CHECK(asked.at("hours") == doctest::Approx(1.0 / 60));
  CHECK(fs::status(desk.folder / "1" / "ask").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));  // its variables are in it
  desk.look(100);
  CHECK(desk.executor->standings().at({1}) == "it is job 0 there, running at rack");
  desk.run();
  const auto end = desk.ended(1);
  REQUIRE(end);
  CHECK(end->cause == Cause::done);
  CHECK(end->ran == Duration{1000});  // as it was metered there
  CHECK(end->host == "far");
  const auto weigh = std::ssize(std::string("hl-j-0-1/outhl-j-0-1/log/more"));
  CHECK(end->outputs == OutputsMoved{.needed = weigh, .moved = weigh});
  CHECK(text_of(desk.folder / "1" / "work" / "log" / "more") == "hl-j-0-1/log/more");
  CHECK(text_of(desk.folder / "1" / "stdout.log") == "said by hl-j-0-1");
  CHECK(read_end(desk.folder / "1")->cause == Cause::done);  // its outputs are there
  CHECK(desk.executor->path().fetched == static_cast<std::uint64_t>(weigh));
  CHECK(desk.back->now().cached == 0);  // nobody wants them any more
  desk.forget(1);
  CHECK(fs::exists(desk.folder / "over" / "1"));
  CHECK(desk.back->ledger().accounts().empty());
}

TEST_CASE("attempts that come together are submitted together, and if that is refused each by itself") {
  Desk desk;
  desk.look();
  desk.grant();
  for (std::uint64_t k = 1; k <= 20; ++k) desk.launch(k);
  const int before = desk.far.asked;
  desk.look();
  CHECK(desk.far.jobs.size() == 20);
  CHECK(desk.far.asked - before == 2);
  desk.launch(30);
  desk.launch(31, "malformed");
  desk.run(3);
  CHECK(desk.far.find(Desk::key(30)) != nullptr);
  CHECK(desk.cause_of(31) == Cause::absent);
}

TEST_CASE("a submission that was given up on and is carried out later is one job") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.far.give_up_for = 5000;
  desk.run(40);
  CHECK(desk.cause_of(1) == Cause::done);
  CHECK(desk.far.late.empty());
  CHECK(desk.far.jobs.size() == 1);
  CHECK(desk.far.begun[Desk::key(1)] == 1);
}

TEST_CASE("what was killed before anybody knew of its submission never runs, however late that comes") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.far.give_up_for = 9000;
  desk.look();
  desk.kill(1);
  CHECK_FALSE(desk.ended(1));  // nobody knows yet
  desk.look(2000);
  CHECK(desk.cause_of(1) == Cause::killed);
  desk.forget(1);
  desk.run(40);
  CHECK(desk.far.late.empty());
  CHECK(desk.far.begun[Desk::key(1)] == 0);
  CHECK(desk.far.find(Desk::key(1))->state == "cancelled");
}

TEST_CASE("what was killed after its submission was taken unseen is found by its key and cancelled") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.far.give_up_for = 0;
  desk.look(100);
  desk.far.pass(300);
  REQUIRE(desk.far.begun[Desk::key(1)] == 1);
  desk.kill(1);
  desk.run(4);
  CHECK(desk.cause_of(1) == Cause::killed);
  CHECK(desk.far.find(Desk::key(1))->state == "cancelled");
  CHECK(desk.ended(1)->ran == Duration{desk.far.find(Desk::key(1))->ran});
}

TEST_CASE("a broker that is killed finds its attempts again, and goes on with what was coming back") {
  Desk desk;
  desk.look();
  desk.grant();
  for (std::uint64_t k = 1; k <= 3; ++k) desk.launch(k);
  desk.far.give_up_for = 0;  // taken, and nobody heard so
  desk.look(100);
  ++desk.term.value;
  desk.begin();
  SUBCASE("while they run") {}
  SUBCASE("while their outputs come") {
    desk.parts = 1;
    desk.run(6);
    CHECK(desk.executor->path().fetching > 0);
    CHECK_FALSE(desk.ended(3));
    ++desk.term.value;
    desk.begin();
    desk.parts = 20;
  }
  desk.run(20);
  for (std::uint64_t k = 1; k <= 3; ++k) {
    CHECK(desk.cause_of(k) == Cause::done);
    CHECK(desk.far.begun[Desk::key(k)] == 1);
  }
  CHECK(desk.far.jobs.size() == 3);
}

TEST_CASE("what was there before a kill, and has no place there, goes back unrun") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  SUBCASE("its number is known") {}
  SUBCASE("nobody heard that it was taken") { desk.far.give_up_for = 0; }
  desk.look(100);
  ++desk.term.value;
  desk.begin();
  desk.far.has_place = false;
  desk.run(4);
  CHECK(desk.cause_of(1) == Cause::absent);
  CHECK(desk.far.begun[Desk::key(1)] == 0);
  CHECK(desk.executor->trouble().contains("it has no place for it"));
}

TEST_CASE("what nobody had submitted when its process ended, or its term did, is given back") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  SUBCASE("the process") { desk.begin(); }
  SUBCASE("the term") {}
  ++desk.term.value;
  desk.look(0);
  const bool was_sent = !desk.far.jobs.empty();
  desk.grant();
  desk.run(3);
  CHECK(was_sent == (desk.cause_of(1) != Cause::absent));
}

TEST_CASE(
    "an attempt of an earlier term is not submitted again before the broker here was asked whether it wants "
    "it") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.far.give_up_for = 1'000'000;
  desk.look();  // it may have been taken
  ++desk.term.value;
  desk.begin();
  desk.look();
  desk.grant();  // a lease, under a new term
  CHECK(desk.far.jobs.empty());
  desk.look();
  CHECK(desk.far.jobs.empty());
  SUBCASE("it does not") {
    desk.kill(1);
    desk.run(3);
    CHECK(desk.cause_of(1) == Cause::killed);
    CHECK(desk.far.begun[Desk::key(1)] == 0);
  }
  SUBCASE("it does") {
    desk.run();
    CHECK(desk.cause_of(1) == Cause::done);
  }
}

TEST_CASE("an output that is not to be had any more, and one that comes in pieces") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  SUBCASE("gone") {
    desk.parts = 1;
    desk.run(4);
    desk.far.objects.clear();
    desk.run(8);
    CHECK(desk.cause_of(1) == Cause::host_failed);
  }
  SUBCASE("in pieces") {
    desk.far.cut_after = 1;
    desk.run(200);
    CHECK(desk.cause_of(1) == Cause::done);
    CHECK(text_of(desk.folder / "1" / "work" / "out") == "hl-j-0-1/out");
  }
}

TEST_CASE("who is killed while its outputs come has ended when nothing moves for it any more") {
  Desk desk;
  desk.look();
  desk.grant();
  desk.launch(1);
  desk.parts = 1;
  desk.run(5);
  REQUIRE(desk.executor->path().fetching == 1);
  desk.kill(1);
  desk.run(2);
  CHECK(desk.cause_of(1) == Cause::killed);
  CHECK(desk.ended(1)->ran == Duration{1000});
  CHECK(desk.executor->path().fetching == 0);
  CHECK(desk.ended(1)->outputs.moved == static_cast<std::int64_t>(desk.back->ledger().moved()));
}

TEST_CASE("what is free there, and what ours occupy, is told") {
  Desk desk;
  desk.look();
  CHECK(desk.room() == 8);
  desk.grant();
  desk.launch(1);
  desk.run(1);
  desk.far.pass(200);
  desk.far.jobs[0].began = desk.far.now + 60'000;  // it runs on
  desk.far.cores = 3;
  desk.look(11'000);
  CHECK(desk.room() == 5);
}

TEST_CASE("a folder that is not what it was is not made anew") {
  Desk desk;
  desk.executor.reset();
  desk.back.reset();
  fs::remove_all(desk.folder);
  const auto opened = RemoteExecutor::open({.pool = PoolIndex{0},
                                            .folder = desk.folder.string(),
                                            .journal = "j",
                                            .host = "far",
                                            .work = "",
                                            .project = "",
                                            .is_new = false},
                                           RemoteBroker(line_to(desk.far)), WayBack{}, {1000}, {},
                                           [] { return std::int64_t{0}; });
  REQUIRE_FALSE(opened);
  CHECK(describe(opened.error().front()).contains("Mount it."));
}

TEST_CASE("a broker that leads no more asks nothing of its successor's") {
  Desk desk;
  bool leads = true;
  auto opened = RemoteExecutor::open(
      {.pool = PoolIndex{0},
       .folder = desk.folder.string(),
       .journal = "j",
       .host = "far",
       .work = "",
       .project = "",
       .acts = [&] { return leads; }},
      RemoteBroker(line_to(desk.far)), {.put = [](const auto&) {}, .now = [] { return PathNow{}; }}, {1000},
      [&](Event event) { desk.hear(std::move(event)); }, [&] { return desk.far.now; });
  REQUIRE(opened);
  desk.executor = std::move(*opened);
  desk.look();
  desk.grant();
  desk.launch(1);
  leads = false;
  const int asked = desk.far.asked;
  for (int k = 0; k < 20; ++k) desk.look();
  CHECK(desk.far.asked == asked);
  CHECK_FALSE(desk.ended(1));
}

}  // namespace hinterland
