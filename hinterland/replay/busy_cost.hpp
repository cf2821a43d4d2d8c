// What a unit busy in a pool from one time to another costs, and when that is least: rates by slots of time, summed up.
//
//   G(t)      sum of rate[k] x slot over the slots before t, that of t in proportion        rates are per hour
//   least     min of G(s + r) - G(s) over from <= s <= until - r
//
// A run of a slot at most is least within one, or at an end of the window: O(1) by a table of minima over 2^k slots. A longer one
// is looked at wherever s or s + r is on the border of two.
#pragma once
#include <cstdint>
#include <limits>
#include <vector>

#include "hinterland/cost/unit_rates.hpp"

namespace hinterland {

class BusyCost {
 public:
  // Slots from `begin` on.
  BusyCost(Instant begin, Duration slot, std::vector<double> rates);

  [[nodiscard]] double until(Instant t) const;
  // Infinite if it does not fit. Requires begin <= from, and `until` within the slots.
  [[nodiscard]] double least(Instant from, Instant until, Duration run) const;

 private:
  [[nodiscard]] double least_rate(std::size_t from, std::size_t past) const;

  Instant begin_;
  Duration slot_;
  std::vector<double> rates_, sums_;
  std::vector<std::vector<double>> minima_;  // [k][i]: of the slots i to i + 2^k
};

}  // namespace hinterland
