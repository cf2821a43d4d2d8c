#include "hinterland/policy/view.hpp"

#include <tuple>

namespace hinterland {

const char* name_of(Refusal refusal) {
  switch (refusal) {
    case Refusal::none: return "";
    case Refusal::home_not_allowed: return "home is not allowed";
    case Refusal::nowhere_allowed: return "no site is allowed";
    case Refusal::too_large: return "larger than any pool";
  }
  return "";
}

Placement refused(Refusal why) { return {.pool = {}, .refusal = why, .not_before = {}, .pieces = {}}; }

const Option* home_option(const Ask& ask, const View& view) {
  const Option* best = nullptr;
  const auto before = [&](const Option& a, const Option& b) {
    const auto when = [&](const Option& option) {
      const PoolState& pool = view.pools[option.pool];
      return std::tuple(!pool.up, pool.expected_start(ask.now, *ask.size), option.pool != ask.home);
    };
    return when(a) < when(b);
  };
  for (const Option& option : ask.options) {
    if (!option.at_home && option.pool != ask.home) continue;
    if (best == nullptr || before(option, *best)) best = &option;
  }
  return best;
}

}  // namespace hinterland
