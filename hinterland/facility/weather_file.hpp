// Hourly weather from a file, gzipped or not: EPW if it begins with LOCATION or is named .epw, else plain CSV.
#pragma once
#include "hinterland/facility/weather_record.hpp"

namespace hinterland {

Expected<WeatherRecord> read_weather(const std::string& path, const WeatherOptions& options);

// The same of text already read; `file` names it in errors.
Expected<WeatherRecord> parse_weather(std::string_view text, const std::string& file,
                                      const WeatherOptions& options);

}  // namespace hinterland
