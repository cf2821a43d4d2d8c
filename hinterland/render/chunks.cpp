#include "hinterland/render/chunks.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace hinterland {

namespace {

constexpr std::int64_t kOverheadShare = 9;    // of work to one of starting up
constexpr std::int64_t kLongestMs = 900'000;  // of a task
constexpr std::size_t kManyFrames = 10;       // from which on five are rendered first

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

Chunk take(Frames::const_iterator& from, std::size_t size) {
  const auto to = from + static_cast<std::ptrdiff_t>(size);
  return {std::exchange(from, to), to};
}

}  // namespace

Frames first_frames(const Frames& frames) {
  const std::size_t n = frames.size();
  std::vector<std::size_t> places = {0, n / 2, n - 1};
  if (n >= kManyFrames) places.insert(places.end(), {n / 4, 3 * n / 4});
  Frames first;
  for (const std::size_t place : places) {
    if (place < n && std::ranges::find(first, frames[place]) == first.end()) first.push_back(frames[place]);
  }
  return first;
}

Frames without(const Frames& frames, const Frames& taken) {
  const std::set<Frame> gone(taken.begin(), taken.end());
  Frames left;
  std::ranges::copy_if(frames, std::back_inserter(left), [&](Frame frame) { return !gone.contains(frame); });
  return left;
}

std::vector<Chunk> chunks_by_times(const Frames& frames, const ChunkTimes& times) {
  const auto limit = static_cast<std::int64_t>(kMostChunk);
  const std::int64_t start_up = std::max<std::int64_t>(times.start_up.ms, 0);
  const std::int64_t frame = std::max<std::int64_t>(times.frame.ms, 1);
  const std::int64_t in_time = std::clamp<std::int64_t>((kLongestMs - start_up) / frame, 1, limit);
  const std::int64_t most = std::clamp<std::int64_t>(ceil_div(kOverheadShare * start_up, frame), 1, in_time);
  const std::int64_t least = std::clamp<std::int64_t>(ceil_div(start_up, frame), 1, most);
  const auto share = static_cast<std::int64_t>(2 * std::max<std::size_t>(times.at_once, 1));
  std::vector<Chunk> chunks;
  for (auto at = frames.begin(); at != frames.end();) {
    const std::int64_t left = frames.end() - at;
    const std::int64_t size = std::clamp(ceil_div(left, share), least, most);
    chunks.push_back(take(at, static_cast<std::size_t>(std::min(size, left))));
  }
  return chunks;
}

std::vector<Chunk> chunks_of(const Frames& frames, std::size_t size) {
  std::vector<Chunk> chunks;
  for (auto at = frames.begin(); at != frames.end();)
    chunks.push_back(take(at, std::min({size, kMostChunk, static_cast<std::size_t>(frames.end() - at)})));
  return chunks;
}

}  // namespace hinterland
