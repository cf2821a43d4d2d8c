// The option that is least by some measure, pools that are up before those that are down; the way most policies choose.
#pragma once
#include "hinterland/policy/policies.hpp"

namespace hinterland {

// `measure(option, pool)` gives anything that can be compared. Null if there is no option.
template <class Measure>
const Option* least_of(const Ask& ask, const View& view, const Measure& measure) {
  const Option* best = nullptr;
  decltype(measure(*best, view.pools[0])) least{};
  bool best_is_up = false;
  for (const Option& option : ask.options) {
    const PoolState& pool = view.pools[option.pool];
    if (best != nullptr && best_is_up && !pool.up) continue;
    const auto value = measure(option, pool);
    if (best != nullptr && best_is_up == pool.up && !(value < least)) continue;
    best = &option;
    least = value;
    best_is_up = pool.up;
  }
  return best;
}

// Runs there as soon as it can.
inline Placement at(const Option* option, const Ask& ask) {
  if (option == nullptr) return refused(Refusal::nowhere_allowed);
  return {.pool = option->pool, .not_before = ask.now, .pieces = {}};
}

template <class Measure>
Placement at_least_of(const Ask& ask, const View& view, const Measure& measure) {
  return at(least_of(ask, view, measure), ask);
}

// When the job would start and end at that option, its data moved and the queue waited for.
struct ExpectedSpan {
  Instant start, end;
};
inline ExpectedSpan expected_span(const Ask& ask, const Option& option, const PoolState& pool) {
  const Instant start = std::max(data_there(ask, option), pool.expected_start(ask.now, *ask.size));
  return {start, start + ask.request};
}

}  // namespace hinterland
