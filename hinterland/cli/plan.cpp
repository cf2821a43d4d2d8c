// hinterland plan: what capacity to keep, fill or build where; plan compare and plan alternatives: what else could be
// done; plan verify: whether a result is true.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/bases.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/plan_orlib.hpp"
#include "hinterland/cli/plan_watch.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/plan/alternatives.hpp"
#include "hinterland/plan/conflict.hpp"
#include "hinterland/plan/counterfactual.hpp"
#include "hinterland/plan/plan_page.hpp"
#include "hinterland/plan/plan_result.hpp"
#include "hinterland/plan/plan_run.hpp"
#include "hinterland/plan/verify_result.hpp"
#include "hinterland/siting/whole_program.hpp"

namespace hinterland {

namespace {

struct PlanOptions {
  AtlasOptions atlas;
  ChargeOptions charges;
  OrlibOptions orlib;
  std::string study, report, result, run, exported;
  double jobs = 2'000'000;
  std::optional<double> gap;
  double within = 0.01;
  double seconds = 1e30;
  bool json = false;
  bool compare = false;
};

// A study and all it needs to become numbers.
struct OpenStudy {
  Study study;
  Atlas atlas;
  RateYear rates;
  Charges charges;

  [[nodiscard]] Expected<StudyProblem> problem(const StudyCase& which = {}) const {
    return study_problem(study, atlas, rates, charges, work_folders(), which);
  }
};

Expected<OpenStudy> open_study(const std::string& file, AtlasOptions atlas_options, const Charges& charges) {
  auto study = load_study(file, take_assignments(atlas_options, is_study_assignment));
  if (!study) return std::unexpected(study.error());
  study->assignments.insert(study->assignments.end(), atlas_options.assignments.begin(),
                            atlas_options.assignments.end());
  auto atlas = open_atlas(atlas_options);
  if (!atlas) return std::unexpected(atlas.error());
  // Before the rates, which take their time for each site.
  if (const auto sites = sites_of(*study, *atlas); !sites) return std::unexpected(sites.error());
  RateYear rates = open_rates(*atlas, kWeatherSeed);
  return OpenStudy{
      .study = std::move(*study), .atlas = std::move(*atlas), .rates = std::move(rates), .charges = charges};
}

constexpr std::size_t kMostEntries = 20'000'000;  // of an exported program

// Writes the report that was asked for, and prints the page or the JSON.
int show(const Page& page, const std::function<std::string()>& json, const PlanOptions& options) {
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(json());
  } else {
    print(page);
  }
  return kDone;
}

int write_run(const OpenStudy& opened, const StudyPlan& plan, const PlanOptions& options) {
  if (plan.plan.columns.empty()) {
    fmt::print(stderr, "wrote no run: there is no plan\n");
    return kDone;
  }
  const PlanRun run = plan_run(opened.study, opened.atlas, plan, options.jobs);
  if (run.jobs == 0)
    return report(Errors{{.what = fmt::format("so few leave none to run: {:g}", options.jobs),
                          .where = {.file = "--jobs"},
                          .mend = "Ask for thousands at least."}});
  std::error_code code;
  std::filesystem::create_directories(options.run, code);
  for (const auto& [name, text] : run.files) {
    if (const auto written = write_text(options.run + "/" + name, text); !written)
      return report(written.error());
  }
  fmt::print(stderr,
             "wrote {0}/scenario.toml ({1} jobs); next: hinterland simulate {0}/scenario.toml --policy "
             "shadow cheapest\n",
             options.run, run.jobs);
  return kDone;
}

// HiGHS does not say whether all of it came onto the disk: either format ends with a word of its own.
bool is_whole(const std::string& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  const std::streamoff size = in.tellg();
  if (size < 16) return false;
  std::string tail(16, ' ');
  in.seekg(size - 16);
  in.read(tail.data(), 16);
  return tail.contains(file.ends_with(".mps") ? "ENDATA" : "end");
}

// For any other solver.
int write_program(const StudyProblem& problem, const std::string& file, PlanWatch& watch) {
  const std::size_t size = program_size(problem.numbers, problem.survival);
  if (size > kMostEntries)
    return report(
        Errors{{.what = fmt::format("the program has {} M non-zeros, and a file of it would be of no use",
                                    size / 1'000'000),
                .where = {.file = file},
                .mend = "Plan fewer days: --set days=7."}});
  if (!file.ends_with(".mps") && !file.ends_with(".lp"))
    return report(Errors{{.what = "is neither .mps nor .lp",
                          .where = {.file = file},
                          .mend = "Name the format by the file's ending."}});
  // HiGHS writes in one go.
  if (!watch.stop_asking()) return kInterrupted;
  const auto write = [&](const std::string& partial) {
    return whole_program(problem.numbers, problem.survival).write(partial) && is_whole(partial);
  };
  if (const auto written = write_by(file, write); !written) return report(written.error());
  fmt::print(stderr, "wrote {}\n", file);
  return kDone;
}

// From here on the watch counts, and looks at each step of what is solved with these.
StudyOptions begin(PlanWatch& watch, const PlanOptions& options, const Study& study) {
  const double gap = options.gap.value_or(study.gap);
  watch.begin(gap, study.opening_costs());
  return {.gap = gap, .watch = [&watch](StudyProgress& step) { return watch(step); }};
}

Expected<Counterfactuals> compare_choices(const OpenStudy& opened, const StudyOptions& solving) {
  return counterfactuals(
      opened.study, [&](const StudyCase& which) { return opened.problem(which); }, solving);
}

int run_study(const PlanOptions& options) {
  PlanWatch watch(options.seconds);
  const auto opened = open_study(options.study, options.atlas, charges_of(options.charges));
  if (!opened) return report(opened.error());
  watch.begin_numbers();
  const auto problem = opened->problem();
  if (!problem) return report(problem.error());
  if (!options.run.empty()) {
    if (const auto can = runnable(opened->study, *problem); !can) return report(can.error());
  }
  const StudyOptions solving = begin(watch, options, opened->study);
  if (!options.exported.empty()) return write_program(*problem, options.exported, watch);
  StudyPlan plan = solve_study(*problem, solving);
  if (!plan.setup.relaxed_hubs.empty() && !plan.plan.columns.empty() && !plan.stopped) {
    plan.relaxed = solve_relaxed(plan, solving);
    plan.stopped = plan.relaxed->stopped;
  }
  if (!plan.feasible() && !plan.stopped) explain(plan, *problem, solving);
  if (!options.run.empty()) {
    if (const int written = write_run(*opened, plan, options); written != kDone) return written;
  }
  std::optional<Counterfactuals> compared;
  if (options.compare && !plan.stopped) {
    auto all = compare_choices(*opened, solving);
    if (!all) return report(all.error());
    compared = std::move(*all);
  }
  const auto json = [&] { return plan_json(opened->study, opened->atlas, opened->charges, plan); };
  const Page page = plan_page(opened->study, opened->atlas, plan, compared ? &*compared : nullptr);
  if (const int shown = show(page, json, options); shown != kDone) return shown;
  if (watch.interrupted()) return kInterrupted;
  return plan.answers() ? kDone : kAnswerIsNo;
}

int run_compare(const PlanOptions& options) {
  PlanWatch watch(options.seconds);
  const auto opened = open_study(options.study, options.atlas, charges_of(options.charges));
  if (!opened) return report(opened.error());
  // Made once here for what is wrong with them, and for how long it takes: each choice makes its own.
  watch.begin_numbers();
  if (const auto problem = opened->problem(); !problem) return report(problem.error());
  const auto all = compare_choices(*opened, begin(watch, options, opened->study));
  if (!all) return report(all.error());
  const auto json = [&] { return counterfactuals_json(opened->study, opened->atlas, *all); };
  const int shown = show(counterfactuals_page(opened->study, opened->atlas, *all), json, options);
  return shown == kDone && watch.interrupted() ? kInterrupted : shown;
}

int run_alternatives(const PlanOptions& options) {
  PlanWatch watch(options.seconds);
  const auto opened = open_study(options.study, options.atlas, charges_of(options.charges));
  if (!opened) return report(opened.error());
  watch.begin_numbers();
  const auto problem = opened->problem();
  if (!problem) return report(problem.error());
  const PlanAlternatives all = alternatives(*problem, options.within, begin(watch, options, opened->study));
  const auto json = [&] { return alternatives_json(opened->study, opened->atlas, all); };
  const int shown = show(alternatives_page(opened->study, opened->atlas, all), json, options);
  if (shown != kDone) return shown;
  if (watch.interrupted()) return kInterrupted;
  return all.best.answers() ? kDone : kAnswerIsNo;
}

int run_verify(const PlanOptions& options) {
  if (!options.atlas.assignments.empty())
    return report(Errors{{.what = "a result says itself what was set",
                          .where = {.file = "--set"},
                          .mend = "Leave it out with `plan verify`."}});
  PlanWatch watch(options.seconds);
  const auto text = read_text(options.result);
  if (!text) return report(text.error());
  const auto origin = read_origin(*text, options.result);
  if (!origin) return report(origin.error());
  AtlasOptions atlas = options.atlas;
  atlas.assignments = origin->assignments;
  auto opened = open_study(options.study.empty() ? origin->study : options.study, atlas,
                           {.carbon = {origin->carbon_price}, .water = {origin->water_price}});
  if (!opened) return report(opened.error());
  auto problem = opened->problem();
  if (!problem) return report(problem.error());
  opened->study.file = origin->study;  // a copy elsewhere is the same study
  const auto differences = verify_result(*text, options.result, opened->study, opened->atlas, opened->charges,
                                         *problem, begin(watch, options, opened->study));
  if (!differences) return report(differences.error());
  if (watch.interrupted()) return kInterrupted;
  if (differences->empty()) {
    print(options.result +
          ": objective, bound and all that follows from its capacities and prices are as it says.\n");
    if (!origin->assignments.empty())
      print(fmt::format("It is about the study as changed by --set {}.\n",
                        fmt::join(origin->assignments, " --set ")));
    return kDone;
  }
  for (const std::string& difference : *differences) print(options.result + ": " + difference + "\n");
  if (options.atlas.atlas.empty() && options.atlas.books.empty())
    fmt::print(stderr,
               "Of a result that was made with another atlas or with books, name them: --atlas, --books.\n");
  return kAnswerIsNo;
}

void add_solving(CLI::App& verb, PlanOptions& options) {
  verb.add_option("--gap", options.gap,
                  "good enough: (objective - bound) / objective; else the study's, or with `plan --orlib` 0, "
                  "proven optimal")
      ->check(number_from(0, 1));
  verb.add_option("--time-limit", options.seconds,
                  "seconds after which the best so far is given, with its bound")
      ->check(number_above_zero(1e9));
  add_charge_options(verb, options.charges);
  add_report_option(verb, options.report);
  add_atlas_options(verb, options.atlas);
}

void add_compare(CLI::App& plan, const std::shared_ptr<PlanOptions>& options, int& exit_code) {
  CLI::App* verb = plan.add_subcommand(
      "compare",
      "stay, fill, build, move people, or all at once: each certified, with its regret in other years");
  verb->add_option("study", options->study, "the study's TOML file")->required()->type_name("STUDY.toml");
  verb->add_flag("--json", options->json, "print JSON (data/schema/plan-compare.schema.json)");
  add_solving(*verb, *options);
  verb->footer(
      "Exit status: 0 compared, 2 bad usage or input, 3 an output cannot be written, 130 interrupted (with "
      "what was compared).\n\n"
      "Example:\n"
      "  $ hinterland plan compare examples/edwc.toml --set days=2");
  verb->callback([options, &exit_code] { exit_code = run_compare(*options); });
}

void add_alternatives(CLI::App& plan, const std::shared_ptr<PlanOptions>& options, int& exit_code) {
  CLI::App* verb = plan.add_subcommand(
      "alternatives",
      "what would change the plan: fewer sites, more even ones or less carbon for hardly more, and the "
      "surcharge at which each site is left");
  verb->add_option("study", options->study, "the study's TOML file")->required()->type_name("STUDY.toml");
  verb->add_option("--within", options->within, "what an alternative may cost more than the best plan")
      ->transform(share_or_percent())
      ->type_name("SHARE")
      ->default_str("1%");
  verb->add_flag("--json", options->json, "print JSON (data/schema/plan-alternatives.schema.json)");
  add_solving(*verb, *options);
  verb->footer(
      "Exit status: 0 searched, or what was found in the time given; 1 no plan can do all that is asked, 2 "
      "bad "
      "usage or input, 130 interrupted (with what was found).\n\n"
      "Example:\n"
      "  $ hinterland plan alternatives examples/edwc.toml --set days=1 --within 2% --set "
      "'only=metro-beijing;metro-guangzhou;metro-nanjing;guian;horinger'");
  verb->callback([options, &exit_code] { exit_code = run_alternatives(*options); });
}

void add_verify(CLI::App& plan, const std::shared_ptr<PlanOptions>& options, int& exit_code) {
  CLI::App* verb =
      plan.add_subcommand("verify", "work a result out anew from its capacities, its prices and the study");
  verb->add_option("result", options->result, "what `hinterland plan --json` printed")
      ->required()
      ->type_name("RESULT.json");
  verb->add_option("--study", options->study, "instead of the file that the result names")
      ->type_name("STUDY.toml");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 every number follows, 1 some differ (each is listed), 2 bad usage or input, 3 an "
      "output cannot be written, 130 "
      "interrupted.\n\n"
      "Example:\n"
      "  $ hinterland plan examples/edwc.toml --set days=2 --json > plan.json; hinterland plan verify "
      "plan.json");
  verb->callback([options, &exit_code] { exit_code = run_verify(*options); });
}

}  // namespace

