#include "hinterland/facility/facility_year.hpp"

#include <algorithm>

#include "hinterland/base/sample.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kSeaHours = std::size_t{30} * 24;
constexpr double kSeaFreezesC = -1.8;

void add_year(const PlantAtLoad& plant, const WeatherYear& weather, FacilityYears& out) {
  const bool by_sea = plant.system == CoolingSystem::seawater;
  const std::vector<double> sea = by_sea ? sea_from_air(weather) : std::vector<double>{};
  for (std::size_t i = 0; i < weather.size(); ++i) {
    const PlantHour hour = run_hour(plant, weather[i], by_sea ? sea[i] : 0);
    out.hours.pue.push_back(pue(hour));
    out.hours.wue_l_per_kwh.push_back(wue(hour));
    out.hours.chiller_hours_share += hour.chiller_share > 0 ? 1 : 0;
    for (const auto part : kPowersAndWaters) out.mean.*part += hour.*part;
    out.mean.chiller_share += hour.chiller_share;
  }
}

}  // namespace

FacilityYear run_year(const Plant& plant, const WeatherYear& weather, double load) {
  return run_years(plant, {&weather, 1}, load).hours;
}

FacilityYears run_years(const Plant& plant, std::span<const WeatherYear> years, double load) {
  FacilityYears out;
  out.hours.pue.reserve(years.size() * kYearHours);
  out.hours.wue_l_per_kwh.reserve(years.size() * kYearHours);
  const PlantAtLoad loaded = at_load(plant, load);
  for (const WeatherYear& year : years) add_year(loaded, year, out);
  if (out.hours.pue.empty()) return out;
  // Up to here these are sums.
  const auto hours = static_cast<double>(out.hours.pue.size());
  out.hours.chiller_hours_share /= hours;
  for (const auto part : kPowersAndWaters) out.mean.*part /= hours;
  out.mean.chiller_share /= hours;
  return out;
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

YearSummary summarize(const FacilityYear& year) {
  if (year.pue.empty()) return {};
  return {.pue_mean = mean(year.pue),
          .pue_p95 = quantile(year.pue, 0.95),
          .pue_p99 = quantile(year.pue, 0.99),
          .wue_mean = mean(year.wue_l_per_kwh),
          .chiller_hours_share = year.chiller_hours_share};
}

}  // namespace hinterland
