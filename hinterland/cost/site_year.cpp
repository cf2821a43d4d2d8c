#include "hinterland/cost/site_year.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <map>
#include <mutex>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>

namespace hinterland {

// Steps of the ladder that have been worked out.
struct SiteYear::Memo {
  using Key = std::tuple<int, int, int>;  // length, wait, ready hour
  std::mutex mutex;
  std::map<Key, HourMeans> known;  // a map: its values stay where they are while it grows
};

namespace {

constexpr int kHours = static_cast<int>(kYear.value);

PrefixSum sums(const std::vector<double>& hours, double otherwise) {
  return hours.empty() ? PrefixSum::constant(otherwise) : PrefixSum(hours);
}

// x o, hour by hour.
PrefixSum with_overhead(const std::vector<double>& hours, double otherwise,
                        const std::vector<double>& overhead) {
  if (hours.empty() && (otherwise == 0 || overhead.empty())) return PrefixSum::constant(0);
  if (overhead.empty()) return PrefixSum::constant(0);
  std::vector<double> product = overhead;
  for (std::size_t i = 0; i < product.size(); ++i) product[i] *= hours.empty() ? otherwise : hours[i];
  return PrefixSum(product);
}

PrefixSum costs(const SiteHours& hours, MoneyPerKwh level, double k) {
  std::vector<double> cost(static_cast<std::size_t>(kHours));
  const auto at = [](const std::vector<double>& list, std::size_t i, double otherwise) {
    return list.empty() ? otherwise : list[i];
  };
  for (std::size_t i = 0; i < cost.size(); ++i) {
    cost[i] =
        (1 + k * at(hours.overhead, i, 0)) * (level.value * at(hours.tariff, i, 1) + at(hours.fixed, i, 0));
  }
  return PrefixSum(cost);
}

constexpr int kAnyHour = -1;
constexpr Hours kWeek{168};
constexpr std::array<int, 17> kLengths = {1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 36, 48, 72, 96, 120, 168};
constexpr std::array<int, 12> kWaits = {0, 1, 2, 3, 4, 6, 8, 12, 18, 24, 48, 96};

// Where a value stands on a ladder: between two steps, and how far up from the lower one.
struct Rung {
  int below, above;
  double share;
};
Rung rung_of(std::span<const int> ladder, double value) {
  if (value <= ladder.front()) return {ladder.front(), ladder.front(), 0};
  if (value >= ladder.back()) return {ladder.back(), ladder.back(), 0};
  const auto above = std::ranges::upper_bound(ladder, value, {}, [](int step) { return 1.0 * step; });
  const int below = *(above - 1);
  return {below, *above, (value - below) / (*above - below)};
}

constexpr std::array kParts = {
    &HourMeans::overhead,       &HourMeans::tariff, &HourMeans::tariff_overhead, &HourMeans::fixed,
    &HourMeans::fixed_overhead, &HourMeans::carbon, &HourMeans::carbon_overhead, &HourMeans::water};
constexpr std::array kOptionalParts = {&HourMeans::marginal, &HourMeans::marginal_overhead};

void add(HourMeans& sum, const HourMeans& one, double weight) {
  for (const auto part : kParts) sum.*part += weight * one.*part;
  for (const auto part : kOptionalParts) {
    if (one.*part) sum.*part = (sum.*part).value_or(0) + weight * *(one.*part);
  }
}

constexpr HourMeans kNothing{.tariff = 0, .carbon = 0};

}  // namespace

SiteYear::SiteYear(SiteHours hours, MoneyPerKwh level, double k)
    : hours_(std::move(hours)),
      level_(level),
      k_(k),
      overhead_(sums(hours_.overhead, 0)),
      tariff_(sums(hours_.tariff, 1)),
      tariff_overhead_(with_overhead(hours_.tariff, 1, hours_.overhead)),
      fixed_(sums(hours_.fixed, 0)),
      fixed_overhead_(with_overhead(hours_.fixed, 0, hours_.overhead)),
      carbon_(sums(hours_.carbon, 1)),
      carbon_overhead_(with_overhead(hours_.carbon, 1, hours_.overhead)),
      water_(sums(hours_.water, 0)),
      cost_(costs(hours_, level, k)),
      memo_(std::make_shared<Memo>()) {
  if (!hours_.marginal.empty()) {
    marginal_ = PrefixSum(hours_.marginal);
    marginal_overhead_ = with_overhead(hours_.marginal, 0, hours_.overhead);
  }
  year_ = over(Hours{0}, kYear);
}

HourMeans SiteYear::over(Hours from, Hours length) const {
  const auto mean = [&](const PrefixSum& sum) { return sum.mean(from, length); };
  HourMeans means{.overhead = mean(overhead_),
                  .tariff = mean(tariff_),
                  .tariff_overhead = mean(tariff_overhead_),
                  .fixed = mean(fixed_),
                  .fixed_overhead = mean(fixed_overhead_),
                  .carbon = mean(carbon_),
                  .carbon_overhead = mean(carbon_overhead_),
                  .water = mean(water_),
                  .marginal = {},
                  .marginal_overhead = {}};
  if (marginal_) {
    means.marginal = mean(*marginal_);
    means.marginal_overhead = mean(*marginal_overhead_);
  }
  return means;
}

// The mean of the means over runs that begin `times[h]` times at the whole hour h.
HourMeans SiteYear::over_starts(const std::vector<int>& times, Hours length) const {
  const double runs = std::accumulate(times.begin(), times.end(), 0.0);
  HourMeans out = kNothing;
  for (std::size_t hour = 0; hour < times.size(); ++hour) {
    if (times[hour] > 0) add(out, over({static_cast<double>(hour)}, length), times[hour] / runs);
  }
  return out;
}

// Ready at any whole hour of the year, or on each day at one; then the cheapest whole hour within `wait`: the least of
// a window that slides over the year once.
HourMeans SiteYear::look_at_the_year(int length, int wait, int ready_hour) const {
  std::vector<double> costs(static_cast<std::size_t>(kHours));
  for (int hour = 0; hour < kHours; ++hour)
    costs[static_cast<std::size_t>(hour)] = cost_.sum({1.0 * hour}, {1.0 * length});
  std::vector<int> times(static_cast<std::size_t>(kHours), 0);
  std::deque<int> least;  // hours of rising cost, the least in front; of equals the earliest
  const auto at = [&](int hour) { return costs[static_cast<std::size_t>(hour % kHours)]; };
  for (int hour = 0; hour < kHours + wait; ++hour) {
    while (!least.empty() && at(least.back()) > at(hour)) least.pop_back();
    least.push_back(hour);
    const int ready = hour - wait;
    while (least.front() < ready) least.pop_front();
    if (ready >= 0 && (ready_hour == kAnyHour || ready % 24 == ready_hour))
      ++times[static_cast<std::size_t>(least.front() % kHours)];
  }
  return over_starts(times, {1.0 * length});
}

const HourMeans& SiteYear::step(int length, int wait, int ready_hour) const {
  if (length >= kWeek.value || (wait == 0 && ready_hour == kAnyHour)) return year_;
  const std::lock_guard lock(memo_->mutex);
  const auto [entry, fresh] = memo_->known.try_emplace({length, wait, ready_hour});
  if (fresh) entry->second = look_at_the_year(length, wait, ready_hour);
  return entry->second;
}

// Ready at one moment: it may begin then, or at a whole hour within its wait.
HourMeans SiteYear::over_from(Hours start, Hours wait, Hours length) const {
  Hours best = start;
  for (double hour = std::floor(start.value) + 1; hour <= start.value + wait.value; ++hour) {
    if (cost_.sum({hour}, length) < cost_.sum(best, length)) best = {hour};
  }
  return over(best, length);
}

HourMeans SiteYear::over(const Run& run) const {
  if (cost_.is_constant()) return year_;  // flattened
  if (run.start) return over_from(*run.start, run.wait, run.length);
  if (run.length >= kWeek || (!run.ready_hour && run.wait.value == 0)) return year_;
  const int ready_hour = run.ready_hour ? static_cast<int>(*run.ready_hour) % 24 : kAnyHour;
  const Rung length = rung_of(kLengths, run.length.value), wait = rung_of(kWaits, run.wait.value);
  HourMeans out = kNothing;
  for (const auto& [hours, by_length] :
       {std::pair{length.below, 1 - length.share}, {length.above, length.share}}) {
    for (const auto& [waited, by_wait] : {std::pair{wait.below, 1 - wait.share}, {wait.above, wait.share}}) {
      const double weight = by_length * by_wait;
      if (weight > 0) add(out, step(hours, waited, ready_hour), weight);
    }
  }
  return out;
}

SiteYear::SiteYear(const HourMeans& means, bool carbon_is_level)
    : level_(),
      k_(1),
      overhead_(PrefixSum::constant(means.overhead)),
      tariff_(PrefixSum::constant(means.tariff)),
      tariff_overhead_(PrefixSum::constant(means.tariff * means.overhead)),
      fixed_(PrefixSum::constant(means.fixed)),
      fixed_overhead_(PrefixSum::constant(means.fixed * means.overhead)),
      carbon_(PrefixSum::constant(means.carbon)),
      carbon_overhead_(PrefixSum::constant(means.carbon * means.overhead)),
      water_(PrefixSum::constant(means.water)),
      cost_(PrefixSum::constant(0)),
      memo_(std::make_shared<Memo>()) {
  hours_.carbon_is_level = carbon_is_level;
  if (means.marginal) {
    marginal_ = PrefixSum::constant(*means.marginal);
    marginal_overhead_ = PrefixSum::constant(*means.marginal * means.overhead);
  }
  year_ = over(Hours{0}, kYear);
}

SiteYear SiteYear::flattened() const { return {year_, hours_.carbon_is_level}; }

}  // namespace hinterland