void add_plan(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PlanOptions>();
  CLI::App* verb =
      app.add_subcommand("plan", "what capacity to keep, fill or build where, with a bound that proves it");
  verb->add_option("study", options->study, "the study's TOML file")->type_name("STUDY.toml");
  verb->add_option(
          "--orlib", options->orlib.orlib,
          "instead of a study: a facility location problem of OR-Library: warehouses (cap) or medians (pmed)")
      ->type_name("FILE");
  verb->add_option("--capacity", options->orlib.capacity,
                   "with --orlib: of each warehouse whose file says \"capacity\" instead of a number")
      ->check(number_above_zero(1e12));
  verb->add_flag("--json", options->json,
                 "print JSON (data/schema/plan.schema.json, with --orlib plan-orlib.schema.json)");
  verb->add_option("--export", options->exported,
                   "write the study as a linear program for another solver, and do not solve it")
      ->type_name("FILE.mps");
  verb->add_option("--run", options->run,
                   "write the plan to this folder as a scenario of `hinterland simulate`: jobs, pools, "
                   "scarcity prices")
      ->type_name("DIR");
  verb->add_option("--jobs", options->jobs, "with --run: about how many jobs stand for the demand")
      ->check(number_above_zero(1e8))
      ->capture_default_str();
  verb->add_flag(
      "--compare", options->compare,
      "with what else could be done and its regrets on the page, as `plan compare` has them; costs "
      "its solves");
  add_solving(*verb, *options);
  verb->footer(
      "Exit status: 0 planned, or the best in the time given; 1 infeasible or nothing found in time, 2 bad "
      "usage or input, 130 interrupted (with the best so far).\n\n"
      "Examples:\n"
      "  $ hinterland plan examples/edwc.toml --set days=2 --report plan.html\n"
      "  $ hinterland plan examples/edwc.toml --set days=2 --set survive=drought-2011 --json > plan.json\n"
      "  $ hinterland plan --orlib examples/warehouses.txt");
  add_compare(*verb, options, exit_code);
  add_alternatives(*verb, options, exit_code);
  add_verify(*verb, options, exit_code);
  verb->callback([verb, options, &exit_code] {
    if (!verb->get_subcommands().empty()) return;
    if (options->study.empty() == options->orlib.orlib.empty()) {
      exit_code = report(Errors{{.what = "names no problem, or two",
                                 .where = {.file = "plan"},
                                 .mend = "Give a study, or --orlib FILE."}});
      return;
    }
    if (options->compare && options->json && options->report.empty()) {
      exit_code = report(Errors{{.what = "--compare adds to the page, and no page is asked for",
                                 .where = {.file = "plan"},
                                 .mend = "Add --report, or use `plan compare --json`."}});
      return;
    }
    if (options->orlib.orlib.empty()) {
      exit_code = run_study(*options);
      return;
    }
    if (!options->exported.empty() || !options->run.empty() || options->compare ||
        !options->atlas.assignments.empty()) {
      exit_code = report(Errors{{.what = "--export, --run, --compare and --set are for studies",
                                 .where = {.file = "plan"},
                                 .mend = "Leave them out with --orlib."}});
      return;
    }
    options->orlib.report = options->report;
    options->orlib.gap = options->gap.value_or(0);
    options->orlib.seconds = options->seconds;
    options->orlib.json = options->json;
    exit_code = run_orlib(options->orlib);
  });
}

}  // namespace hinterland
