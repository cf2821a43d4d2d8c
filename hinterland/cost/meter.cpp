#include "hinterland/cost/meter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hinterland {

namespace {

constexpr Hours kMonthHours{kYear.value / 12};

}  // namespace

Money demand_charge(std::span<const Kilowatts> kilowatts, MoneyPerKwMonth price) {
  if (kilowatts.empty()) return {};
  return *std::ranges::max_element(kilowatts) * price;
}

MoneyPerKwh demand_share(MoneyPerKwMonth price, double load_factor) {
  return (1 / load_factor) * (price / kMonthHours);
}

GbPerHour percentile_95(std::span<const GbPerHour> samples) {
  if (samples.empty()) return {};
  std::vector<GbPerHour> sorted(samples.begin(), samples.end());
  const std::size_t rank = (95 * sorted.size() + 99) / 100;  // ceil(0.95 n), in whole numbers
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(sorted, at);
  return *at;
}

std::vector<Money> shared_by_use(Money bill, std::span<const double> use) {
  const double all = std::accumulate(use.begin(), use.end(), 0.0);
  std::vector<Money> parts;
  parts.reserve(use.size());
  for (const double one : use) {
    parts.push_back((all > 0 ? one / all : 1 / static_cast<double>(use.size())) * bill);
  }
  return parts;
}

}  // namespace hinterland
