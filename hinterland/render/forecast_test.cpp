// What few frames say of all: exact where nothing is unseen, and as often right as it claims.
#include "hinterland/render/forecast.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <tuple>

#include "hinterland/base/random.hpp"
#include "hinterland/render/chunks.hpp"

using namespace hinterland;

namespace {

Frames frames_up_to(int count) {
  Frames frames;
  for (int k = 1; k <= count; ++k) frames.push_back({k});
  return frames;
}

}  // namespace

TEST_CASE("frames that are all alike take what one takes, times as many") {
  const Frames frames = frames_up_to(100);
  std::vector<FrameTime> measured;
  for (const Frame frame : first_frames(frames)) measured.push_back({.frame = frame, .took = {2000}});
  const auto told = forecast(frames, measured);
  REQUIRE(told.has_value());
  CHECK(told->measured == 5);
  CHECK(told->unseen == 95);
  CHECK(told->frame.ms == 2000);
  CHECK(told->rest.low.ms == 95 * 2000);
  CHECK(told->rest.high.ms == 95 * 2000);
}

TEST_CASE("what all frames were measured at has no interval") {
  const auto told = forecast(frames_up_to(3), {{{1}, {100}}, {{2}, {300}}, {{3}, {200}}, {{9}, {5}}});
  REQUIRE(told.has_value());
  CHECK(told->unseen == 0);
  CHECK(told->rest.high.ms == 0);
  CHECK(told->slowest.ms == 300);
}

TEST_CASE("by hand: 3 of 11 frames, at 1, 6 and 11") {
  // Nearest are 3, 5 and 3 of the 11. m = (3 x 1 + 5 x 2 + 3 x 6) / 11 s; s^2 = ((1 - 3)^2 + (2 - 3)^2 + (6 - 3)^2) / 2 = 7.
  const auto told = forecast(frames_up_to(11), {{{1}, {1000}}, {{6}, {2000}}, {{11}, {6000}}});
  REQUIRE(told.has_value());
  CHECK(told->rest.central.ms == std::lround(8 * 31000.0 / 11));
  const double half = 1.8856 * std::sqrt(7.0) * 8 * std::sqrt((9 + 25 + 9) / 121.0 + 1 / 8.0) * 1000;
  CHECK(told->rest.high.ms == std::lround(8 * 31000.0 / 11 + half));
  CHECK(told->rest.low.ms == 0);
}

TEST_CASE("from one frame of many nothing is known, and from none neither") {
  CHECK_FALSE(forecast(frames_up_to(9), {{{1}, {100}}}).has_value());
  CHECK_FALSE(forecast(frames_up_to(9), {{{99}, {100}}, {{98}, {100}}}).has_value());
  CHECK(forecast(frames_up_to(1), {{{1}, {100}}}).has_value());
}

TEST_CASE("Student's 90 % points") {
  CHECK(student_90(1) == doctest::Approx(3.0777));
  CHECK(student_90(6) == doctest::Approx(1.4398).epsilon(0.0007));
  CHECK(student_90(10) == doctest::Approx(1.3722).epsilon(0.0007));
  CHECK(student_90(100) == doctest::Approx(1.2901).epsilon(0.0007));
}

// How often the interval holds what the unseen frames really take, over many shots of one kind.
static double holds(int count, const std::function<std::function<double(double)>(RandomStream&)>& shot_of) {
  constexpr int shots = 4000;
  int held = 0;
  RandomStream random(1, "shots");
  const Frames frames = frames_up_to(count);
  const Frames first = first_frames(frames);
  for (int k = 0; k < shots; ++k) {
    const auto seconds = shot_of(random);
    std::vector<FrameTime> measured;
    double unseen = 0;
    for (int n = 0; n < count; ++n) {
      const Duration took{std::llround(1000 * seconds((n + 0.5) / count))};
      if (std::ranges::find(first, frames[static_cast<std::size_t>(n)]) != first.end()) {
        measured.push_back({.frame = frames[static_cast<std::size_t>(n)], .took = took});
      } else {
        unseen += static_cast<double>(took.ms);
      }
    }
    const auto told = forecast(frames, measured);
    REQUIRE(told.has_value());
    if (unseen >= static_cast<double>(told->rest.low.ms) && unseen <= static_cast<double>(told->rest.high.ms))
      ++held;
  }
  return static_cast<double>(held) / shots;
}

TEST_CASE("the interval holds four times in five, for shots that change slowly, jump or scatter") {
  using Shot = std::function<double(double)>;
  const auto scattered = [](RandomStream& random) -> Shot {
    return [&random](double) { return 20 * std::exp(0.3 * random.normal()); };
  };
  const auto rising = [](RandomStream& random) -> Shot {
    const double slope = random.uniform() * 2 - 1;
    return
        [&random, slope](double at) { return 20 * (1 + slope * (at - 0.5)) * (1 + 0.05 * random.normal()); };
  };
  const auto waving = [](RandomStream& random) -> Shot {
    const double turns = 3 * random.uniform(), phase = random.uniform();
    return [turns, phase](double at) { return 20 + 10 * std::sin(6.2832 * (turns * at + phase)); };
  };
  const auto jumping = [](RandomStream& random) -> Shot {
    const double cut = random.uniform(), then = 10 + 30 * random.uniform();
    return [&random, cut, then](double at) { return (at < cut ? 20 : then) * (1 + 0.05 * random.normal()); };
  };
  for (const int count : {48, 250}) {
    CAPTURE(count);
    for (const auto& [name, shot, least] : {std::tuple{std::string("scattered"), +scattered, 0.77},
                                            {"rising", +rising, 0.95},
                                            {"waving", +waving, 0.95},
                                            {"jumping", +jumping, 0.95}}) {
      CAPTURE(name);
      CHECK(holds(count, shot) >= least);
    }
  }
}

TEST_CASE("and does not hold for a burst that no sample meets: nothing can be said of it") {
  using Shot = std::function<double(double)>;
  const auto burst = [](RandomStream& random) -> Shot {
    const double from = 0.95 * random.uniform();
    return [from](double at) { return at >= from && at < from + 0.05 ? 400.0 : 20.0; };
  };
  CHECK(holds(250, +burst) < 0.3);
}
