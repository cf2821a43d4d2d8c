// hinterland plan: what capacity to keep or build where.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <memory>

#include "hinterland/cli/console.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/siting/orlib.hpp"
#include "hinterland/siting/orlib_page.hpp"

namespace hinterland {

namespace {

struct PlanOptions {
  std::string orlib;
  double capacity = 0;  // none given
  double gap = 0;
  double seconds = 1e30;
  bool json = false;
};

int run_orlib(const PlanOptions& options) {
  const auto problem =
      read_orlib(options.orlib, options.capacity > 0 ? std::optional(options.capacity) : std::nullopt);
  if (!problem) return report(problem.error());
  const LocationAnswer answer = problem->warehouses
                                    ? solve(*problem->warehouses, options.gap, options.seconds)
                                    : solve(*problem->medians, options.gap, options.seconds);
  if (options.json)
    print(orlib_json(*problem, answer));
  else
    print(orlib_page(*problem, answer));
  return answer.open.empty() ? kAnswerIsNo : kDone;
}

}  // namespace

void add_plan(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<PlanOptions>();
  CLI::App* verb = app.add_subcommand("plan", "where to open sites, with a bound that proves it");
  verb->add_option("--orlib", options->orlib,
                   "a facility location problem of OR-Library: warehouses (cap) or medians (pmed)")
      ->required()
      ->type_name("FILE");
  verb->add_option("--capacity", options->capacity,
                   "of each warehouse whose file says \"capacity\" instead of a number")
      ->check(number_above_zero(1e12));
  verb->add_option("--gap", options->gap, "good enough: (objective - bound) / objective; 0 is proven optimal")
      ->check(number_from(0, 1));
  verb->add_option("--time-limit", options->seconds,
                   "seconds after which the best so far is given, with its bound")
      ->check(number_above_zero(1e9));
  verb->add_flag("--json", options->json, "print JSON (data/schema/plan-orlib.schema.json)");
  verb->footer(
      "Exit status: 0 solved or the best in the time given, 1 infeasible or nothing found in time, 2 bad "
      "usage or input.\n\n"
      "Example:\n"
      "  $ hinterland plan --orlib examples/warehouses.txt");
  verb->callback([options, &exit_code] { exit_code = run_orlib(*options); });
}

}  // namespace hinterland
