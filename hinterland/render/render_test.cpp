// A render ends well, or goes on, whatever happens to it: in whichever order its tasks end, whatever they leave, whoever is silent or
// stops it in between.
#include "hinterland/render/render.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "hinterland/render/test_render.hpp"

using namespace hinterland;

TEST_CASE("frames come once, in whichever order their tasks end") {
  rc::check("orders", [] {
    TestRender test("1-" + std::to_string(*rc::gen::inRange(1, 60)));
    test.user.chunk = *rc::gen::inRange<std::size_t>(1, 9);
    test.broker.per_look = *rc::gen::inRange<std::size_t>(1, 20);
    test.broker.order = *rc::gen::inRange(0U, 1000U);
    RC_ASSERT(test.run().value() == RenderEnd::over);
    RC_ASSERT(test.is_whole());
    RC_ASSERT(test.each_was_rendered_once());
    RC_ASSERT(test.broker.fetched == test.prepared.ask.frames.size());
    RC_ASSERT(test.spent == static_cast<double>(test.prepared.ask.frames.size()));
    // And again: there is nothing to do.
    const std::size_t asked = test.broker.outputs_asked;
    RC_ASSERT(test.run().value() == RenderEnd::over);
    RC_ASSERT(test.broker.outputs_asked == asked && test.each_was_rendered_once());
  });
}

TEST_CASE("a frame that is not well is rendered again, so many times and no more, and no other is") {
  TestRender test("1-12");
  test.limits.retries = 2;
  test.broker.draw = [](Frame frame, std::size_t time) -> std::string {
    if (frame.number == 5) return "black";              // always
    if (frame.number == 6 && time == 1) return "torn";  // once
    if (frame.number == 7 && time <= 2) return "";      // twice, beside others of its task
    if (frame.number == 12 && time == 1) return "";     // once, and its task fails
    return "frame " + std::to_string(frame.number);
  };
  CHECK(test.run().value() == RenderEnd::over);
  std::map<Frame, std::size_t> wanted;
  for (const Frame frame : test.prepared.ask.frames) wanted[frame] = 1;
  wanted[{5}] = 3;
  wanted[{6}] = 2;
  wanted[{7}] = 3;
  wanted[{12}] = 2;
  CHECK(test.broker.rendered == wanted);
  CHECK(gaps(test.manifest) == Frames{{5}});
  CHECK(last_faults(test.manifest, {{5}}).front().fault == FrameFault::black);
  CHECK(test.manifest.faults.size() == 3 + 1 + 2 + 1);
  CHECK_FALSE(fs::exists(test.frame(5)));
  // What was wrong with an image is looked at again before it is rendered again; what did not come is not.
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(test.broker.rendered == wanted);
  test.limits.retries = 3;
  CHECK(test.run().value() == RenderEnd::over);
  wanted[{5}] = 4;
  CHECK(test.broker.rendered == wanted);
}

TEST_CASE("what failed at its site and is begun anew there comes with the same command") {
  TestRender test("1-12");
  test.limits.retries = 0;
  bool is_mended = false;
  test.broker.draw = [&](Frame frame, std::size_t) {
    return frame.number > 9 && !is_mended ? std::string() : "frame " + std::to_string(frame.number);
  };
  test.user.chunk = 1;
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(frames_text(gaps(test.manifest)) == "10-12");
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(frames_text(gaps(test.manifest)) == "10-12");
  is_mended = true;
  test.broker.retry(0);
  test.broker.retry(1);
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(test.is_whole());
  CHECK(test.manifest.faults.empty());
  CHECK(test.broker.submitted == 2);
}

TEST_CASE("what comes to the budget is held once, and goes on with a larger one") {
  TestRender test("1-40");
  test.limits.budget = 15;
  test.user.chunk = 1;
  CHECK(test.run().value() == RenderEnd::over_budget);
  REQUIRE(test.broker.holds == std::vector<std::uint32_t>{1});
  CHECK(test.spent > 15);
  CHECK(test.spent <= 15 + static_cast<double>(test.broker.per_look));
  CHECK(static_cast<double>(test.manifest.frames.size()) == test.spent);
  test.broker.release(1);
  test.limits.budget = 40;
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(test.broker.holds.size() == 1);
  CHECK(test.broker.submitted == 2);
  CHECK(test.is_whole());
  CHECK(test.each_was_rendered_once());
}

TEST_CASE("nothing that has a budget goes on where nobody watches it") {
  std::size_t held = 0;
  for (std::size_t step = 1;; ++step) {
    TestRender test("1-17");
    test.limits.budget = 1000;
    test.user.stop_at = step;
    if (test.run().value() == RenderEnd::over) break;
    CAPTURE(step);
    CHECK_FALSE(test.broker.is_busy());
    CHECK(test.is_held == (test.broker.holds.size() == 1));
    held += test.broker.holds.size();
    for (const std::uint32_t job : test.broker.holds) test.broker.release(job);
    test.user.stop_at = std::numeric_limits<std::size_t>::max();
    CHECK(test.run().value() == RenderEnd::over);
    CHECK(test.is_whole());
    CHECK(test.each_was_rendered_once());
  }
  CHECK(held >= 5);
  TestRender full("1-40");
  full.limits.budget = 1000;
  full.broker.room = 11;
  CHECK(full.run().value() == RenderEnd::lost);
  CHECK(full.is_held);
  CHECK_FALSE(full.broker.is_busy());
}

TEST_CASE("of a budget of nothing nothing is rendered") {
  TestRender test("1-20");
  test.limits.budget = 0;
  CHECK(test.run().value() == RenderEnd::refused);
  CHECK(test.broker.submitted == 0);
}

