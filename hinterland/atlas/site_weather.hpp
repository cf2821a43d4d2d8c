// The weather of a site: drawn from its station's climate, or read from a file of measured hours.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/facility/weather_record.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// Something to know of a file's hours; note_words() says it.
struct WeatherNote {
  enum class What { station, interpolated, leap_days_left_out, saturated, wrapped };
  What what = What::interpolated;
  std::size_t count = 0;  // of values or hours
  std::string station;    // the file's own, and how far from the site it lies
  Kilometres away;
};

struct SiteWeather {
  const Site* site = nullptr;
  std::vector<WeatherYear> years;  // at least one
  std::uint64_t seed = 0;          // of a drawn year
  std::string file;                // of measured years; empty: drawn
  std::vector<WeatherNote> notes;  // what was done to the file's hours, if anything
};

// Typical years of a climate: years 0, 1, ... of the seed, without what sets one year apart from another. The first is
// typical_weather.
std::vector<WeatherYear> typical_years(const Climate& climate, std::uint64_t seed, std::size_t count);

// A typical year of the site's station.
SiteWeather drawn_weather(const Atlas& atlas, const Site& site, std::uint64_t seed);

// What was read from `file`, taken for the site.
SiteWeather measured_weather(const Site& site, std::string file, const WeatherRecord& record);

// Months against the normals, extremes, days and hours of the year, and where the station lies.
Page weather_page(const Atlas& atlas, const SiteWeather& weather);
std::string weather_json(const Atlas& atlas, const SiteWeather& weather);  // data/schema/weather.schema.json

// Where the weather comes from, in one line: "typical year of Guiyang (57816), seed 1".
std::string weather_origin(const Atlas& atlas, const SiteWeather& weather);

}  // namespace hinterland
