#include "hinterland/policy/policies.hpp"

namespace hinterland {

Placement stay(const Ask& ask, const View& view) {
  const Option* home = home_option(ask, view);
  if (home == nullptr) return refused(Refusal::home_not_allowed);
  return {.pool = home->pool, .not_before = ask.now, .pieces = {}};
}

}  // namespace hinterland
