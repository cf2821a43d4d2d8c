#include "hinterland/cost/site_year.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <tuple>
#include <utility>

#include "hinterland/cost/prefix_sum.hpp"

namespace hinterland {

namespace {

double at(const std::vector<double>& hours, std::size_t hour, double otherwise) {
  return hours.empty() ? otherwise : hours[hour];
}

constexpr int kAnyHour = -1;
constexpr std::array kLengths = {1, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24};
constexpr std::array kWaits = {0, 1, 2, 4, 6, 8, 10, 12, 16, 24, 96};

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
  std::map<Key, HourMeans> known;  // a map: its values stay where they are while it grows
};

SiteYear::SiteYear(SiteHours hours, MoneyPerKwh level, double k)
    : hours_(std::move(hours)), level_(level), k_(k), memo_(std::make_shared<Memo>()) {
  std::vector<double> once(kYearHours, 0);
  once.front() = 1;
  year_ = weighted(once);
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

// The means over all hours; hour h is counted changes[0] + ... + changes[h] times.
HourMeans SiteYear::weighted(std::span<const double> changes) const {
  const auto list = [](const std::vector<double>& hours) { return hours.empty() ? nullptr : hours.data(); };
  const double *const overhead = list(hours_.overhead), *const price = list(hours_.price_shape),
                      *const fixed = list(hours_.fixed), *const carbon = list(hours_.carbon),
                      *const water = list(hours_.water), *const marginal = list(hours_.marginal);
  struct Pair {
    double mean = 0, with_overhead = 0;
  };
  Pair all, by_price, by_fixed, by_carbon, by_marginal;
  double litres = 0, times = 0;
  for (std::size_t hour = 0; hour < kYearHours; ++hour) {
    times += changes[hour];
    const double over = overhead == nullptr ? 0 : times * overhead[hour];
    const auto add = [&](const double* values, Pair& sum) {
      if (values == nullptr) return;
      sum.mean += times * values[hour];
      sum.with_overhead += over * values[hour];
    };
    all.mean += times;
    all.with_overhead += over;
    add(price, by_price);
    add(fixed, by_fixed);
    add(carbon, by_carbon);
    add(marginal, by_marginal);
    if (water != nullptr) litres += times * water[hour];
  }
  const auto mean = [&](const double* values, const Pair& sum, double otherwise) {
    if (values == nullptr) return Pair{otherwise, otherwise * all.with_overhead / all.mean};
    return Pair{sum.mean / all.mean, sum.with_overhead / all.mean};
  };
  const Pair u = mean(price, by_price, 1), f = mean(fixed, by_fixed, 0), g = mean(carbon, by_carbon, 1),
             m = mean(marginal, by_marginal, 0);
  HourMeans means{.overhead = all.with_overhead / all.mean,
                  .price_shape = u.mean,
                  .price_shape_overhead = u.with_overhead,
                  .fixed = f.mean,
                  .fixed_overhead = f.with_overhead,
                  .carbon = g.mean,
                  .carbon_overhead = g.with_overhead,
                  .water = litres / all.mean,
                  .marginal = {},
                  .marginal_overhead = {}};
  if (marginal != nullptr) {
    means.marginal = m.mean;
    means.marginal_overhead = m.with_overhead;
  }
  return means;
}

namespace {

// Every hour of the year, and as many of the next as anybody waits. On the stack: no page is asked of the system again.
constexpr std::size_t kMostHours = kYearHours + static_cast<std::size_t>(kWaits.back());
template <class Value>
using Hourly = std::array<Value, kMostHours>;

// The place of the least of each `width` neighbours, values[i .. i + width - 1], for the hours i of the year; of equals the
// first. A window reaches over two blocks of `width` at most: its least is that of the end of the one or of the beginning of
// the other (van Herk 1992). Nobody can guess which of two hours is cheaper, so none is chosen by a branch.
void least_of_windows(const Hourly<double>& values, std::size_t width, Hourly<std::uint32_t>& places) {
  const std::size_t count = kYearHours + width - 1;
  struct Least {
    double value;
    std::uint32_t place;
    void take_if(bool better, double other, std::size_t at) {
      value = better ? other : value;
      place = better ? static_cast<std::uint32_t>(at) : place;
    }
  };
  static constexpr Least kNone{.value = std::numeric_limits<double>::infinity(), .place = 0};
  Hourly<Least> onward;  // from here to the end of its block
  for (std::size_t begin = 0; begin < count; begin += width) {
    Least least = kNone;
    for (std::size_t i = std::min(begin + width, count); i-- > begin;) {
      least.take_if(values[i] <= least.value, values[i], i);
      onward[i] = least;
    }
  }
  for (std::size_t begin = 0; begin < count; begin += width) {
    const std::size_t end = std::min(begin + width, count);
    Least least = kNone;  // from its block's beginning to here
    for (std::size_t i = begin; i < end; ++i) {
      least.take_if(values[i] < least.value, values[i], i);
      if (i + 1 < width) continue;
      Least first = onward[i + 1 - width];
      first.take_if(least.value < first.value, least.value, least.place);
      places[i + 1 - width] = first.place;
    }
  }
}

}  // namespace

// Ready at any whole hour of the year, or on each day at one; then the cheapest whole hour within `wait`.
HourMeans SiteYear::look_at_the_year(int length, int wait, int ready_hour) const {
  const auto hours = static_cast<std::size_t>(length), waits = static_cast<std::size_t>(wait);
  const PrefixSum& cost = this->cost();
  Hourly<double> costs;
  for (std::size_t hour = 0; hour < kYearHours; ++hour) costs[hour] = cost.sum_of_hours(hour, hours);
  std::copy_n(costs.begin(), waits, costs.begin() + kYearHours);
  Hourly<std::uint32_t> start;
  least_of_windows(costs, waits + 1, start);
  Hourly<double> changes;  // of the runs under way, from hour to hour
  changes.fill(0);
  const auto count = [&](std::size_t at, double runs) {
    const std::size_t begin = at < kYearHours ? at : at - kYearHours, end = begin + hours;
    changes[begin] += runs;
    if (end >= kYearHours) changes[0] += runs;
    changes[end < kYearHours ? end : end - kYearHours] -= runs;
  };
  // Those who are ready one after the other mostly begin together.
  std::size_t begin = kMostHours;
  double together = 0;
  const bool any = ready_hour == kAnyHour;
  for (std::size_t ready = any ? 0 : static_cast<std::size_t>(ready_hour); ready < kYearHours;
       ready += any ? 1 : 24) {
    if (start[ready] != begin && together > 0) {
      count(begin, together);
      together = 0;
    }
    begin = start[ready];
    ++together;
  }
  count(begin, together);
  return weighted(changes);
}

const HourMeans& SiteYear::step(int length, int wait, int ready_hour) const {
  if (length >= kWeek.value || (wait == 0 && ready_hour == kAnyHour)) return year_;
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
  if (run.length >= kWeek || (!run.ready_hour && run.wait.value == 0)) return year_;
  const int ready_hour = run.ready_hour ? static_cast<int>(*run.ready_hour) % 24 : kAnyHour;
  const Rung wait = rung_of(kWaits, run.wait.value);
  HourMeans out = kNothing;
  const auto put = [&](double length, double share) {
    const Rung hours = rung_of(kLengths, length);
    for (const auto& [step_of, by_length] :
         {std::pair{hours.below, 1 - hours.share}, {hours.above, hours.share}}) {
      for (const auto& [waited, by_wait] :
           {std::pair{wait.below, 1 - wait.share}, {wait.above, wait.share}}) {
        const double weight = share * by_length * by_wait;
        if (weight > 0) add(out, step(step_of, waited, ready_hour), weight);
      }
    }
  };
  // Whole days see every hour of the day; which days they are matters the less the more there are.
  const double length = run.length.value, days = std::floor(length / 24), rest = length - 24 * days;
  const double whole = days * 24 / length, by_year = days > 0 ? whole * (days - 1) / 6 : 0;
  if (whole > 0) put(24, whole - by_year);
  if (by_year > 0) add(out, year_, by_year);
  if (rest > 0) put(rest, rest / length);
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
