#include "hinterland/cost/site_year.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <mutex>
#include <tuple>

namespace hinterland {

struct SiteYear::Memo {
  using Key = std::tuple<double, int, double>;  // length, wait, ready hour (-1: any)
  std::mutex mutex;
  std::map<Key, HourMeans> known;
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

// Whole hours below 50, then steps of 2 %.
double rounded(double hours) {
  if (hours < 50) return std::round(hours);
  return std::exp(std::round(std::log(hours / 50) / 0.02) * 0.02) * 50;
}

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
      memo_(std::make_shared<Memo>()) {
  if (!hours_.marginal.empty()) {
    marginal_ = PrefixSum(hours_.marginal);
    marginal_overhead_ = with_overhead(hours_.marginal, 0, hours_.overhead);
  }
  year_ = over({0}, kYear);
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

double SiteYear::cost(Hours from, Hours length) const {
  return level_.value * (tariff_.sum(from, length) + k_ * tariff_overhead_.sum(from, length)) +
         fixed_.sum(from, length) + k_ * fixed_overhead_.sum(from, length);
}

// The mean of the means over runs that begin `times[h]` times at the whole hour h.
HourMeans SiteYear::over_starts(const std::vector<int>& times, Hours length) const {
  HourMeans out{.tariff = 0, .carbon = 0};
  double runs = 0, marginal = 0, marginal_overhead = 0;
  for (std::size_t hour = 0; hour < times.size(); ++hour) {
    if (times[hour] == 0) continue;
    const double n = times[hour];
    const HourMeans one = over({static_cast<double>(hour)}, length);
    runs += n;
    for (double HourMeans::* part :
         {&HourMeans::overhead, &HourMeans::tariff, &HourMeans::tariff_overhead, &HourMeans::fixed,
          &HourMeans::fixed_overhead, &HourMeans::carbon, &HourMeans::carbon_overhead, &HourMeans::water})
      out.*part += n * one.*part;
    marginal += n * one.marginal.value_or(0);
    marginal_overhead += n * one.marginal_overhead.value_or(0);
  }
  for (double HourMeans::* part :
       {&HourMeans::overhead, &HourMeans::tariff, &HourMeans::tariff_overhead, &HourMeans::fixed,
        &HourMeans::fixed_overhead, &HourMeans::carbon, &HourMeans::carbon_overhead, &HourMeans::water})
    out.*part /= runs;
  if (marginal_) {
    out.marginal = marginal / runs;
    out.marginal_overhead = marginal_overhead / runs;
  }
  return out;
}

// Ready at any whole hour of the year, or on each day at one; then the cheapest whole hour within `wait`: the least of
// a window that slides over the year once.
HourMeans SiteYear::look_at_the_year(Hours length, int wait, std::optional<double> ready_hour) const {
  std::vector<double> costs(kHours);
  for (int hour = 0; hour < kHours; ++hour)
    costs[static_cast<std::size_t>(hour)] = cost({hour * 1.0}, length);
  std::vector<int> times(kHours, 0);
  std::deque<int> least;  // hours of rising cost, the least in front; of equals the earliest
  const auto at = [&](int hour) { return costs[static_cast<std::size_t>(hour % kHours)]; };
  const int daily = ready_hour ? static_cast<int>(*ready_hour) % 24 : -1;
  for (int hour = 0; hour < kHours + wait; ++hour) {
    while (!least.empty() && at(least.back()) > at(hour)) least.pop_back();
    least.push_back(hour);
    const int ready = hour - wait;
    while (least.front() < ready) least.pop_front();
    if (ready >= 0 && (daily < 0 || ready % 24 == daily))
      ++times[static_cast<std::size_t>(least.front() % kHours)];
  }
  return over_starts(times, length);
}

// Ready at one moment: it may begin then, or at a whole hour within its wait.
HourMeans SiteYear::over_from(Hours start, Hours wait, Hours length) const {
  Hours best = start;
  for (double hour = std::floor(start.value) + 1; hour <= start.value + wait.value; ++hour) {
    if (cost({hour}, length) < cost(best, length)) best = {hour};
  }
  return over(best, length);
}

HourMeans SiteYear::over(const Run& run) const {
  if (run.start) return over_from(*run.start, run.wait, run.length);
  const int wait = static_cast<int>(rounded(run.wait.value));
  // Whatever runs a whole year sees each hour once, and so, on average, does what may begin in any hour.
  if (run.length >= kYear || (!run.ready_hour && wait == 0)) return year_;
  const double length = std::max(1.0, rounded(run.length.value));
  const Memo::Key key{length, wait, run.ready_hour.value_or(-1)};
  const std::lock_guard lock(memo_->mutex);
  const auto [entry, fresh] = memo_->known.try_emplace(key);
  if (fresh) entry->second = look_at_the_year({length}, wait, run.ready_hour);
  return entry->second;
}

SiteYear SiteYear::flattened() const {
  const auto flat = [](const std::vector<double>& hours, double mean) {
    return hours.empty() ? hours : std::vector<double>(hours.size(), mean);
  };
  SiteHours hours{.overhead = flat(hours_.overhead, year_.overhead),
                  .tariff = flat(hours_.tariff, year_.tariff),
                  .fixed = flat(hours_.fixed, year_.fixed),
                  .carbon = flat(hours_.carbon, year_.carbon),
                  .carbon_is_level = hours_.carbon_is_level,
                  .water = flat(hours_.water, year_.water),
                  .marginal = flat(hours_.marginal, year_.marginal.value_or(0))};
  return {std::move(hours), level_, k_};
}

}  // namespace hinterland
