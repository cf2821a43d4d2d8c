#include "hinterland/facility/weather_file.hpp"

#include "hinterland/base/file.hpp"
#include "hinterland/facility/weather_csv.hpp"
#include "hinterland/facility/weather_epw.hpp"

namespace hinterland {

Expected<WeatherRecord> parse_weather(std::string_view text, const std::string& file,
                                      const WeatherOptions& options) {
  const bool epw = text.starts_with("LOCATION,") || file.ends_with(".epw") || file.ends_with(".EPW");
  return epw ? parse_weather_epw(text, file, options) : parse_weather_csv(text, file, options);
}

Expected<WeatherRecord> read_weather(const std::string& path, const WeatherOptions& options) {
  const auto text = read_text(path);
  if (!text) return std::unexpected(text.error());
  return parse_weather(*text, path, options);
}

}  // namespace hinterland
