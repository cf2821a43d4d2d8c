#include "hinterland/cost/site_year.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>

#include "hinterland/cost/prefix_sum.hpp"
#include "hinterland/cost/start_reach.hpp"

namespace hinterland {

namespace {

double at(const std::vector<double>& hours, std::size_t hour, double otherwise) {
  return hours.empty() ? otherwise : hours[hour];
}

constexpr int kAnyHour = -1;
// What a run costs by its length bends where a period of a tariff begins or ends, so every second hour, and by its wait
// where another cheap hour comes into reach; the further both go the smoother it gets.
constexpr std::array kLengths = {1,   2,   4,   6,   8,   10,  12,   14,   16,   18,  20,  22,  24,
                                 26,  28,  30,  32,  34,  36,  38,   40,   42,   44,  46,  48,  52,
                                 56,  60,  64,  68,  72,  80,  88,   96,   108,  120, 132, 144, 156,
                                 168, 192, 240, 336, 504, 720, 1440, 2880, 5760, 8760};
constexpr std::array kWaits = {0,  1,  2,  4,   6,   8,   10,  12,  16,  20,   24,   28,   32,   40,   48,
                               60, 72, 96, 120, 168, 240, 336, 504, 720, 1080, 1440, 2160, 2880, 4320, 8760};
constexpr std::array kWaitsOfMonths = {0,    24,   120,  336, 720,
                                       1440, 2880, 4320, 8760};  // of runs of a month and longer

std::span<const int> waits_of(int length) {
  if (length >= 720) return kWaitsOfMonths;
  return kWaits;
}

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
    &HourMeans::overhead,       &HourMeans::price_shape, &HourMeans::price_shape_overhead, &HourMeans::fixed,
    &HourMeans::fixed_overhead, &HourMeans::carbon,      &HourMeans::carbon_overhead,      &HourMeans::water};
constexpr std::array kOptionalParts = {&HourMeans::marginal, &HourMeans::marginal_overhead};

void add(HourMeans& sum, const HourMeans& one, double weight) {
  for (const auto part : kParts) sum.*part += weight * one.*part;
  for (const auto part : kOptionalParts) {
    if (one.*part) sum.*part = (sum.*part).value_or(0) + weight * *(one.*part);
  }
}

constexpr HourMeans kNothing{.price_shape = 0, .carbon = 0};

}  // namespace

// Sums are made when first asked for: most questions need none of them, or the cost alone.
struct SiteYear::Memo {
  std::once_flag sums_once, cost_once;
  std::optional<PrefixSums<10>> sums;  // o, u, u o, f, f o, g, g o, w, the marginal carbon and that times o
  std::optional<PrefixSum> cost;       // of an IT kWh, (1 + k o) (level u + f)
  // Steps of the ladder: length, wait, ready hour.
  using Key = std::tuple<int, int, int>;
  std::mutex mutex;
  std::map<Key, HourMeans> known;       // a map: its values stay where they are while it grows
  std::map<int, StartReaches> reaches;  // by length
};

SiteYear::SiteYear(SiteHours hours, MoneyPerKwh level, double k)
    : hours_(std::move(hours)), level_(level), k_(k), memo_(std::make_shared<Memo>()) {
  year_ = weighted(std::vector<double>(kYearHours, 1));
}

const PrefixSum& SiteYear::cost() const {
  std::call_once(memo_->cost_once, [&] {
    memo_->cost.emplace([&](std::size_t hour) {
      return (1 + k_ * at(hours_.overhead, hour, 0)) *
             (level_.value * at(hours_.price_shape, hour, 1) + at(hours_.fixed, hour, 0));
    });
  });
  return *memo_->cost;
}

HourMeans SiteYear::over(Hours from, Hours length) const {
  if (!memo_) return year_;
  std::call_once(memo_->sums_once, [&] {
    memo_->sums.emplace([&](std::size_t hour) {
      const double o = at(hours_.overhead, hour, 0), u = at(hours_.price_shape, hour, 1),
                   f = at(hours_.fixed, hour, 0), g = at(hours_.carbon, hour, 1),
                   m = at(hours_.marginal, hour, 0);
      return std::array{o, u, u * o, f, f * o, g, g * o, at(hours_.water, hour, 0), m, m * o};
    });
  });
  const auto [o, u, uo, f, fo, g, go, w, m, mo] = memo_->sums->mean(from, length);
  HourMeans means{.overhead = o,
                  .price_shape = u,
                  .price_shape_overhead = uo,
                  .fixed = f,
                  .fixed_overhead = fo,
                  .carbon = g,
                  .carbon_overhead = go,
                  .water = w,
                  .marginal = {},
                  .marginal_overhead = {}};
  if (!hours_.marginal.empty()) {
    means.marginal = m;
    means.marginal_overhead = mo;
  }
  return means;
}

