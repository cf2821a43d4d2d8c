#include "hinterland/policy/least_of.hpp"

namespace hinterland {

// Of those where it could start at once, the one with most of its units free.
Placement least_loaded(const Ask& ask, const View& view) {
  return at_least_of(ask, view, [&](const Option&, const PoolState& pool) {
    const double used = pool.units_total > 0
                            ? static_cast<double>(pool.units_busy) / static_cast<double>(pool.units_total)
                            : 1;
    return std::pair{pool.expected_start(ask.now, *ask.size), used};
  });
}

}  // namespace hinterland
