// hinterland replay: a broker's day, run again by the simulator and held against what was.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/replay/replay_result.hpp"

namespace hinterland {

namespace {

struct ReplayOptions {
  AtlasOptions atlas;
  std::string journal, fit, out, report;
  std::vector<std::string> policies;
  bool alone = false, json = false;
};

struct OpenDay {
  Day day;
  bool live = false;
};

Expected<OpenDay> open_day(const std::string& where, Progress& progress) {
  auto journal = ReadJournal::open(where);
  if (!journal) return std::unexpected(journal.error());
  auto day = read_day(*journal, progress);
  if (!day) return std::unexpected(day.error());
  return OpenDay{.day = std::move(*day), .live = journal->is_live()};
}

// Those that were asked for, or all of the table.
Expected<std::vector<PolicyEntry>> asked_for(const std::vector<std::string>& names) {
  std::vector<PolicyEntry> out;
  Errors errors;
  for (const std::string& name : names) {
    const auto policy = find_policy(name, "--policy");
    if (policy) {
      out.push_back(*policy);
    } else {
      add_errors(errors, policy.error());
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  if (names.empty()) out.assign(policies().begin(), policies().end());
  return out;
}

Expected<void> write_books(const std::vector<SiteFit>& fitted, const std::string& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code)
    return failure({.what = fmt::format("The folder cannot be made: {}.", code.message()),
                    .where = {.file = folder},
                    .mend = "Name one that can be.",
                    .outside = true});
  const std::string file = folder + "/sites.csv";
  if (std::ifstream there(file); there) {
    std::string columns;
    std::getline(there, columns);
    if (columns + "\n" != kFittedColumns)
      return failure({.what = "Other books are there, and would be lost.",
                      .where = {.file = file},
                      .mend = "Name another folder with --out."});
  }
  return write_text(file, fitted_books(fitted));
}

// The atlas with what was fitted over it.
Expected<void> take_over(Atlas& atlas, const std::vector<SiteFit>& fitted) {
  const auto set = [&](const SiteFit& one, const char* field, double value) {
    return set_value(atlas, fmt::format("sites.{}.{}={}", one.site.text, field, value));
  };
  for (const SiteFit& one : fitted) {
    if (one.start_up) {
      if (auto done = set(one, "start_up_s", in_hours(*one.start_up).value * 3600); !done) return done;
    }
    if (one.speed) {
      if (auto done = set(one, "speed", *one.speed); !done) return done;
    }
    if (one.input_mbps) {
      if (auto done = set(one, "input_mbps", *one.input_mbps); !done) return done;
    }
  }
  return {};
}

int run(const ReplayOptions& options) {
  if (options.journal.empty() && options.fit.empty())
    return report({{.what = "No journal is named.",
                    .where = {.file = "JOURNAL"},
                    .mend = "Name one to run again, or one to --fit."}});
  if (options.fit.empty() != options.out.empty())
    return report({{.what = "--fit and --out go together.",
                    .where = {.file = "--fit"},
                    .mend = "Say on which journal, and where to write what it says."}});
  const auto others = asked_for(options.policies);
  if (!others) return report(others.error());
  auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  TerminalProgress progress;
  std::vector<SiteFit> fitted;
  if (!options.fit.empty()) {
    const auto day = open_day(options.fit, progress);
    if (!day) return report(day.error(), progress);
    if (day->day.interrupted) return kInterrupted;
    fitted = fit_sites(day->day);
    if (const auto written = write_books(fitted, options.out); !written) return report(written.error());
    fmt::print(stderr, "wrote {}/sites.csv\n", options.out);
    if (options.journal.empty()) {
      options.json ? print(fit_json(fitted, options.fit)) : print(fit_page(fitted, options.fit));
      return kDone;
    }
  }
  const auto day = open_day(options.journal, progress);
  if (!day) return report(day.error(), progress);
  if (day->day.interrupted) return kInterrupted;
  std::optional<Fidelity> before;
  if (!options.fit.empty()) {
    const auto setup = day_world(day->day, *atlas, open_rates(*atlas, kWeatherSeed));
    if (!setup) return report(setup.error());
    const auto result = replay(day->day, *setup, progress);
    if (!result) return kInterrupted;
    before = result->fidelity;
    if (const auto taken = take_over(*atlas, fitted); !taken) return report(taken.error());
  }
  const auto setup = day_world(day->day, *atlas, open_rates(*atlas, kWeatherSeed));
  if (!setup) return report(setup.error());
  auto result = replay(day->day, *setup, progress);
  if (!result) return kInterrupted;
  result->live = day->live;
  result->before = std::move(before);
  result->fitted = std::move(fitted);
  result->fitted_on = options.fit;
  if (!options.alone) {
    result->regrets = regrets_of(*setup, at_these_prices(day->day, *setup, result->recorded),
                                 result->replayed, *others, progress);
    if (result->regrets->interrupted) return kInterrupted;
  }
  if (!options.report.empty()) {
    if (const int written = write_report(replay_report(*result), options.report); written != kDone)
      return written;
  }
  options.json ? print(replay_json(*result)) : print(replay_page(*result));
  return kDone;
}

}  // namespace

void add_replay(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ReplayOptions>();
  CLI::App* verb = app.add_subcommand(
      "replay",
      "run a broker's day again: how wrong the simulator is, and what other policies would have paid");
  verb->add_option(
          "journal", options->journal,
          "a file (its broker may run), postgresql://USER@HOST/DATABASE, or what `journal export` wrote")
      ->type_name("JOURNAL");
  verb->add_option("--policy", options->policies,
                   "only these beside what was; without it all (`simulate --help` lists them)")
      ->type_name("NAME");
  verb->add_flag("--alone", options->alone, "no other policies, and no regret");
  verb->add_option("--fit", options->fit,
                   "estimate start-up, speed and input lines of sites from this journal")
      ->type_name("JOURNAL");
  verb->add_option("-o,--out", options->out, "where to write what was fitted, for --books")->type_name("DIR");
  verb->add_flag("--json", options->json, "print JSON (data/schema/replay.schema.json)");
  add_report_option(*verb, options->report);
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or a damaged journal, 3 an output cannot be written, 130 "
      "interrupted.\n\n"
      "Examples:\n"
      "  $ hinterland replay examples/tuesday.jsonl --report day.html\n"
      "  $ hinterland replay --fit examples/monday.jsonl --out fitted examples/tuesday.jsonl\n"
      "    hinterland replay --books fitted examples/tuesday.jsonl --policy cheapest nearest");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
