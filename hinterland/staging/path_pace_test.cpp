#include "hinterland/staging/path_pace.hpp"

#include <doctest/doctest.h>

#include <array>
#include <vector>

#include "hinterland/base/random.hpp"

namespace hinterland {

TEST_CASE("in any stretch of time no more goes than the burst, the rate, and one part") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "pace");
    const double rate = 1 + static_cast<double>(random.next() % 10'000'000);
    const double burst = rate / static_cast<double>(1 + random.next() % 50);
    const std::uint64_t most = 1 + random.next() % 100'000;
    PathPace pace(rate, burst);
    std::vector<std::pair<std::int64_t, std::uint64_t>> sent;
    std::int64_t now = 1'000'000;
    while (sent.size() < 400) {
      if (random.uniform() < 0.1)
        now += static_cast<std::int64_t>(random.next() % 500);  // nobody wants to send
      now += pace.wait(now);
      CHECK(pace.wait(now) == 0);
      const std::uint64_t part = 1 + random.next() % most;
      pace.take(now, part);
      sent.emplace_back(now, part);
    }
    std::uint64_t all = 0;
    for (std::size_t first = 0; first < sent.size(); first += 7) {
      double sum = 0;
      for (std::size_t last = first; last < sent.size(); ++last) {
        sum += static_cast<double>(sent[last].second);
        const double seconds = static_cast<double>(sent[last].first - sent[first].first) / 1000;
        if (sum > burst + rate * seconds + static_cast<double>(most)) ++all;
      }
    }
    CHECK(all == 0);
  }
}

TEST_CASE("who always has something to send gets the whole rate, within a millisecond a part") {
  PathPace pace(1e6, 1e4);
  std::int64_t now = 5;
  std::uint64_t sent = 0;
  for (; now < 10'005; now += pace.wait(now)) {
    pace.take(now, 20'000);
    sent += 20'000;
  }
  CHECK(sent > 9'400'000);
  CHECK(sent <= 10'000'000 + 10'000 + 20'000);
}

TEST_CASE("two that take in turn share it equally; a clock that goes back gives nothing") {
  PathPace pace(1e6, 0);
  std::array<std::uint64_t, 2> sent{};
  std::int64_t now = 0;
  for (std::size_t turn = 0; now < 5000; ++turn, now += pace.wait(now)) {
    pace.take(now, 10'000);
    sent.at(turn % 2) += 10'000;
  }
  CHECK(std::max(sent[0], sent[1]) - std::min(sent[0], sent[1]) <= 10'000);
  pace.take(now, 1'000'000);
  const std::int64_t wait = pace.wait(now);
  CHECK(wait >= 1000);
  CHECK(pace.wait(now - 3000) == wait);
}

TEST_CASE("no bound is no bound") {
  PathPace pace;
  pace.take(0, 1'000'000'000'000);
  CHECK(pace.wait(0) == 0);
}

}  // namespace hinterland
