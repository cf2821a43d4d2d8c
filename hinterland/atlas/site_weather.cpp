#include "hinterland/atlas/site_weather.hpp"

#include <fmt/format.h>

namespace hinterland {

std::vector<WeatherYear> typical_years(const Climate& climate, std::uint64_t seed, std::size_t count) {
  std::vector<WeatherYear> years;
  for (std::size_t year = 0; year < count; ++year) years.push_back(typical_weather(climate, seed, year));
  return years;
}

SiteWeather drawn_weather(const Atlas& atlas, const Site& site, std::uint64_t seed) {
  return {.site = &site,
          .years = typical_years(climate_of(atlas, site), seed, 1),
          .seed = seed,
          .file = {},
          .notes = {}};
}

SiteWeather measured_weather(const Site& site, std::string file, const WeatherRecord& record) {
  SiteWeather weather{.site = &site, .years = {}, .seed = 0, .file = std::move(file), .notes = {}};
  for (const MeasuredYear& year : record.years) weather.years.push_back(year.hours);
  if (record.station) {
    const Coordinates there{record.station->latitude_deg, record.station->longitude_deg};
    weather.notes.push_back({.what = WeatherNote::What::station,
                             .count = 0,
                             .station = record.station->name,
                             .away = great_circle(site.at(), there)});
  }
  const auto note = [&](WeatherNote::What what, std::size_t count) {
    if (count > 0) weather.notes.push_back({.what = what, .count = count, .station = {}, .away = {}});
  };
  note(WeatherNote::What::interpolated, record.filled_values);
  note(WeatherNote::What::leap_days_left_out, record.dropped_hours);
  note(WeatherNote::What::saturated, record.saturated_hours);
  note(WeatherNote::What::wrapped, record.wrapped_hours);
  return weather;
}

std::string weather_origin(const Atlas& atlas, const SiteWeather& weather) {
  if (!weather.file.empty()) {
    return fmt::format("{}, {} year{} of hours", weather.file, weather.years.size(),
                       weather.years.size() == 1 ? "" : "s");
  }
  const Station& station = atlas.stations.at(weather.site->climate_station);
  return fmt::format("typical year of {} ({}), drawn from its monthly normals, seed {}", station.name,
                     station.id.text, weather.seed);
}

}  // namespace hinterland
