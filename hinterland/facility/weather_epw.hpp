// Hourly weather from EnergyPlus's EPW: eight header lines, then 8,760 rows of 35 fields.
//
// LOCATION (line 1) gives place, UTC offset and elevation; DATA PERIODS (line 8) must say one record an hour. Of a row:
// month (2), day (3), hour 1 to 24 (4; hour 1 begins at 00:00 local standard time), minute (5; the same in all rows), dry bulb
// (7, 99.9 missing), humidity (9, 999 missing), station pressure (10, 999999 missing), fields counted from 1. The months of a typical
// year come from different years, so the year (1) is not read, and WeatherOptions::year and utc_offset_h mean nothing.
//
// Format: EnergyPlus Auxiliary Programs, "EnergyPlus Weather File (EPW) Data Dictionary".
#pragma once
#include "hinterland/facility/weather_record.hpp"

namespace hinterland {

// The record's one year has the number 0. `file` names the text in errors.
Expected<WeatherRecord> parse_weather_epw(std::string_view text, const std::string& file,
                                          const WeatherOptions& options);

}  // namespace hinterland
