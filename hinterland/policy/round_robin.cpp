#include "hinterland/policy/least_of.hpp"

namespace hinterland {

Placement round_robin(const Ask& ask, const View& view) {
  const std::size_t count = ask.options.size();
  if (count == 0) return refused(Refusal::nowhere_allowed);
  const std::size_t first = ask.turn % count;
  return at_least_of(ask, view, [&](const Option& option, const PoolState&) {
    const auto place = static_cast<std::size_t>(&option - ask.options.data());
    return (place + count - first) % count;
  });
}

}  // namespace hinterland
