#include "hinterland/cli/hours.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Option.hpp>

#include "hinterland/base/time.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/facility/weather_file.hpp"

namespace hinterland {

void add_hours_options(CLI::App& verb, HoursOptions& options) {
  verb.add_option("site", options.site, "a site of the atlas")->required()->type_name("SITE");
  CLI::Option* file =
      verb.add_option("--hours", options.file, "measured hours, EPW or CSV (default: a typical year)")
          ->type_name("FILE");
  add_seed_option(verb, options.seed, "of the typical year that is drawn");
  verb.add_option("--year", options.year, "one year of a file of several (default: all)")->needs(file);
  verb.add_option("--pressure-hpa", options.pressure_hpa,
                  "taken instead of the file's pressure, such as where that is reduced to the sea")
      ->check(number_from(300, 1100))
      ->needs(file);
  verb.add_option("--fill-gaps", options.gap_hours,
                  "fill gaps of up to so many hours, linearly (default: refuse them)")
      ->check(CLI::Range(0, 72))
      ->type_name("HOURS")
      ->needs(file);
  verb.add_flag("--drop-leap-days", options.drop_leap_days, "leave out a file's 29 February")->needs(file);
}

Expected<SiteWeather> open_hours(const Atlas& atlas, const HoursOptions& options) {
  const auto site = find_site(atlas, {options.site}, "SITE");
  if (!site) return std::unexpected(site.error());
  if (options.file.empty()) return drawn_weather(atlas, **site, options.seed);
  WeatherOptions wanted{.year = options.year,
                        .utc_offset_h = standard_offset(atlas.country().time_zone).value,
                        .most_gap_h = options.gap_hours,
                        .drop_leap_days = options.drop_leap_days};
  if (options.pressure_hpa) wanted.station_pressure_pa = 100 * *options.pressure_hpa;
  const auto record = read_weather(options.file, wanted);
  if (!record) return std::unexpected(record.error());
  return measured_weather(**site, options.file, *record);
}

}  // namespace hinterland
