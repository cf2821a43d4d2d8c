// When to run within a deadline: the best time to start, and the best hours if the job may be interrupted.
//
//   value(t)      what a unit busy until t costs (money, or kg): a sum over the hours, so a piece from a to b costs
//                 value(b) - value(a)
//   best_start    least value(s + run) - value(s) over s = now, then each whole hour until the latest start; of equals
//                 the first. For rates that are the same within an hour it is the best of those at which an hour begins;
//                 a start between them can only equal the better of its two neighbours if the run is whole hours.
//   best_pieces   the least-valued hours between now and the latest end that add up to the run, each from its beginning;
//                 the dearest of them is used in part. It is the optimum of a run that may stop at any time at no cost.
//
// Hours are hours of the run's clock: whole since its start. Of hours of one value the earlier is taken.
#pragma once
#include <algorithm>
#include <vector>

#include "hinterland/policy/view.hpp"

namespace hinterland {

template <class ValueUntil>
Instant best_start(Instant now, Instant latest, Duration run, const ValueUntil& value) {
  const auto cost = [&](Instant start) { return value(start + run) - value(start); };
  Instant best = now;
  double least = cost(now);
  for (Instant start{(now.ms / kHour.ms + 1) * kHour.ms}; start <= latest; start = start + kHour) {
    const double price = cost(start);
    if (price >= least) continue;
    least = price;
    best = start;
  }
  return best;
}

// Requires now + run <= latest_end. In order of time; neighbours are joined.
template <class ValueUntil>
std::vector<Piece> best_pieces(Instant now, Instant latest_end, Duration run, const ValueUntil& value) {
  struct Slot {
    Instant from;
    std::int64_t ms = 0;
    double per_ms = 0;
  };
  std::vector<Slot> slots;
  for (Instant from = now; from < latest_end;) {
    const Instant until = std::min(latest_end, Instant{(from.ms / kHour.ms + 1) * kHour.ms});
    const std::int64_t ms = until.ms - from.ms;
    slots.push_back({from, ms, (value(until) - value(from)) / static_cast<double>(ms)});
    from = until;
  }
  std::ranges::stable_sort(slots, {}, &Slot::per_ms);
  std::int64_t left = run.ms;
  std::size_t used = 0;
  for (; left > 0 && used < slots.size(); ++used) {
    slots[used].ms = std::min(slots[used].ms, left);
    left -= slots[used].ms;
  }
  slots.resize(used);
  std::ranges::sort(slots, {}, &Slot::from);
  std::vector<Piece> pieces;
  for (const Slot& slot : slots) {
    if (!pieces.empty() && pieces.back().from + pieces.back().length == slot.from) {
      pieces.back().length.ms += slot.ms;
    } else {
      pieces.push_back({slot.from, {slot.ms}});
    }
  }
  return pieces;
}

}  // namespace hinterland
