// hinterland assess plan: what capacity that is put somewhere does to the regions that get it.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/assess.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/impact/plan_effect_page.hpp"
#include "hinterland/plan/study.hpp"
#include "hinterland/plan/verify_result.hpp"

namespace hinterland {

namespace {

struct PlanEffectVerbOptions {
  AtlasOptions atlas;
  PlanEffectOptions effect;
  std::string result, study, server, report;
  std::vector<std::string> fresh, filled;  // SITE=MW
  bool json = false, timing = false;
};

// What was named by hand.
Expected<PlannedCapacity> capacity_by_hand(const PlanEffectVerbOptions& options) {
  PlannedCapacity out;
  Errors errors;
  const auto add = [&](const std::vector<std::string>& texts, const char* flag,
                       Kilowatts SiteCapacity::* member) {
    for (const std::string& text : texts) {
      const auto named = parse_site_megawatts(text, flag);
      if (!named) {
        add_errors(errors, named.error());
        continue;
      }
      auto known = std::ranges::find(out.sites, named->first, &SiteCapacity::site);
      if (known == out.sites.end())
        known = out.sites.insert(known, {.site = named->first, .where = at_flag(flag, text), .served = {}});
      if ((*known).*member > Kilowatts{})
        add_error(errors, {.what = "names a site twice",
                           .where = at_flag(flag, text),
                           .mend = "Give the sum of its MW once."});
      (*known).*member = named->second;
    }
  };
  add(options.fresh, "--mw", &SiteCapacity::fresh);
  add(options.filled, "--fill", &SiteCapacity::filled);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return out;
}

// The capacities of a result; its assignments to the atlas join the user's, and its study says which servers are bought.
Expected<PlannedCapacity> capacity_of_result(PlanEffectVerbOptions& options) {
  const auto text = read_text(options.result);
  if (!text) return std::unexpected(text.error());
  auto capacity = parse_planned_capacity(*text, options.result);
  if (!capacity) return std::unexpected(capacity.error());
  const auto origin = read_origin(*text, options.result);
  if (!origin) return std::unexpected(origin.error());
  AtlasOptions from_result{.atlas = {}, .books = {}, .assignments = origin->assignments};
  const auto of_study = take_assignments(from_result, is_study_assignment);
  options.atlas.assignments.insert(options.atlas.assignments.begin(), from_result.assignments.begin(),
                                   from_result.assignments.end());
  if (!options.server.empty()) return capacity;
  const auto study = load_study(options.study.empty() ? origin->study : options.study, of_study);
  if (study) {
    options.server = study->server.text;
    return capacity;
  }
  Errors errors = study.error();
  add_error(errors, {.what = "the study of the result, which says what servers it buys, cannot be read",
                     .where = {.file = options.result, .field = "study"},
                     .mend = "Say where it is with --study, or name the servers with --server."});
  return std::unexpected(std::move(errors));
}

int run(PlanEffectVerbOptions options) {
  if (options.result.empty() == (options.fresh.empty() && options.filled.empty()))
    return report(
        Errors{{.what = "names no capacity, or two sorts of it",
                .where = {.file = "assess plan"},
                .mend = "Give a result of `hinterland plan --json`, or --mw SITE=MW and --fill SITE=MW."}});
  const auto capacity = options.result.empty() ? capacity_by_hand(options) : capacity_of_result(options);
  if (!capacity) return report(capacity.error());
  if (!options.server.empty()) options.effect.server.text = options.server;
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  const auto economy = national_economy(*atlas, large_data_folder());
  if (!economy) return report(economy.error());
  const RateYear rates = open_rates(*atlas, kWeatherSeed);
  TerminalProgress progress;
  const Stopwatch working;
  const auto effect = plan_effect(*atlas, *economy, rates, *capacity, options.effect, progress);
  if (!effect) return report(effect.error(), progress);
  if (options.timing)
    fmt::print(stderr, "{{\"effect_s\": {:.4f}, \"draws\": {}}}\n", working.seconds(), effect->drawn.size());
  const Page page = plan_effect_page(*atlas, *effect);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(plan_effect_json(*atlas, *effect));
  } else {
    print(page);
  }
  return effect->interrupted ? kInterrupted : kDone;
}

void add_megawatts(CLI::App& verb, const char* name, std::vector<std::string>& into, const char* doc) {
  verb.add_option(name, into, doc)->type_name("SITE=MW")->take_all()->expected(1)->allow_extra_args(false);
}

}  // namespace

void add_assess_plan(CLI::App& assess, int& exit_code) {
  auto options = std::make_shared<PlanEffectVerbOptions>();
  CLI::App* verb = assess.add_subcommand(
      "plan", "what a plan's capacity does to its regions: jobs, power, water, and what of the money stays");
  verb->add_option("result", options->result, "what `hinterland plan --json` printed")
      ->type_name("RESULT.json");
  add_megawatts(*verb, "--mw", options->fresh,
                "instead: IT power with a new building at a site of the atlas; may be repeated");
  add_megawatts(*verb, "--fill", options->filled,
                "instead, or too: servers for racks that stand empty there");
  verb->add_option("--server", options->server,
                   "server type of the atlas that is bought (default: the study's, else cpu-server)")
      ->type_name("TYPE");
  verb->add_option("--study", options->study, "instead of the file that the result names")
      ->type_name("STUDY.toml");
  add_band_options(*verb, options->effect.draws, options->effect.level, options->effect.seed);
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/assess-plan.schema.json)");
  verb->add_flag("--timing", options->timing, "say on standard error how long it took");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output breaks off (a full disk, a closed pipe), 130 "
      "interrupted (with the draws made).\n\n"
      "Needs $HINTERLAND_DATA, where the nation's input-output table is, or an atlas with one beside it.\n\n"
      "Examples:\n"
      "  $ hinterland assess plan --mw guian=300 --fill zhongwei=100\n"
      "  $ hinterland plan examples/edwc.toml --set days=2 --json > plan.json; hinterland assess plan "
      "plan.json --set staffing.china.staff_per_mw=3");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
