#include "hinterland/facility/facility_year.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hinterland/facility/plant_hour.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kSeaHours = std::size_t{30} * 24;
constexpr double kSeaFreezesC = -1.8;

double mean(const std::vector<double>& values) {
  if (values.empty()) return 0;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

FacilityYear run_year(const Plant& plant, const WeatherYear& weather, double load) {
  const PlantAtLoad loaded = at_load(plant, load);
  const bool by_sea = plant.system == CoolingSystem::seawater;
  const std::vector<double> sea = by_sea ? sea_from_air(weather) : std::vector<double>{};
  FacilityYear year;
  year.pue.reserve(weather.size());
  year.wue_l_per_kwh.reserve(weather.size());
  std::size_t chilled = 0;
  for (std::size_t i = 0; i < weather.size(); ++i) {
    const PlantHour hour = run_hour(loaded, weather[i], by_sea ? sea[i] : 0);
    year.pue.push_back(pue(hour));
    year.wue_l_per_kwh.push_back(wue(hour));
    if (hour.chiller_share > 0) ++chilled;
  }
  if (!weather.empty()) {
    year.chiller_hours_share = static_cast<double>(chilled) / static_cast<double>(weather.size());
  }
  return year;
}

std::vector<double> sea_from_air(const WeatherYear& weather) {
  const std::size_t n = weather.size(), window = std::min(kSeaHours, n);
  std::vector<double> sea(n);
  if (n == 0) return sea;
  // The window of hour i: from i - window/2, window hours long, round the year.
  double sum = 0;
  for (std::size_t k = 0; k < window; ++k) sum += weather[(n - window / 2 + k) % n].temperature_c;
  for (std::size_t i = 0; i < n; ++i) {
    sea[i] = std::max(sum / static_cast<double>(window), kSeaFreezesC);
    const std::size_t first = (i + n - window / 2) % n;
    sum += weather[(first + window) % n].temperature_c - weather[first].temperature_c;
  }
  return sea;
}

double quantile(std::vector<double> values, double share) {
  const double rank = share * static_cast<double>(values.size() - 1);
  const auto below = values.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(values.begin(), below, values.end());
  const double low = *below;
  if (below + 1 == values.end()) return low;
  const double high = *std::min_element(below + 1, values.end());
  return low + (rank - std::floor(rank)) * (high - low);
}

YearSummary summarize(const FacilityYear& year) {
  if (year.pue.empty()) return {};
  return {.pue_mean = mean(year.pue),
          .pue_p95 = quantile(year.pue, 0.95),
          .pue_p99 = quantile(year.pue, 0.99),
          .wue_mean = mean(year.wue_l_per_kwh),
          .chiller_hours_share = year.chiller_hours_share};
}

}  // namespace hinterland
