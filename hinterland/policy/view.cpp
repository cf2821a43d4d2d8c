#include "hinterland/policy/view.hpp"

#include <algorithm>

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

const Option* home_option(const Ask& ask) {
  const auto found = std::ranges::find(ask.options, ask.home, &Option::pool);
  return found == ask.options.end() ? nullptr : &*found;
}

}  // namespace hinterland