namespace {

// Of the year's hours, in four sums side by side.
double sum_of(const double* a) {
  std::array<double, 4> sums{};
  for (std::size_t hour = 0; hour < kYearHours; hour += sums.size())
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += a[hour + i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}
double sum_of_products(const double* a, const double* b) {
  std::array<double, 4> sums{};
  for (std::size_t hour = 0; hour < kYearHours; hour += sums.size())
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += a[hour + i] * b[hour + i];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

}  // namespace

// The means over all hours, of which hour h counts times[h].
HourMeans SiteYear::weighted(std::span<const double> times) const {
  std::array<double, kYearHours> over;  // times x overhead
  if (hours_.overhead.empty())
    over.fill(0);
  else
    for (std::size_t hour = 0; hour < kYearHours; ++hour) over[hour] = times[hour] * hours_.overhead[hour];
  const double all = sum_of(times.data()), overhead = sum_of(over.data()) / all;
  // The mean of values, and of them x overhead.
  const auto means_of = [&](const std::vector<double>& values, double otherwise) {
    if (values.empty()) return std::pair{otherwise, otherwise * overhead};
    return std::pair{sum_of_products(times.data(), values.data()) / all,
                     sum_of_products(over.data(), values.data()) / all};
  };
  const auto [u, u_overhead] = means_of(hours_.price_shape, 1);
  const auto [f, f_overhead] = means_of(hours_.fixed, 0);
  const auto [g, g_overhead] = means_of(hours_.carbon, 1);
  HourMeans means{
      .overhead = overhead,
      .price_shape = u,
      .price_shape_overhead = u_overhead,
      .fixed = f,
      .fixed_overhead = f_overhead,
      .carbon = g,
      .carbon_overhead = g_overhead,
      .water = hours_.water.empty() ? 0 : sum_of_products(times.data(), hours_.water.data()) / all,
      .marginal = {},
      .marginal_overhead = {}};
  if (!hours_.marginal.empty())
    std::tie(means.marginal, means.marginal_overhead) = means_of(hours_.marginal, 0);
  return means;
}

// Ready at any whole hour of the year, or on each day at one; then the cheapest whole hour within `wait`, of equals the first.
HourMeans SiteYear::look_at_the_year(int length, int wait, int ready_hour) const {
  std::array<std::int32_t, kYearHours> runs;  // that begin in each hour
  if (ready_hour == kAnyHour) {
    reaches_of(length).count_all(wait, runs);
  } else {
    reaches_of(length).count_days(wait, ready_hour, runs);
  }
  // Those under way; at first there are those of the end of the year.
  const auto hours = static_cast<std::size_t>(length);
  std::array<double, kYearHours> under_way;
  std::int32_t now = std::accumulate(runs.end() - length, runs.end(), 0);
  for (std::size_t hour = 0; hour < kYearHours; ++hour) {
    now += runs[hour] - runs[hour < hours ? hour + kYearHours - hours : hour - hours];
    under_way[hour] = now;
  }
  return weighted(under_way);
}

const StartReaches& SiteYear::reaches_of(int length) const {
  {
    const std::lock_guard lock(memo_->mutex);
    const auto known = memo_->reaches.find(length);
    if (known != memo_->reaches.end()) return known->second;
  }
  const PrefixSum& cost = this->cost();
  std::array<double, kYearHours> costs;  // on the stack: no page is asked of the system again
  for (std::size_t hour = 0; hour < kYearHours; ++hour)
    costs[hour] = cost.sum_of_hours(hour, static_cast<std::size_t>(length));
  StartReaches reaches(costs);  // nobody waits for it
  const std::lock_guard lock(memo_->mutex);
  return memo_->reaches.try_emplace(length, std::move(reaches)).first->second;
}

const HourMeans& SiteYear::step(int length, int wait, int ready_hour) const {
  if (length >= kYear.value || (wait == 0 && ready_hour == kAnyHour)) return year_;
  const Memo::Key key{length, wait, ready_hour};
  {
    const std::lock_guard lock(memo_->mutex);
    const auto known = memo_->known.find(key);
    if (known != memo_->known.end()) return known->second;
  }
  const HourMeans means = look_at_the_year(length, wait, ready_hour);  // nobody waits for it
  const std::lock_guard lock(memo_->mutex);
  return memo_->known.try_emplace(key, means).first->second;
}

Hours SiteYear::cheapest_start(Hours start, Hours wait, Hours length) const {
  Hours best = start;
  if (!memo_) return best;
  wait = std::min(wait, kYear);  // by then every hour has been looked at
  for (double hour = std::floor(start.value) + 1; hour <= start.value + wait.value; ++hour) {
    if (cost().sum({hour}, length) < cost().sum(best, length)) best = {hour};
  }
  return best;
}

HourMeans SiteYear::over(const Run& run) const {
  if (!memo_) return year_;
  if (run.start) return over(cheapest_start(*run.start, run.wait, run.length), run.length);
  if (run.length >= kYear || (!run.ready_hour && run.wait.value == 0)) return year_;
  const int ready_hour = run.ready_hour ? static_cast<int>(*run.ready_hour) % 24 : kAnyHour;
  const Rung length = rung_of(kLengths, run.length.value);
  HourMeans out = kNothing;
  for (const auto& [hours, by_length] :
       {std::pair{length.below, 1 - length.share}, {length.above, length.share}}) {
    const Rung wait = rung_of(waits_of(hours), run.wait.value);
    for (const auto& [waited, by_wait] : {std::pair{wait.below, 1 - wait.share}, {wait.above, wait.share}}) {
      const double weight = by_length * by_wait;
      if (weight > 0) add(out, step(hours, waited, ready_hour), weight);
    }
  }
  return out;
}

SiteYear::SiteYear(const HourMeans& means, bool carbon_is_level) : year_(means) {
  hours_.carbon_is_level = carbon_is_level;
  year_.price_shape_overhead = means.price_shape * means.overhead;
  year_.fixed_overhead = means.fixed * means.overhead;
  year_.carbon_overhead = means.carbon * means.overhead;
  if (means.marginal) year_.marginal_overhead = *means.marginal * means.overhead;
}

SiteYear SiteYear::flattened() const { return {year_, hours_.carbon_is_level}; }

}  // namespace hinterland
