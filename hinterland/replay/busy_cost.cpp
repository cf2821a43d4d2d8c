#include "hinterland/replay/busy_cost.hpp"

#include <algorithm>
#include <bit>

namespace hinterland {

namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();

}  // namespace

BusyCost::BusyCost(Instant begin, Duration slot, std::vector<double> rates)
    : begin_(begin), slot_(slot), rates_(std::move(rates)), sums_{0} {
  const double hours = in_hours(slot).value;
  for (const double rate : rates_) sums_.push_back(sums_.back() + hours * rate);
  minima_.push_back(rates_);
  for (std::size_t span = 1; 2 * span <= rates_.size(); span *= 2) {
    const std::vector<double>& half = minima_.back();
    std::vector<double> whole(rates_.size() - 2 * span + 1);
    for (std::size_t k = 0; k < whole.size(); ++k) whole[k] = std::min(half[k], half[k + span]);
    minima_.push_back(std::move(whole));
  }
}

double BusyCost::until(Instant t) const {
  const std::int64_t ms = t.ms - begin_.ms;
  const auto slot = std::min(static_cast<std::size_t>(ms / slot_.ms), rates_.size() - 1);
  const Duration within{ms - static_cast<std::int64_t>(slot) * slot_.ms};
  return sums_[slot] + in_hours(within).value * rates_[slot];
}

double BusyCost::least_rate(std::size_t from, std::size_t past) const {
  if (from >= past) return kNone;
  const auto k = static_cast<std::size_t>(std::bit_width(past - from)) - 1;
  return std::min(minima_[k][from], minima_[k][past - (std::size_t{1} << k)]);
}

double BusyCost::least(Instant from, Instant until, Duration run) const {
  const Instant latest{until.ms - run.ms};
  if (latest < from) return kNone;
  const auto cost = [&](Instant start) { return this->until(start + run) - this->until(start); };
  double least = std::min(cost(from), cost(latest));
  const auto slot_of = [&](Instant t) { return static_cast<std::size_t>((t - begin_).ms / slot_.ms); };
  const auto start_of = [&](std::size_t slot) {
    return begin_ + Duration{static_cast<std::int64_t>(slot) * slot_.ms};
  };
  const std::size_t first = slot_of(Instant{from.ms + slot_.ms - 1}), past = slot_of(until);  // whole slots
  if (run <= slot_) {
    const double hours = in_hours(run).value;
    least = std::min(least, hours * least_rate(first, std::max(first, past)));
    // A run fits into what there is of the first and of the last slot.
    if (first > 0 && start_of(first) <= until && start_of(first) - from >= run)
      least = std::min(least, hours * rates_[first - 1]);
    if (past < rates_.size() && start_of(past) >= from && until - start_of(past) >= run)
      least = std::min(least, hours * rates_[past]);
    return least;
  }
  for (std::size_t slot = first; slot <= past && slot <= rates_.size(); ++slot) {
    const Instant at = start_of(slot), before{at.ms - run.ms};
    if (at <= latest) least = std::min(least, cost(at));
    if (before >= from && at <= until) least = std::min(least, cost(before));
  }
  return least;
}

}  // namespace hinterland
