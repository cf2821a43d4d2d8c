// The same work for many numbers, on several threads.
//
// Each number is worked on once, by whichever thread is free. Work that writes only to places of its own number gives the same
// result on one thread as on many.
#pragma once
#include <cstddef>
#include <functional>
#include <string_view>

#include "hinterland/base/progress.hpp"

namespace hinterland {

// As many threads as there are cores.
inline constexpr std::size_t kAllCores = 0;

// Calls work(i) for i = 0 .. count - 1 and returns how many were done, which are the first so many in the order of i unless
// `progress` asks to stop: then those begun are finished, and `work` has been called for no others. `progress` is called from
// this thread only.
std::size_t in_parallel(std::size_t count, std::size_t threads, std::string_view what, Progress& progress,
                        const std::function<void(std::size_t)>& work);

}  // namespace hinterland
