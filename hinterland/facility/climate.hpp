// The climate of a place: twelve monthly normals, from which the generator draws hourly years.
#pragma once
#include <array>
#include <cstdint>

#include "hinterland/facility/weather.hpp"

namespace hinterland {

// What a CLIMAT report tells of a month, averaged over years.
struct MonthNormal {
  double mean_c = 0;            // mean temperature
  double daily_sd_c = 0;        // standard deviation of the daily means within the month
  double interannual_sd_c = 0;  // of the month's mean, from year to year
  double daily_max_c = 0;       // mean daily maximum
  double daily_min_c = 0;       // mean daily minimum
  double vapour_pressure_hpa = 0;
  double station_pressure_hpa = 0;
  double vapour_correction = 0;  // f_m of the generator (calibrate_vapour), added to ln e
};

struct Climate {
  double latitude_deg = 0, longitude_deg = 0;
  double utc_offset_h = 0;  // of the clock in which the hours count
  std::array<MonthNormal, 12> months;
};

// A drawn year. Same climate, seed and year: the same hours. `year` numbers the years of one seed.
WeatherYear generate_weather(const Climate& climate, std::uint64_t seed, std::uint64_t year = 0);

// A typical year: the same without offsets from year to year (interannual_sd_c taken as 0).
WeatherYear typical_weather(const Climate& climate, std::uint64_t seed);

// The corrections f_m for which generated vapour pressure has the normals' monthly means, on a calibration sample with
// a stream of its own; what the atlas stores in vapour_correction.
std::array<double, 12> calibrate_vapour(const Climate& climate);

}  // namespace hinterland
