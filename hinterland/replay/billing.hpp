// Bills of attempts, each by the prices that were known when it ended: those of the world, and what was heard until then.
#pragma once
#include <cstdint>
#include <functional>
#include <vector>

#include "hinterland/broker/state.hpp"
#include "hinterland/sim/world.hpp"

namespace hinterland {

struct Billable {
  std::uint32_t job = 0;  // sim's
  PoolIndex pool;
  Instant began, ended;  // its hours count from, and its bill was made at
  Duration ran;
  std::int64_t units = 0;
  double gb = 0;
};

// Calls `take` with each and its bill, in any order; sorts `all`.
void bill_all(const SimWorld& world, std::vector<Billable>& all,
              const std::function<void(const Billable&, const Bill&)>& take);

}  // namespace hinterland
