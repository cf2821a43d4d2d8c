// The hours of weather a verb works on: drawn from the site's station, or read from a file.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "hinterland/atlas/site_weather.hpp"
#include "hinterland/cli/verbs.hpp"

namespace hinterland {

struct HoursOptions {
  std::string site, file;
  std::uint64_t seed = 1;
  std::optional<int> year;
  std::optional<double> pressure_hpa;
  int gap_hours = 0;
  bool drop_leap_days = false;
};

// SITE, --hours, --seed, and what a file of hours needs.
void add_hours_options(CLI::App& verb, HoursOptions& options);

// The site's weather as the options want it.
Expected<SiteWeather> open_hours(const Atlas& atlas, const HoursOptions& options);

}  // namespace hinterland
