// hinterland weather: a site's hours against its station's normals.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <memory>

#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/hours.hpp"
#include "hinterland/cli/report.hpp"

namespace hinterland {

namespace {

struct WeatherVerbOptions {
  AtlasOptions atlas;
  HoursOptions hours;
  std::string report;
  bool json = false;
};

int run(const WeatherVerbOptions& options) {
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  const auto weather = open_hours(*atlas, options.hours);
  if (!weather) return report(weather.error());
  const Page page = weather_page(*atlas, *weather);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(weather_json(*atlas, *weather));
  } else {
    print(page);
  }
  return kDone;
}

}  // namespace

void add_weather(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<WeatherVerbOptions>();
  CLI::App* verb = app.add_subcommand("weather", "the hours of a site's year, and where they come from");
  add_hours_options(*verb, options->hours);
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/weather.schema.json)");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output cannot be written.\n\n"
      "Examples:\n"
      "  $ hinterland weather guian\n"
      "  $ hinterland weather horinger --seed 7 --json");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
