// How far an attempt of a job gets: work, checkpoints and the time they take.
//
// An attempt begins with `kept` work done before. With remaining work r, checkpoints every I of work that take w each, and a
// `restore` if anything was kept:
//
//   wall(r)   = restore + r + w x (ceil(r / I) - 1)                        I = 0: restore + r
//   after e ms of running (e less restore):  c = floor(e / (I + w)) whole cycles
//   done(e)   = min(r, c I + min(I, e - c (I + w)))
//   saved(e)  = min(r, c I)                                                I = 0: nothing
//
// All in whole milliseconds, O(1): a thousand checkpoints cost what one does.
#pragma once
#include <algorithm>

#include "hinterland/sim/world.hpp"

namespace hinterland {

inline Duration wall(const SimGroup& group, Duration work, Duration kept) {
  const std::int64_t restore = kept.ms > 0 ? group.restore.ms : 0;
  const std::int64_t every = group.checkpoint.ms;
  const std::int64_t writes = every > 0 && work.ms > 0 ? (work.ms - 1) / every : 0;
  return {restore + work.ms + writes * group.checkpoint_write.ms};
}

struct WorkDone {
  Duration done, saved;
};
// Of an attempt that has run for `elapsed` of its wall time; `work` was left when it began.
inline WorkDone work_done(const SimGroup& group, Duration work, Duration kept, Duration elapsed) {
  const std::int64_t ran = std::max<std::int64_t>(0, elapsed.ms - (kept.ms > 0 ? group.restore.ms : 0));
  const std::int64_t every = group.checkpoint.ms;
  if (every == 0) return {{std::min(work.ms, ran)}, {0}};
  const std::int64_t cycle = every + group.checkpoint_write.ms, cycles = ran / cycle;
  const std::int64_t saved = cycles * every;
  return {{std::min(work.ms, saved + std::min(every, ran - cycles * cycle))}, {std::min(work.ms, saved)}};
}

}  // namespace hinterland
