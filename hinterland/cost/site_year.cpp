#include "hinterland/cost/site_year.hpp"

#include <algorithm>
#include <array>
#include <cmath>
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

double at(const std::vector<double>& hours, std::size_t hour, double otherwise) {
  return hours.empty() ? otherwise : hours[hour];
}

constexpr int kAnyHour = -1;
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
    : hours_(std::move(hours)), memo_(std::make_shared<Memo>()) {
  sums_.emplace([&](std::size_t hour) {
    const double o = at(hours_.overhead, hour, 0), u = at(hours_.tariff, hour, 1),
                 f = at(hours_.fixed, hour, 0), g = at(hours_.carbon, hour, 1);
    return Sums::Row{o, u, u * o, f, f * o, g, g * o, at(hours_.water, hour, 0)};
  });
  cost_.emplace([&] {
    std::vector<double> cost(kYearHours);
    for (std::size_t hour = 0; hour < kYearHours; ++hour) {
      cost[hour] = (1 + k * at(hours_.overhead, hour, 0)) *
                   (level.value * at(hours_.tariff, hour, 1) + at(hours_.fixed, hour, 0));
    }
    return cost;
  }());
  if (!hours_.marginal.empty()) {
    marginal_.emplace([&](std::size_t hour) {
      return std::array{hours_.marginal[hour], hours_.marginal[hour] * at(hours_.overhead, hour, 0)};
    });
  }
  year_ = over(Hours{0}, kYear);
}

HourMeans SiteYear::over(Hours from, Hours length) const {
  if (!sums_) return year_;
  return means_of(sums_->mean(from, length),
                  marginal_ ? marginal_->mean(from, length) : std::array<double, 2>{});
}

HourMeans SiteYear::means_of(const Sums::Row& row, const std::array<double, 2>& marginal) const {
  const auto [o, u, uo, f, fo, g, go, w] = row;
  HourMeans means{.overhead = o,
                  .tariff = u,
                  .tariff_overhead = uo,
                  .fixed = f,
                  .fixed_overhead = fo,
                  .carbon = g,
                  .carbon_overhead = go,
                  .water = w,
                  .marginal = {},
                  .marginal_overhead = {}};
  if (marginal_) {
    means.marginal = marginal[0];
    means.marginal_overhead = marginal[1];
  }
  return means;
}

// The mean over runs that begin `times[h]` times at the whole hour h.
HourMeans SiteYear::over_starts(const std::vector<int>& times, int length) const {
  const auto hours = static_cast<std::size_t>(length);
  Sums::Row sum{};
  std::array<double, 2> marginal{};
  double runs = 0;
  for (std::size_t hour = 0; hour < times.size(); ++hour) {
    if (times[hour] == 0) continue;
    const double n = times[hour];
    runs += n;
    const Sums::Row one = sums_->sum_of_hours(hour, hours);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += n * one[i];
    if (!marginal_) continue;
    const auto two = marginal_->sum_of_hours(hour, hours);
    for (std::size_t i = 0; i < marginal.size(); ++i) marginal[i] += n * two[i];
  }
  for (double& value : sum) value /= runs * length;
  for (double& value : marginal) value /= runs * length;
  return means_of(sum, marginal);
}

// Ready at any whole hour of the year, or on each day at one; then the cheapest whole hour within `wait`: the least of
// a window that slides over the year once.
HourMeans SiteYear::look_at_the_year(int length, int wait, int ready_hour) const {
  std::vector<double> costs(kYearHours);
  for (std::size_t hour = 0; hour < kYearHours; ++hour)
    costs[hour] = cost_->sum_of_hours(hour, static_cast<std::size_t>(length));
  const int waited = std::min(wait, kHours);
  costs.insert(costs.end(), costs.begin(), costs.begin() + waited);  // those of the next year's first hours
  std::vector<int> times(kYearHours, 0);
  // Hours of rising cost, the least in front; of equals the earliest.
  std::vector<int> least(costs.size());
  std::size_t front = 0, back = 0;
  for (int hour = 0; hour < kHours + waited; ++hour) {
    const double cost = costs[static_cast<std::size_t>(hour)];
    while (back > front && costs[static_cast<std::size_t>(least[back - 1])] > cost) --back;
    least[back++] = hour;
    const int ready = hour - waited;
    while (least[front] < ready) ++front;
    if (ready >= 0 && (ready_hour == kAnyHour || ready % 24 == ready_hour))
      ++times[static_cast<std::size_t>(least[front] % kHours)];
  }
  return over_starts(times, length);
}

const HourMeans& SiteYear::step(int length, int wait, int ready_hour) const {
  if (length >= kWeek.value || (wait == 0 && ready_hour == kAnyHour)) return year_;
  const std::lock_guard lock(memo_->mutex);
  const auto [entry, fresh] = memo_->known.try_emplace({length, wait, ready_hour});
  if (fresh) entry->second = look_at_the_year(length, wait, ready_hour);
  return entry->second;
}

Hours SiteYear::cheapest_start(Hours start, Hours wait, Hours length) const {
  Hours best = start;
  if (!cost_) return best;
  wait = std::min(wait, kYear);  // by then every hour has been looked at
  for (double hour = std::floor(start.value) + 1; hour <= start.value + wait.value; ++hour) {
    if (cost_->sum({hour}, length) < cost_->sum(best, length)) best = {hour};
  }
  return best;
}

HourMeans SiteYear::over(const Run& run) const {
  if (!sums_) return year_;
  if (run.start) return over(cheapest_start(*run.start, run.wait, run.length), run.length);
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

SiteYear::SiteYear(const HourMeans& means, bool carbon_is_level) : year_(means) {
  hours_.carbon_is_level = carbon_is_level;
  year_.tariff_overhead = means.tariff * means.overhead;
  year_.fixed_overhead = means.fixed * means.overhead;
  year_.carbon_overhead = means.carbon * means.overhead;
  if (means.marginal) year_.marginal_overhead = *means.marginal * means.overhead;
}

SiteYear SiteYear::flattened() const { return {year_, hours_.carbon_is_level}; }

}  // namespace hinterland
