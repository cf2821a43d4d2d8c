// hinterland assess talent: skilled people of a site, and how fast it can start up with them.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <memory>
#include <optional>

#include "hinterland/cli/assess.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/impact/hub_talent_page.hpp"

namespace hinterland {

namespace {

constexpr double kMostDraws = 1e6, kMostMegawatts = 1e6, kMostYears = 100;

struct TalentOptions {
  AtlasOptions atlas;
  HubTalentQuestion question;
  std::string report;
  std::optional<double> wanted_mw;
  bool json = false;
};

int run(TalentOptions options) {
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  if (options.wanted_mw) options.question.wanted = Kilowatts{*options.wanted_mw * kKilowattsPerMegawatt};
  TerminalProgress progress;
  const auto result = hub_talent(*atlas, options.question, progress);
  if (!result) return report(result.error(), progress);
  const Page page = hub_talent_page(*result);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(hub_talent_json(*result));
  } else {
    print(page);
  }
  return kDone;
}

}  // namespace

void add_assess_talent(CLI::App& assess, int& exit_code) {
  auto options = std::make_shared<TalentOptions>();
  CLI::App* verb = assess.add_subcommand(
      "talent", "skilled people of a site as a stock with flows: how fast it can start up, what pay stays");
  verb->add_option("site", options->question.site.text, "a site of the atlas")->required()->type_name("SITE");
  verb->add_option("--mw", options->wanted_mw,
                   "IT power wanted beyond what runs (default: what stands unsold)")
      ->check(number_above_zero(kMostMegawatts))
      ->type_name("MW");
  verb->add_option("--years", options->question.years, "how far to look ahead")
      ->check(number_above_zero(kMostYears))
      ->capture_default_str();
  verb->add_option("--plan-years", options->question.plan_years,
                   "over which a plan's ramp has the mean of the fill, and its limit the rate")
      ->check(number_above_zero(kMostYears))
      ->capture_default_str();
  add_band_options(*verb, options->question.draws, options->question.level, options->question.seed,
                   {100, kMostDraws});
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/assess-talent.schema.json)");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output breaks off (a full disk, a closed pipe), 130 "
      "interrupted.\n\n"
      "Examples:\n"
      "  $ hinterland assess talent guian\n"
      "  $ hinterland assess talent zhongwei --mw 500 --plan-years 3 --set "
      "skilled_flows.china.retention=0.6");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
