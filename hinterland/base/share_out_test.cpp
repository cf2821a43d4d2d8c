// Work shared out to two threads.
#include "hinterland/base/share_out.hpp"

#include <doctest/doctest.h>

#include <array>
#include <numeric>
#include <vector>

using namespace hinterland;

namespace {

// Says stop when `limit` items or more are done.
class StopAt final : public Progress {
 public:
  explicit StopAt(std::int64_t limit) : limit_(limit) {}
  bool step(std::string_view, std::int64_t done, std::int64_t) override { return done < limit_; }

 private:
  std::int64_t limit_;
};

}  // namespace

TEST_CASE("every item is done once, and thread by thread in order") {
  static constexpr std::int64_t kCount = 10'000;
  std::vector<int> times(kCount, 0);
  std::array<std::int64_t, kThreads> last{-1, -1};
  SilentProgress silent;
  const auto done = share_out("counting", kCount, silent, [&](std::size_t thread, std::int64_t item) {
    ++times[static_cast<std::size_t>(item)];
    CHECK(item > last.at(thread));
    last.at(thread) = item;
  });
  CHECK(done == kCount);
  CHECK(times == std::vector<int>(kCount, 1));
}

TEST_CASE("stopped, what was begun is done, and it comes first") {
  std::vector<int> times(100'000, 0);
  StopAt stop(5);
  const auto done = share_out("counting", 100'000, stop, [&](std::size_t, std::int64_t item) {
    ++times[static_cast<std::size_t>(item)];
  });
  CHECK(done >= 1);
  CHECK(done <= 100'000);
  CHECK(std::accumulate(times.begin(), times.begin() + done, 0) == done);
  CHECK(std::accumulate(times.begin() + done, times.end(), 0) == 0);
}

TEST_CASE("no items, no work") {
  StopAt stop(0);
  CHECK(share_out("nothing", 0, stop, [](std::size_t, std::int64_t) { FAIL("there is nothing to do"); }) ==
        0);
}
