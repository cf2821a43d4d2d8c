// Frames as text: what is read is what is meant, in its order, and what is no frames says where it is not.
#include "hinterland/render/frames.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <set>

using namespace hinterland;

namespace {

std::vector<int> numbers(const char* text) {
  std::vector<int> out;
  const auto frames = parse_frames(text, "--frames");
  REQUIRE(frames.has_value());
  for (const Frame frame : *frames) out.push_back(frame.number);
  return out;
}

std::string problem(const std::string& text) {
  const auto frames = parse_frames(text, "--frames");
  REQUIRE_FALSE(frames.has_value());
  return describe(frames.error().front());
}

using List = std::vector<int>;

}  // namespace

TEST_CASE("frames, ranges and steps, in the order in which they are written") {
  CHECK(numbers("7") == List{7});
  CHECK(numbers("1-5") == List{1, 2, 3, 4, 5});
  CHECK(numbers("1-10:4,110") == List{1, 5, 9, 110});
  CHECK(numbers("9,1-3,5") == List{9, 1, 2, 3, 5});
  CHECK(numbers("10-1:-3") == List{10, 7, 4, 1});
  CHECK(numbers("4-4") == List{4});
  CHECK(numbers(" 1 - 3 : 2 ,\t5 ") == List{1, 3, 5});
}

TEST_CASE("frames before 0") {
  CHECK(numbers("-3") == List{-3});
  CHECK(numbers("-5--3") == List{-5, -4, -3});
  CHECK(numbers("-1-2") == List{-1, 0, 1, 2});
  CHECK(numbers("2--1:-1") == List{2, 1, 0, -1});
}

TEST_CASE("what names no frames says where") {
  CHECK(problem("1-3,x") ==
        "--frames:1:5: 'x' names no frames. Give a frame (7), a range (1-100) or a range "
        "with a step (1-100:2); numbers up to 99999999 either way.");
  for (const char* text : {"",     ",",     "1,",  "1-",        "-",
                           "--",   "1-2-3", "1:2", "1-2:",      "1-2:3:4",
                           "+1",   "1.5",   "1e3", "100000000", "1-99999999999999999999",
                           "1..5", "one",   "1 2", ":1-2",      "1-2:0"}) {
    CAPTURE(text);
    CHECK(problem(text).starts_with("--frames:1:"));
  }
}

TEST_CASE("a range that ends before it begins is no empty one") {
  CHECK(problem("10-1") == "--frames:1:1: '10-1' names no frames: it ends before it begins. Write 10-1:-1.");
  CHECK(problem("1-10:-1").find("Write 1-10, which goes up by 1.") != std::string::npos);
}

TEST_CASE("a frame that is there twice is refused at its second place") {
  CHECK(problem("1-10,5") == "--frames:1:6: frame 5 is there already. Name each frame once.");
  CHECK(problem("5,1-10").starts_with("--frames:1:3: frame 5 is"));
}

TEST_CASE("how many there may be is known before they are made") {
  CHECK(problem("1-1000001").find("more than 1000000 frames") != std::string::npos);
  CHECK(problem("-99999999-99999999,1").find("more than 1000000 frames") != std::string::npos);
  CHECK(parse_frames("1-1000000", "--frames")->size() == kMostFrames);
}

TEST_CASE("a number that no frame has is said to be beyond") {
  CHECK(problem("1-100000000").starts_with("--frames:1:1: '1-100000000' is beyond 99999999."));
  CHECK(problem("1-99999999999999999999999").find("is beyond 99999999") != std::string::npos);
  CHECK(problem("x-00000000009").find("beyond") == std::string::npos);
}

TEST_CASE("all that is wrong is listed") {
  const auto frames = parse_frames("x,1-2:0,3,y", "--frames");
  REQUIRE_FALSE(frames.has_value());
  CHECK(frames.error().size() == 3);
}

TEST_CASE("frames as the shortest text") {
  const auto text = [](const char* as) { return frames_text(*parse_frames(as, "")); };
  CHECK(text("1,2,3,4") == "1-4");
  CHECK(text("1,2") == "1-2");
  CHECK(text("1,3") == "1,3");
  CHECK(text("1,3,5,6,7") == "1-5:2,6-7");
  CHECK(text("3,2,1,-1,-3") == "3-1:-1,-1,-3");
  CHECK(text("-5,-4,-3") == "-5--3");
}

TEST_CASE("any frames in any order are read back from their text") {
  rc::check("parse_frames(frames_text(x)) == x", [] {
    const auto raw = *rc::gen::container<std::vector<std::int32_t>>(rc::gen::inRange(-30, 30));
    Frames frames;
    std::set<std::int32_t> seen;
    for (const std::int32_t number : raw) {
      if (seen.insert(number).second) frames.push_back({number});
    }
    RC_PRE(!frames.empty());
    const auto again = parse_frames(frames_text(frames), "");
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == frames);
  });
}
