// A folder is one render's at a time, nothing in it is written over, and a manifest may be lost.
#include "hinterland/render/claim_folder.hpp"

#include <doctest/doctest.h>

#include "hinterland/render/test_render.hpp"

using namespace hinterland;

namespace {

std::string refusal(TestRender& test) {
  const auto end = test.run();
  return end ? "none" : describe(end.error().front());
}

}  // namespace

TEST_CASE(
    "of two renders of one name the second is refused while the first is there, and another name is not") {
  TestRender test("1-9");
  {
    const auto first = RenderFolder::open(test.out(), "shot");
    REQUIRE(first.has_value());
    CHECK(refusal(test).contains("Another `hinterland render` is bringing frames called 'shot' there."));
    CHECK(RenderFolder::open(test.out(), "shot2").has_value());
  }
  CHECK_FALSE(fs::exists(test.out()));  // nothing came
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(test.is_whole());
}

TEST_CASE("frames of another render are refused, and left as they are") {
  TestRender test("1-9");
  CHECK(test.run().value() == RenderEnd::over);
  test.prepared.ask.take = "2";
  CHECK(refusal(test).contains("Another render is there"));
  test.prepared.ask.take = "";
  CHECK(test.is_whole());
  const Frames before = test.prepared.ask.frames;
  test.prepared.ask.frames = parse_frames("1-12", "").value();
  CHECK(refusal(test).contains("Only the new ones: --frames 10-12 --name shot-2."));
  test.prepared.ask.frames = before;
}

TEST_CASE("without its manifest a render is known by what the broker's tasks left") {
  TestRender test("1-30");
  REQUIRE(test.run().value() == RenderEnd::over);
  fs::remove(fs::path(test.out()) / "shot.render.json");
  const std::size_t fetched = test.broker.fetched;
  SUBCASE("all frames are there") {
    CHECK(test.run().value() == RenderEnd::over);
    CHECK(test.broker.fetched == fetched);
    CHECK(test.is_whole());
  }
  SUBCASE("some are there") {
    for (const int gone : {1, 7, 30}) fs::remove(test.frame(gone));
    CHECK(test.run().value() == RenderEnd::over);
    CHECK(test.broker.fetched == fetched + 3);
    CHECK(test.is_whole());
  }
  SUBCASE("and one of another's") {
    std::ofstream(test.frame(7)) << "mine";
    CHECK(
        refusal(test).contains("1 frame is there, and no manifest that says of which render: shot.0007.png"));
    CHECK(text_of(test.frame(7)) == "mine");
    CHECK(text_of(test.frame(8)) == "frame 8");
  }
  SUBCASE("but of another scene none is") {
    test.prepared.ask.take = "2";
    CHECK(refusal(test).contains("30 frames are there"));
    return;
  }
  CHECK(test.broker.submitted == 2);
  CHECK(test.each_was_rendered_once());
}

TEST_CASE("a frame whose place is taken meanwhile is kept apart, and comes once the place is free") {
  TestRender test("1-9");
  test.broker.draw = [&](Frame frame, std::size_t) {
    if (frame.number == 2) std::ofstream(test.frame(8)) << "mine";
    return "frame " + std::to_string(frame.number);
  };
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(test.manifest.frames.size() == 8);
  REQUIRE(test.displaced.size() == 1);
  CHECK(text_of(test.displaced.front()) == "frame 8");
  CHECK(text_of(test.frame(8)) == "mine");
  fs::remove(test.frame(8));
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(text_of(test.frame(8)) == "frame 8");
  CHECK(test.each_was_rendered_once());
}

TEST_CASE("from another folder, cut otherwise, the same is found and not paid for again") {
  TestRender test("1-30");
  REQUIRE(test.run().value() == RenderEnd::over);
  fs::remove_all(test.out());
  test.user.chunk = 7;
  CHECK(test.run().value() == RenderEnd::over);
  CHECK(test.is_whole());
  CHECK(test.each_was_rendered_once());
}
