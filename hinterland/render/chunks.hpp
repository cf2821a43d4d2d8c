// In which order frames are rendered, and how many a task gets.
//
// First come the first frame, the middle one and the last, and of ten or more the two between them: what is wrong with a shot
// shows in them, and the time of all the others is estimated from them (forecast.hpp). Then the rest, as they are listed.
//
// A task costs a start-up s beside f for each of its frames, and is the least that a lost site loses. So it gets
//
//   c = ceil(9 s / f)                      frames: starting up is a tenth of its time at most,
//   c <= max(1, (15 min - s) / f)          but a task takes no longer than a quarter of an hour, if one frame does not,
//   c <= ceil(left / (2 n))                nor more than its share of what is left on n tasks at a time, taken twice: the
//                                          last tasks are short, so that all sites end nearly at once,
//   c >= min(ceil(s / f), the first two)   yet starting up never is more than half of it.
//
// The third is guided self-scheduling (Polychronopoulos and Kuck 1987) with a factor of two against frames that differ.
#pragma once
#include <cstddef>
#include <vector>

#include "hinterland/base/time.hpp"
#include "hinterland/render/frames.hpp"

namespace hinterland {

// A task's frames; not empty.
using Chunk = Frames;

inline constexpr std::size_t kMostChunk = 100;  // frames: each is an output that the broker knows by name

// The frames to render first, most telling first: all of three or fewer, three of nine or fewer, else five.
Frames first_frames(const Frames& frames);
// Those that are not among `taken`, in their order.
Frames without(const Frames& frames, const Frames& taken);

struct ChunkTimes {
  Duration start_up, frame;
  std::size_t at_once = 1;  // tasks that run at a time, at all sites together
};

// All of them, each once and in their order, by the rule above.
std::vector<Chunk> chunks_by_times(const Frames& frames, const ChunkTimes& times);
// So many each, kMostChunk at most; the last gets what is left. Requires size > 0.
std::vector<Chunk> chunks_of(const Frames& frames, std::size_t size);

}  // namespace hinterland
