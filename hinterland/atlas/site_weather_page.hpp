// What the pages of a site's weather and of its plant say alike, in both languages.
#pragma once
#include <optional>

#include "hinterland/atlas/site_weather.hpp"

namespace hinterland {

// weather_origin() in words.
Words origin_words(const Atlas& atlas, const SiteWeather& weather);

// "1,234 values interpolated".
Words note_words(const WeatherNote& note);
std::vector<std::string> english_notes(const SiteWeather& weather);  // as JSON has them

// Where the mean pressure of a file is over 3 % from the station's normal: pressure that was reduced to the sea's level
// is a common trap, and `--pressure-hpa` the way out. Nothing of a drawn year.
std::optional<Words> pressure_note(const Atlas& atlas, const SiteWeather& weather);

// A note in the atlas's own words, which are English: what stands behind the Chinese says so.
std::string quoted_zh(const std::string& note);

}  // namespace hinterland
