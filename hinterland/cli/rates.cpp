// hinterland rates: the hourly rates of a site, as the price uses them.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <memory>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/cost/rates_page.hpp"

namespace hinterland {

namespace {

struct RatesOptions {
  AtlasOptions atlas;
  std::string site, out, report;
  std::uint64_t seed = kWeatherSeed;
  bool json = false, timing = false;
};

int run(const RatesOptions& options) {
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  const auto site = find_site(*atlas, {options.site}, "SITE");
  if (!site) return report(site.error());
  const Stopwatch working;
  const RateYear rates = open_rates(*atlas, options.seed);
  if (options.timing)
    fmt::print(stderr, "{{\"rates_s\": {:.4f}, \"sites\": {}}}\n", working.seconds(), atlas->sites.size());
  const SiteYear& year = rates.at((*site)->id);
  if (!options.out.empty()) {
    if (const auto written = write_text(options.out, rates_csv(*atlas, **site, year)); !written)
      return report(written.error());
  }
  const Page page = rates_page(*atlas, **site, year);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(rates_json(*atlas, **site, year));
  } else {
    print(page);
  }
  return kDone;
}

}  // namespace

void add_rates(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<RatesOptions>();
  CLI::App* verb = app.add_subcommand("rates", "what an hour of power costs, emits and evaporates at a site");
  verb->add_option("site", options->site, "a site of the atlas")->required()->type_name("SITE");
  verb->add_option("--out", options->out, "write the 8,760 hours as CSV")->type_name("FILE.csv");
  add_seed_option(*verb, options->seed, "of the typical year of weather that is drawn");
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/rates.schema.json)");
  verb->add_flag("--timing", options->timing, "say on standard error how long the rates of all sites took");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output cannot be written.\n\n"
      "Examples:\n"
      "  $ hinterland rates metro-shanghai\n"
      "  $ hinterland rates guian --json");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