TEST_CASE("where none of the first frames comes they are not asked for again, until they are begun anew") {
  TestRender test("1-20");
  bool is_mended = false;
  test.broker.draw = [&](Frame frame, std::size_t) {
    return is_mended ? "frame " + std::to_string(frame.number) : std::string();
  };
  CHECK(test.run().value() == RenderEnd::not_enough);
  CHECK(test.run().value() == RenderEnd::not_enough);
  CHECK(test.broker.submitted == 1);
  is_mended = true;
  test.broker.retry(0);
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(test.is_whole());
}

TEST_CASE("a broker that does not answer is waited for ten minutes, and a full disk is not") {
  TestRender test("1-40");
  SUBCASE("it comes back") {
    test.broker.silent_from = {500};
    test.broker.silent_until = {300'000};
    CHECK(test.run().value() == RenderEnd::over);
    CHECK(test.clock.now() >= test.broker.silent_until);
    const auto told = [&](const char* what) {
      return std::ranges::count_if(test.user.said,
                                   [&](const std::string& line) { return line.contains(what); });
    };
    CHECK(told("does not answer") == 1);
    CHECK(told("answers again") == 1);
  }
  SUBCASE("it comes back in time to hold what is over the budget") {
    test.limits.budget = 2;
    test.broker.silent_from = {0};
    test.broker.silent_until = {0};
    test.broker.draw = [&](Frame frame, std::size_t) {
      test.broker.silent_from = test.clock.now() + Duration{1};
      test.broker.silent_until = test.clock.now() + Duration{60'000};
      return "frame " + std::to_string(frame.number);
    };
    CHECK(test.run().value() == RenderEnd::over_budget);
    CHECK(test.broker.holds.size() == 1);
    return;
  }
  SUBCASE("it does not come back") {
    test.broker.silent_from = {500};
    test.broker.silent_until = {100'000'000};
    CHECK(test.run().value() == RenderEnd::lost);
    CHECK(test.clock.now() > Duration{600'000});
    CHECK(test.clock.now() < Duration{700'000});
    test.broker.silent_until = {0};
    CHECK(test.run().value() == RenderEnd::over);
  }
  SUBCASE("the disk is full") {
    test.broker.room = 11;
    CHECK(test.run().value() == RenderEnd::lost);
    CHECK(test.clock.now() < Duration{20'000});
    CHECK(test.manifest.frames.size() >= 8);
    const std::size_t fetched = test.broker.fetched, had = test.manifest.frames.size();
    test.broker.room = 1000;
    CHECK(test.run().value() == RenderEnd::over);
    CHECK(test.broker.fetched == fetched + 40 - had);
  }
  CHECK(test.is_whole());
  CHECK(test.each_was_rendered_once());
}

TEST_CASE("whoever stops it at whichever step goes on from there") {
  std::size_t stopped = 0;
  for (std::size_t step = 1;; ++step) {
    TestRender test("1-17");
    test.broker.order = 7;
    test.broker.draw = [](Frame frame, std::size_t time) {
      return frame.number == 4 && time == 1 ? std::string() : "frame " + std::to_string(frame.number);
    };
    test.user.stop_at = step;
    const RenderEnd end = test.run().value();
    if (end == RenderEnd::over) break;
    ++stopped;
    CAPTURE(step);
    CHECK((end == RenderEnd::interrupted || end == RenderEnd::not_begun));
    const std::size_t before = test.broker.submitted;
    CHECK(before >= test.manifest.jobs.size());
    test.user.stop_at = std::numeric_limits<std::size_t>::max();
    CHECK(test.run().value() == RenderEnd::over);
    CHECK(test.is_whole());
    CHECK(test.broker.submitted == 3);
    for (const Frame frame : test.prepared.ask.frames)
      CHECK(test.broker.rendered[frame] == (frame.number == 4 ? 2 : 1));
  }
  CHECK(stopped >= 30);
}

TEST_CASE("the rest waits for a word, and is not asked for where the first frames do not come") {
  TestRender test("1-20");
  test.user.answer = RestAnswer::Kind::no;
  CHECK(test.run().value() == RenderEnd::refused);
  test.user.answer = RestAnswer::Kind::only_told;
  CHECK(test.run().value() == RenderEnd::only_told);
  test.user.answer = RestAnswer::Kind::not_enough;
  CHECK(test.run().value() == RenderEnd::not_enough);
  CHECK(test.manifest.frames.size() == 5);
  CHECK(test.broker.submitted == 1);
  test.user.answer = RestAnswer::Kind::render;
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(test.is_whole());
}

TEST_CASE("a job that somebody cancelled is left, with what it has brought") {
  TestRender test("1-20");
  test.user.chunk = 1;
  test.broker.draw = [&](Frame frame, std::size_t) {
    if (frame.number == 9) test.broker.cancel(1);
    return "frame " + std::to_string(frame.number);
  };
  CHECK(test.run().value() == RenderEnd::cancelled);
  CHECK(test.manifest.faults.empty());
  CHECK(test.manifest.frames.size() >= 10);
}

TEST_CASE("of twenty thousand frames each task is asked about once, and few rows are read for it") {
  constexpr std::size_t frames = 20'000;
  TestRender test("1-" + std::to_string(frames));
  test.user.chunk = 1;
  test.broker.per_look = 200;
  test.broker.order = 3;
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(test.manifest.frames.size() == frames);
  CHECK(test.broker.outputs_asked == frames);
  CHECK(test.broker.fetched == frames);
  CHECK(test.broker.rows <= 10 * frames);
  CHECK(test.each_was_rendered_once());
}
