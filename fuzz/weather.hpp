// What the weather fuzzers share: the promises of a record, and of a refusal.
#pragma once
#include <cmath>

#include "fuzz/fuzz.hpp"
#include "hinterland/facility/weather_record.hpp"

namespace hinterland {

inline void promise_weather(const Expected<WeatherRecord>& record) {
  if (!record) return promise_errors(record.error());
  promise(!record->years.empty());
  for (const MeasuredYear& year : record->years) {
    promise(year.hours.size() == kYearHours);
    for (const WeatherHour& hour : year.hours) {
      promise(std::isfinite(hour.temperature_c) && std::isfinite(hour.pressure_pa) && hour.pressure_pa > 0);
      promise(hour.humidity_pct >= 0 && hour.humidity_pct <= 100);
    }
  }
}

// Patient enough that a few rows make a whole year.
inline constexpr WeatherOptions kPatient{.utc_offset_h = 5.5, .most_gap_h = 10000, .drop_leap_days = true};

}  // namespace hinterland
