#include <utility>

#include "hinterland/policy/least_of.hpp"

namespace hinterland {

Placement nearest(const Ask& ask, const View& view) {
  return at_least_of(ask, view, [&](const Option& option, const PoolState& pool) {
    const bool waits = pool.expected_start(ask.now, *ask.size) > ask.now;
    return std::pair{waits, option.km};
  });
}

}  // namespace hinterland
