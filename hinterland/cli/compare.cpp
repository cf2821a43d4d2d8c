// hinterland compare: what two simulations differ in, and what explains it.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <memory>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/sim/compare.hpp"

namespace hinterland {

namespace {

struct CompareOptions {
  std::string first, second, report;
};

int run(const CompareOptions& options) {
  Errors errors;
  const auto first = read_text(options.first), second = read_text(options.second);
  if (!first) add_errors(errors, first.error());
  if (!second) add_errors(errors, second.error());
  if (!errors.empty()) return report(errors);
  const auto page = compare_page(*first, options.first, *second, options.second);
  if (!page) return report(page.error());
  if (const int written = write_report(*page, options.report); written != kDone) return written;
  print(*page);
  return kDone;
}

}  // namespace

void add_compare(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* verb = app.add_subcommand("compare", "what two simulations differ in, and what explains it");
  verb->add_option("first", options->first, "a result of `simulate --json`")->required()->type_name("A.json");
  verb->add_option("second", options->second, "another")->required()->type_name("B.json");
  add_report_option(*verb, options->report);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output cannot be written.\n\n"
      "Example, in a shell that has process substitution:\n"
      "  $ hinterland compare <(hinterland simulate examples/drought.toml --policy stay --json) <(hinterland "
      "simulate examples/drought.toml --json)");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
