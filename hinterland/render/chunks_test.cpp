// Order and chunks: every frame once, what is told first comes first, and no task starts up for nothing.
#include "hinterland/render/chunks.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <set>

using namespace hinterland;

namespace {

Frames frames(const std::string& text) { return *parse_frames(text, ""); }

std::vector<std::size_t> sizes(const std::vector<Chunk>& chunks) {
  std::vector<std::size_t> out;
  for (const Chunk& chunk : chunks) out.push_back(chunk.size());
  return out;
}

Frames joined(const std::vector<Chunk>& chunks) {
  Frames all;
  for (const Chunk& chunk : chunks) all.insert(all.end(), chunk.begin(), chunk.end());
  return all;
}

using Sizes = std::vector<std::size_t>;

}  // namespace

TEST_CASE("the first frame, the middle and the last come first, then those between") {
  CHECK(first_frames(frames("1-100")) == frames("1,51,100,26,76"));
  CHECK(first_frames(frames("1-9")) == frames("1,5,9"));
  CHECK(first_frames(frames("7,3")) == frames("7,3"));
  CHECK(first_frames(frames("7")) == frames("7"));
  CHECK(first_frames({}).empty());
  CHECK(without(frames("1-9"), frames("5,1,9")) == frames("2-4,6-8"));
}

TEST_CASE("starting up is a tenth of a task at most") {
  // 1 s to start, 0.1 s a frame: 90 frames a task, where there are many.
  const auto chunks = chunks_by_times(frames("1-1000"), {.start_up = {1000}, .frame = {100}, .at_once = 2});
  CHECK(chunks.front().size() == 90);
  // Frames that dwarf it go one by one.
  CHECK(sizes(chunks_by_times(frames("1-3"), {.start_up = {1000}, .frame = {60'000}, .at_once = 1})) ==
        Sizes{1, 1, 1});
}

TEST_CASE("the last tasks are short, down to where starting up would be half of them") {
  CHECK(sizes(chunks_by_times(frames("1-40"), {.start_up = {1000}, .frame = {500}, .at_once = 4})) ==
        Sizes{5, 5, 4, 4, 3, 3, 2, 2, 2, 2, 2, 2, 2, 2});
}

TEST_CASE("a task takes no longer than a quarter of an hour, if a frame does not") {
  const auto chunks =
      chunks_by_times(frames("1-100"), {.start_up = {60'000}, .frame = {100'000}, .at_once = 1});
  CHECK(chunks.front().size() == 6);  // by starting up alone
  CHECK(chunks_by_times(frames("1-100"), {.start_up = {300'000}, .frame = {100'000}, .at_once = 1})
            .front()
            .size() == 6);
  CHECK(chunks_by_times(frames("1-9"), {.start_up = {2'000'000}, .frame = {100'000}, .at_once = 1})
            .front()
            .size() == 1);
}

TEST_CASE("so many each") {
  CHECK(sizes(chunks_of(frames("1-7"), 3)) == Sizes{3, 3, 1});
  CHECK(sizes(chunks_of(frames("1-150"), 1000)) == Sizes{100, 50});
  CHECK(chunks_of({}, 3).empty());
}

TEST_CASE("whatever the times: each frame once and in order, tasks no longer than before") {
  rc::check("laws of chunks", [](std::uint32_t start_up, std::uint32_t frame) {
    const auto count = *rc::gen::inRange<int>(1, 2000), at_once = *rc::gen::inRange<int>(0, 40);
    Frames all;
    for (int k = 0; k < count; ++k) all.push_back({k});
    const auto chunks = chunks_by_times(
        all, {.start_up = {start_up}, .frame = {frame}, .at_once = static_cast<std::size_t>(at_once)});
    RC_ASSERT(joined(chunks) == all);
    for (std::size_t k = 0; k < chunks.size(); ++k) {
      RC_ASSERT(!chunks[k].empty() && chunks[k].size() <= kMostChunk);
      if (k > 0) RC_ASSERT(chunks[k].size() <= chunks[k - 1].size());
    }
    const auto first = first_frames(all);
    const std::set<Frame> once(first.begin(), first.end());
    RC_ASSERT(once.size() == first.size() && first.size() <= 5);
    RC_ASSERT(once.contains(all.front()) && once.contains(all.back()));
    RC_ASSERT(without(all, first).size() + first.size() == all.size());
  });
}
