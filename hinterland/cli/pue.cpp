// hinterland pue: what a site's plant draws and evaporates through a year of weather.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "hinterland/atlas/site_plant.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/hours.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/report.hpp"

namespace hinterland {

namespace {

struct PueOptions {
  AtlasOptions atlas;
  HoursOptions hours;
  std::string system;
  std::optional<double> load;
  std::string report;
  bool json = false, timing = false;
};

int run(const PueOptions& options) {
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  const Stopwatch hours;
  const auto weather = open_hours(*atlas, options.hours);
  if (!weather) return report(weather.error());
  const double weather_s = hours.seconds();
  const auto plant =
      find_plant(*atlas, options.system.empty() ? weather->site->cooling.text : options.system, "--system");
  if (!plant) return report(plant.error());
  const Stopwatch running;
  const PlantYear year = run_plant(**plant, weather->years, options.load.value_or(weather->site->power_load));
  const double plant_s = running.seconds();
  const auto ranking = same_plant_everywhere(*atlas, **plant, year.load, options.hours.seed);
  const Page page = pue_page(*atlas, *weather, year, ranking);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(pue_json(*atlas, *weather, year, ranking));
  } else {
    print(page);
  }
  if (options.timing) {
    fmt::print(stderr, "{{\"weather_s\": {:.5f}, \"plant_s\": {:.5f}, \"hours\": {}}}\n", weather_s, plant_s,
               year.hours.pue.size());
  }
  return kDone;
}

}  // namespace

void add_pue(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PueOptions>();
  CLI::App* verb =
      app.add_subcommand("pue", "PUE and water of a site, hour by hour, and of its plant elsewhere");
  add_hours_options(*verb, options->hours);
  verb->add_option("--system", options->system,
                   "airside, evaporative, seawater, chiller or another plant of the atlas "
                   "(default: the site's)")
      ->type_name("PLANT");
  verb->add_option("--load", options->load, "IT power / design IT power (default: the site's power_load)")
      ->check(number_above_zero(1))
      ->type_name("SHARE");
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/pue.schema.json)");
  verb->add_flag("--timing", options->timing, "say on standard error how long weather and plant took");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output cannot be written.\n\n"
      "Examples:\n"
      "  $ hinterland pue guian\n"
      "  $ hinterland pue metro-shanghai --system evaporative --load 0.6\n"
      "  $ hinterland pue zhongwei --set plants.airside.supply_air_high_c=27 --json");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
