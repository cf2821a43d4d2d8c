// hinterland fill: which work could fill the servers that stand idle at a site, and at what price?
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "hinterland/base/number.hpp"
#include "hinterland/cli/bases.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/judge/fill_page.hpp"

namespace hinterland {

namespace {

struct FillOptions {
  AtlasOptions atlas;
  std::string site, home = "built", idle_mw;
  std::vector<std::string> classes, from, servers;
  ChargeOptions charges;
  std::size_t top = 12;
  std::int64_t draws = 1000;
  std::uint64_t seed = 1;
  std::string report;
  bool json = false;
};

Expected<std::vector<Workload>> load_classes(const FillOptions& options) {
  Errors errors;
  std::vector<Workload> classes;
  for (const std::string& name : options.classes.empty() ? preset_names(presets_folder()) : options.classes) {
    auto workload = load_workload(name, presets_folder());
    if (!workload) {
      add_errors(errors, workload.error());
      continue;
    }
    classes.push_back(std::move(*workload));
  }
  if (const auto set = set_workloads(classes, options.atlas.assignments); !set && !classes.empty())
    add_errors(errors, set.error());
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return classes;
}

Expected<std::optional<Kilowatts>> parse_idle(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto megawatts = parse_number(text);
  if (megawatts && *megawatts > 0) return Kilowatts{*megawatts * kKilowattsPerMegawatt};
  return failure({.what = in_quotes(text) + " is no number above 0",
                  .where = {.file = "--idle"},
                  .mend = "Give the IT power of the idle servers in MW, such as 4."});
}

Expected<FillQuestion> question_of(const FillOptions& options) {
  Errors errors;
  const auto keep = [&](const auto& result) {
    if (!result) add_errors(errors, result.error());
  };
  auto classes = load_classes(options);
  const auto home = parse_capacity(options.home, "--home", false);
  const auto idle = parse_idle(options.idle_mw);
  keep(classes);
  keep(home);
  keep(idle);
  if (!errors.empty()) return std::unexpected(std::move(errors));
  FillQuestion question{.site = {options.site},
                        .classes = std::move(*classes),
                        .home = *home,
                        .charges = charges_of(options.charges),
                        .idle = *idle};
  for (const std::string& region : options.from) question.from.push_back({region});
  for (const std::string& server : options.servers) question.servers.push_back({server});
  return question;
}

int run(const FillOptions& options) {
  const auto atlas = open_atlas_beside_workloads(options.atlas);
  if (!atlas) return report(atlas.error());
  const auto question = question_of(options);
  if (!question) return report(question.error());
  const RateYear rates = open_rates(*atlas, kWeatherSeed);
  const auto fill = fill_site(*atlas, rates, *question);
  if (!fill) return report(fill.error());
  std::optional<FillDoubt> doubt;
  TerminalProgress progress;
  if (options.draws > 0 && !fill->steps.empty())
    doubt = doubt_fill(*atlas, rates, *question, *fill, options.draws, options.seed, progress);
  const FillDoubt* bands = doubt ? &*doubt : nullptr;
  const bool interrupted = !doubt && progress.interrupted();
  const Page page = fill_page(*atlas, rates, *question, *fill, bands, options.top, interrupted);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(fill_json(*atlas, *question, *fill, bands, interrupted));
  } else {
    print(page);
  }
  if (progress.interrupted()) return kInterrupted;
  return fill->anything() ? kDone : kAnswerIsNo;
}

}  // namespace

void add_fill(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<FillOptions>();
  CLI::App* verb =
      app.add_subcommand("fill", "which work could fill the idle servers of a site, and at what price");
  verb->add_option("site", options->site, "the site whose servers stand idle")->required()->type_name("SITE");
  verb->add_option("--class", options->classes,
                   "only these presets or workloads' TOML files (default: all presets)")
      ->type_name("CLASS");
  verb->add_option("--from", options->from,
                   "only from these regions (default: every region that a metro site stands in)")
      ->type_name("REGION");
  verb->add_option("--server", options->servers, "server types that stand idle there (default: any)")
      ->type_name("SERVER");
  verb->add_option("--idle", options->idle_mw,
                   "IT power of the idle servers (default: capacity x rack_fill x (1 - server_use))")
      ->type_name("MW");
  verb->add_option("--home", options->home,
                   "who pays for capacity at the customer's home: sunk, built, rented=RATE")
      ->capture_default_str()
      ->type_name("BASIS");
  verb->add_option("--top", options->top, "how many of those that pay the page lists (JSON has all)")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->type_name("N");
  verb->add_option("--draws", options->draws,
                   "how often all cited ranges are drawn, for the range of what it is worth; 0: not")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{0}, kMostFillDraws))
      ->type_name("N");
  add_seed_option(*verb, options->seed, "same seed, same draws");
  add_charge_options(*verb, options->charges);
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/fill.schema.json)");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 something fills, 1 nothing pays above the floor or fits, 2 bad usage or input, 3 an "
      "output cannot be written, 130 "
      "interrupted.\n\n"
      "Examples:\n"
      "  $ hinterland fill zhongwei --idle 4\n"
      "  $ hinterland fill guian --from shanghai guangdong --home sunk --top 5\n"
      "  $ hinterland fill horinger --class film-render log-scan --server cpu-server --json");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
