#include "hinterland/base/in_parallel.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace hinterland {

std::size_t in_parallel(std::size_t count, std::size_t threads, std::string_view what, Progress& progress,
                        const std::function<void(std::size_t)>& work) {
  if (threads == kAllCores) threads = std::max(1U, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next{0}, done{0};
  std::atomic<bool> stopped{false};
  const auto take = [&](auto&& after) {
    while (!stopped) {
      const std::size_t i = next++;
      if (i >= count) return;
      work(i);
      ++done;
      after();
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t t = 1; t < std::min(threads, count); ++t) others.emplace_back([&] { take([] {}); });
  take([&] {
    if (!progress.step(what, static_cast<std::int64_t>(done), static_cast<std::int64_t>(count)))
      stopped = true;
  });
  others.clear();  // joins them
  return done;
}

}  // namespace hinterland
