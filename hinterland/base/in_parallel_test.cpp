#include "hinterland/base/in_parallel.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <vector>

using namespace hinterland;

namespace {

class StopAfter final : public Progress {
 public:
  explicit StopAfter(std::int64_t most) : most_(most) {}
  bool step(std::string_view, std::int64_t done, std::int64_t) override { return done < most_; }

 private:
  std::int64_t most_;
};

}  // namespace

TEST_CASE("every number is worked on once, on however many threads") {
  for (const std::size_t threads : {kAllCores, std::size_t{1}, std::size_t{2}, std::size_t{7}}) {
    std::vector<int> times(1000);
    SilentProgress silent;
    CHECK(in_parallel(times.size(), threads, "work", silent, [&](std::size_t i) { ++times[i]; }) ==
          times.size());
    CHECK(times == std::vector<int>(1000, 1));
  }
  SilentProgress silent;
  CHECK(in_parallel(0, 4, "nothing", silent, [](std::size_t) { FAIL("called"); }) == 0);
}

TEST_CASE("when it is told to stop, what was begun is finished and nothing else is begun") {
  for (const std::size_t threads : {std::size_t{1}, std::size_t{3}}) {
    std::vector<int> times(100'000);
    StopAfter few(10);
    const std::size_t done =
        in_parallel(times.size(), threads, "work", few, [&](std::size_t i) { ++times[i]; });
    // Other threads may have come far before this one looks.
    CHECK((threads > 1 || done == 10));
    CHECK(static_cast<std::size_t>(std::accumulate(times.begin(), times.end(), 0)) == done);
    // Numbers are taken in their order.
    CHECK(times[0] == 1);
    CHECK(std::is_sorted(times.rbegin(), times.rend()));
  }
}
