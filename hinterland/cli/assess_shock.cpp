// hinterland assess shock: what a shock costs the regions, and what capacity and stocks kept against it are worth.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <memory>

#include "hinterland/cli/assess.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/impact/shock_page.hpp"

namespace hinterland {

namespace {

struct ShockVerbOptions {
  AtlasOptions atlas;
  ShockOptions study;
  std::string scenario, report;
  bool json = false, timing = false;
};

int run(ShockVerbOptions options) {
  const auto shock = load_shock(options.scenario, take_assignments(options.atlas, is_shock_assignment));
  if (!shock) return report(shock.error());
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  const auto economy = national_economy(*atlas, large_data_folder());
  if (!economy) return report(economy.error());
  TerminalProgress progress;
  const Stopwatch working;
  const auto study = study_shock(*atlas, *economy, *shock, options.study, progress);
  if (!study) return report(study.error(), progress);
  if (options.timing)
    fmt::print(stderr, "{{\"shock_s\": {:.4f}, \"cpu_s\": {:.4f}, \"draws\": {}}}\n", working.seconds(),
               progress.cpu_seconds(), study->draws + study->left_out);
  const Page page = shock_page(*atlas, *study);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(shock_json(*atlas, *study));
  } else {
    print(page);
  }
  return study->interrupted ? kInterrupted : kDone;
}

}  // namespace

void add_assess_shock(CLI::App& assess, int& exit_code) {
  auto options = std::make_shared<ShockVerbOptions>();
  CLI::App* verb = assess.add_subcommand(
      "shock",
      "what a shock costs along supply chains, and what a backup zone or stocks are worth against it");
  verb->add_option("scenario", options->scenario,
                   "what is lost, where and for how long (`hinterland fields shock` says what is in it)")
      ->required()
      ->type_name("SCENARIO.toml");
  add_band_options(*verb, options->study.draws, options->study.level, options->study.seed);
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/assess-shock.schema.json)");
  verb->add_flag("--timing", options->timing, "say on standard error how long it took");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output breaks off (a full disk, a closed pipe), 130 "
      "interrupted (with the draws made).\n\n"
      "Needs $HINTERLAND_DATA, where the nation's input-output table is, or an atlas with one beside it.\n"
      "--set changes values of the scenario (exports.orders.lost=0.5) as well as of the atlas.\n\n"
      "Examples:\n"
      "  $ hinterland assess shock examples/coast-shock.toml --draws 50\n"
      "  $ hinterland assess shock examples/coast-shock.toml --draws 0 --set zones.guian.mw=600 --set "
      "per_year=0.2");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
