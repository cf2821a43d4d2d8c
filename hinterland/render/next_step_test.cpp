// A render goes on from its manifest, whatever became of the process before.
#include "hinterland/render/next_step.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <map>

using namespace hinterland;

namespace {

RenderManifest of(const std::string& frames) {
  RenderManifest manifest;
  manifest.name = "shot";
  manifest.ask.frames = *parse_frames(frames, "");
  return manifest;
}

std::string step(const RenderManifest& manifest, std::size_t retries = 2) {
  const NextStep next = next_step(manifest, retries);
  return std::to_string(static_cast<int>(next.step)) + " " + frames_text(next.frames);
}

// A job for these frames, one a task; those of `well` come.
void have(RenderManifest& manifest, const Frames& frames, const auto& well) {
  RenderJob job{.job = static_cast<std::uint32_t>(manifest.jobs.size()), .chunks = chunks_of(frames, 1)};
  for (std::uint32_t k = 0; k < frames.size(); ++k) {
    if (well(frames[k])) {
      manifest.frames.insert({.frame = frames[k], .from = {job.job, k}, .object = {}, .took = {}});
    } else {
      manifest.faults.insert({.frame = frames[k], .from = {job.job, k}});
    }
  }
  manifest.jobs.push_back(std::move(job));
}

}  // namespace

TEST_CASE("first, those that are not well again, rest, again, done") {
  RenderManifest manifest = of("1-9");
  CHECK(step(manifest) == "0 1-9:4");
  have(manifest, *parse_frames("1,5,9", ""), [](Frame frame) { return frame.number != 5; });
  CHECK(step(manifest) == "1 5");
  CHECK(step(manifest, 0) == "2 2-4,6-8");
  have(manifest, {{5}}, [](Frame) { return true; });
  CHECK(step(manifest) == "2 2-4,6-8");
  have(manifest, *parse_frames("2-4,6-8", ""),
       [](Frame frame) { return frame.number != 7 && frame.number != 3; });
  CHECK(step(manifest) == "1 3,7");
  have(manifest, *parse_frames("3,7", ""), [](Frame frame) { return frame.number == 3; });
  CHECK(step(manifest) == "1 7");
  CHECK(step(manifest, 1) == "3 ");
  have(manifest, {{7}}, [](Frame) { return false; });
  CHECK(step(manifest) == "3 ");
  CHECK(frames_text(gaps(manifest)) == "7");
  CHECK(step(manifest, 3) == "1 7");
}

TEST_CASE("few frames are all first") {
  RenderManifest manifest = of("4");
  CHECK(step(manifest) == "0 4");
  have(manifest, {{4}}, [](Frame) { return true; });
  CHECK(step(manifest) == "3 ");
}

TEST_CASE("keys and names say which render and which of its jobs") {
  RenderManifest manifest = of("1-9");
  manifest.name = std::string(119, 'a') + "雪雪";
  CHECK(next_key(manifest).ends_with("-0"));
  CHECK(next_key(manifest).size() == 7 + 40 + 2);
  CHECK(next_name(manifest) == std::string(119, 'a') + " " + digest_of(manifest.ask).substr(0, 12) + "-0");
  const std::string first = next_key(manifest);
  have(manifest, {{1}}, [](Frame) { return true; });
  CHECK(next_key(manifest) != first);
}

TEST_CASE("whatever fails: it ends, each frame is had at most 1 + retries times, and comes at most once") {
  rc::check("rounds", [] {
    const auto count = *rc::gen::inRange<int>(1, 40);
    const auto retries = *rc::gen::inRange<std::size_t>(0, 4);
    RenderManifest manifest = of("1-" + std::to_string(count));
    std::map<Frame, std::size_t> had;
    for (int rounds = 0;; ++rounds) {
      RC_ASSERT(rounds <= 12);
      const NextStep next = next_step(manifest, retries);
      if (next.step == RenderStep::done) break;
      RC_ASSERT(!next.frames.empty());
      for (const Frame frame : next.frames) ++had[frame];
      have(manifest, next.frames, [](Frame) { return *rc::gen::arbitrary<bool>(); });
    }
    for (const Frame frame : manifest.ask.frames) RC_ASSERT(had[frame] >= 1 && had[frame] <= 1 + retries);
    RC_ASSERT(manifest.frames.size() + gaps(manifest).size() == manifest.ask.frames.size());
  });
}
