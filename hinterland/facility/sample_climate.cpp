#include "hinterland/facility/sample_climate.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/facility/psychrometrics.hpp"

namespace hinterland {

namespace {

// Sum and sum of squares of what is counted.
struct Moments {
  double n = 0, sum = 0, squares = 0;

  void add(double value) {
    n += 1;
    sum += value;
    squares += value * value;
  }
  [[nodiscard]] double mean() const { return n > 0 ? sum / n : 0; }
  [[nodiscard]] double variance() const {
    return n > 1 ? std::max((squares - sum * sum / n) / (n - 1), 0.0) : 0;
  }
};

struct Month {
  Moments hours, vapour, pressure, highest, lowest, year_means, year_variances;
};

void add_month(const WeatherYear& year, std::size_t m, Month& month) {
  Moments daily;
  for (std::size_t day = first_hour(m); day < first_hour(m + 1); day += 24) {
    Moments hours;
    double highest = year[day].temperature_c, lowest = highest;
    for (std::size_t i = day; i < day + 24; ++i) {
      const double t = year[i].temperature_c;
      hours.add(t);
      month.hours.add(t);
      month.vapour.add(year[i].humidity_pct / 100 * saturation_pressure(t));
      month.pressure.add(year[i].pressure_pa);
      highest = std::max(highest, t);
      lowest = std::min(lowest, t);
    }
    daily.add(hours.mean());
    month.highest.add(highest);
    month.lowest.add(lowest);
  }
  month.year_means.add(daily.mean());
  month.year_variances.add(daily.variance());
}

}  // namespace

Climate sample_climate(const std::vector<WeatherYear>& years, double latitude_deg, double longitude_deg,
                       double utc_offset_h) {
  Climate climate{.latitude_deg = latitude_deg,
                  .longitude_deg = longitude_deg,
                  .utc_offset_h = utc_offset_h,
                  .months = {}};
  for (std::size_t m = 0; m < 12; ++m) {
    Month month;
    for (const WeatherYear& year : years) add_month(year, m, month);
    climate.months[m] = {.mean_c = month.hours.mean(),
                         .daily_sd_c = std::sqrt(month.year_variances.mean()),
                         .interannual_sd_c = std::sqrt(month.year_means.variance()),
                         .daily_max_c = month.highest.mean(),
                         .daily_min_c = month.lowest.mean(),
                         .vapour_pressure_hpa = month.vapour.mean() / 100,
                         .station_pressure_hpa = month.pressure.mean() / 100};
  }
  return climate;
}

}  // namespace hinterland
