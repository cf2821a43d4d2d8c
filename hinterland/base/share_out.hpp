// Independent pieces of work on two threads, with progress and a stop.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <thread>

#include "hinterland/base/progress.hpp"

namespace hinterland {

inline constexpr std::size_t kThreads = 2;

// Calls work(thread, item) for the items 0 .. count - 1, each once, begun in their order; thread 0 is the caller's own.
// Which thread takes which must change no result: an item writes to a place of its own, or of its thread's.
// Only the caller's thread speaks to `progress`. Once that says stop, no other item is begun. Returns how many were: items
// 0 .. that - 1 are then done.
template <class Work>
std::int64_t share_out(std::string_view what, std::int64_t count, Progress& progress, const Work& work) {
  std::atomic<std::int64_t> begun{0};
  std::atomic<bool> stop{false};
  const auto take = [&](std::size_t thread) {
    while (!stop) {
      const std::int64_t item = begun++;
      if (item >= count) return;
      work(thread, item);
      if (thread == 0 && !progress.step(what, item + 1, count)) stop = true;
    }
  };
  {
    const std::jthread other(take, std::size_t{1});
    take(0);
  }
  return std::min<std::int64_t>(begun, count);
}

// The same where nobody watches: all items are done.
template <class Work>
void share_out(std::int64_t count, const Work& work) {
  SilentProgress silent;
  share_out("", count, silent, work);
}

}  // namespace hinterland
