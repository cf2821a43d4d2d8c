#include "hinterland/serve/blobs.hpp"

#include <doctest/doctest.h>

#include "hinterland/serve/rate_limit.hpp"

using namespace hinterland;

TEST_CASE("ranges of a file of 100 bytes") {
  const auto range = [](const char* header) {
    const auto found = range_of(header, 100);
    return found ? std::pair(found->from, found->to) : std::pair<std::uint64_t, std::uint64_t>(1000, 1000);
  };
  const std::pair<std::uint64_t, std::uint64_t> all{1000, 1000}, none{0, 0};
  CHECK(range("bytes=0-0") == std::pair<std::uint64_t, std::uint64_t>(0, 1));
  CHECK(range("bytes=10-19") == std::pair<std::uint64_t, std::uint64_t>(10, 20));
  CHECK(range("bytes=90-") == std::pair<std::uint64_t, std::uint64_t>(90, 100));
  CHECK(range("bytes=90-1000") == std::pair<std::uint64_t, std::uint64_t>(90, 100));
  CHECK(range("bytes=-5") == std::pair<std::uint64_t, std::uint64_t>(95, 100));
  CHECK(range("bytes=-500") == std::pair<std::uint64_t, std::uint64_t>(0, 100));
  CHECK(range("bytes=100-") == none);
  CHECK(range("bytes=100-200") == none);
  for (const char* const other : {"", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=1-2,3-4",
                                  "lines=1-2", "bytes=1-2 ", "bytes=99999999999999999999-"})
    CHECK(range(other) == all);
}

TEST_CASE("where a part of a file belongs") {
  const auto range = content_range_of("bytes 10-19/100");
  REQUIRE(range);
  CHECK(range->from == 10);
  CHECK(range->to == 20);
  CHECK(range->total == 100);
  for (const char* const other :
       {"", "bytes 10-19", "bytes 10-19/", "bytes 10-19/*", "bytes 19-10/100", "bytes 10-100/100",
        "bytes -19/100", "bytes 0-0/99999999999999999999", "bytes 1-2/3x"})
    CHECK_FALSE(content_range_of(other));
}

TEST_CASE("a bucket gives a burst at once, and then so many a second") {
  RateLimit limit(10, 20);
  std::int64_t now = 1'000'000;
  int taken = 0;
  while (limit.take(now)) ++taken;
  CHECK(taken == 20);
  for (int k = 0; k < 1000; ++k) taken += limit.take(now += 10) ? 1 : 0;
  CHECK(taken >= 119);
  CHECK(taken <= 120);
  CHECK_FALSE(limit.is_full(now));
  CHECK(limit.is_full(now + 2000));
}
