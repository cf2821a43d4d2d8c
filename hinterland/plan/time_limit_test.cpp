#include "hinterland/plan/time_limit.hpp"

#include <doctest/doctest.h>

namespace hinterland {

TEST_CASE("a step is begun only where it would end in time, as long as the last one was") {
  TimeLimit limit(10);
  limit.begin_numbers(1);
  limit.begin_solving(1.1, false);  // 0.1 s for the numbers: 1.2 s are kept for afterwards
  CHECK(limit.allows_a_step(1.1));  // 2 s for the first
  CHECK(limit.allows_a_step(4.1));  // that took 3: so may the next
  CHECK_FALSE(limit.allows_a_step(7.1));
  CHECK(limit.allows_a_step(7.2));  // a short one fits
  CHECK_FALSE(limit.allows_a_step(8.8));
}

TEST_CASE("where opening costs something, the longest step counts, and a proof after it") {
  TimeLimit limit(10);
  limit.begin_numbers(0);
  limit.begin_solving(0, true);
  CHECK(limit.allows_a_step(2));
  CHECK(limit.allows_a_step(2.5));
  CHECK_FALSE(limit.allows_a_step(6));
}

TEST_CASE("who has no time for a first step is not given one") {
  TimeLimit limit(2.5);
  limit.begin_numbers(0);
  limit.begin_solving(0.1, false);
  CHECK_FALSE(limit.allows_a_step(0.1));
}

}  // namespace hinterland
