// Hourly weather from plain CSV with a header. Columns may stand in any order; others are ignored.
//
//   time       `time` or `datetime`: 2023-01-01T00, 2023-01-01 00:00 or 2023-01-01T00:00:00, of the local clock or,
//              with a Z behind it, UTC;  `utc_hour` or `utc_time`: UTC;  or `year`, `month`, `day`, `hour` (0 to 23),
//              local. A row is the hour that begins then. UTC needs utc_offset_h; an offset of half an hour puts a
//              reading into the hour of the local clock in which it falls.
//   temp_c     degC
//   rh_pct     %; where it is empty or no column, `dewpoint_c` (degC) gives 100 ps(dewpoint)/ps(T)
//   pressure_hpa or pressure_pa     of the station; without either, station_pressure_pa must be given
//
// Empty cells, NA and NaN are missing values. What else is refused or counted stands in weather_record.hpp.
#pragma once
#include "hinterland/facility/weather_record.hpp"

namespace hinterland {

// `file` names the text in errors.
Expected<WeatherRecord> parse_weather_csv(std::string_view text, const std::string& file,
                                          const WeatherOptions& options);

}  // namespace hinterland
