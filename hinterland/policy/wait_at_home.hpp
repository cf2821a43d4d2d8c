// Waiting for better hours where the job's home is: what wait-for-cheap and wait-for-green share.
#pragma once
#include "hinterland/policy/best_hours.hpp"
#include "hinterland/policy/policies.hpp"

namespace hinterland {

// `value(t)` as in best_hours.hpp. The start waits no longer than the job may, and never so long that it would end after its
// deadline by its request. A job that may be interrupted runs in the best hours of that time instead.
template <class ValueUntil>
Placement wait_at_home(const Ask& ask, const View& view, const ValueUntil& value) {
  const Option* home = home_option(ask, view);
  if (home == nullptr) return refused(Refusal::home_not_allowed);
  Placement placement{.pool = home->pool, .not_before = ask.now, .pieces = {}};
  const Instant latest{std::min(ask.now.ms + ask.may_wait.ms, ask.deadline.ms - ask.request.ms)};
  if (latest <= ask.now) return placement;
  if (ask.interruptible) {
    placement.pieces = best_pieces(ask.now, latest + ask.request, ask.request, value);
    placement.not_before = placement.pieces.front().from;
    if (placement.pieces.size() == 1) placement.pieces.clear();
  } else {
    placement.not_before = best_start(ask.now, latest, ask.request, value);
  }
  return placement;
}

}  // namespace hinterland
