#include "hinterland/executor/pool_lease.hpp"

#include <doctest/doctest.h>

namespace hinterland {

namespace {

effect::Grant grant(std::uint32_t term, std::int64_t sent, std::int64_t lease) {
  return {.pool = PoolIndex{0}, .term = Term{term}, .sent = sent, .lease = Duration{lease}};
}

}  // namespace

TEST_CASE("a lease holds until shortly before its end, for its term alone") {
  PoolLease lease(1000);
  CHECK_FALSE(lease.holds(0));
  CHECK(lease.hear(grant(3, 1000, 500)) == PoolLease::Heard::later_term);
  CHECK(lease.term() == Term{3});
  CHECK(lease.length() == 500);
  CHECK(lease.holds(1399));
  CHECK_FALSE(lease.holds(1400));
  CHECK(lease.allows(Term{3}, 1399));
  CHECK_FALSE(lease.allows(Term{2}, 1399));
  CHECK_FALSE(lease.allows(Term{4}, 1399));
}

TEST_CASE("grants of an earlier term, and of an earlier life, say nothing") {
  PoolLease lease(1000);
  CHECK(lease.hear(grant(3, 999, 9000)) == PoolLease::Heard::nothing);
  CHECK(lease.term() == Term{});
  CHECK(lease.hear(grant(3, 1000, 500)) == PoolLease::Heard::later_term);
  CHECK(lease.hear(grant(2, 1200, 9000)) == PoolLease::Heard::nothing);
  CHECK(lease.end() == 1500);
}

TEST_CASE("grants that come in another order leave the latest end, and a later term takes none away") {
  PoolLease lease(0);
  lease.hear(grant(1, 300, 1000));
  CHECK(lease.hear(grant(1, 100, 1000)) == PoolLease::Heard::same_term);
  CHECK(lease.end() == 1300);
  CHECK(lease.hear(grant(2, 200, 10)) == PoolLease::Heard::later_term);
  CHECK(lease.end() == 1300);
  lease.shorten(400);
  CHECK_FALSE(lease.holds(300));
  lease.shorten(900);
  CHECK(lease.end() == 400);
}

}  // namespace hinterland
