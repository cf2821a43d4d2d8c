// hinterland claims: public claims, held against the atlas.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <memory>

#include "hinterland/claims/claims_page.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/verbs.hpp"

namespace hinterland {

namespace {

struct ClaimsOptions {
  AtlasOptions atlas;
  std::string claims, report;
  std::vector<std::string> ids;
  bool json = false, detail = false, timing = false;
};

Expected<ClaimsFile> open_claims(const std::string& path) {
  return read_claims(path.empty() ? data_folder() + "/claims.toml" : path);
}

int run_check(const ClaimsOptions& options) {
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  const Stopwatch working;
  auto file = open_claims(options.claims);
  if (!file) return report(file.error());
  const auto check = check_claims(*atlas, std::move(*file), options.ids);
  if (!check) return report(check.error());
  if (options.timing)
    fmt::print(stderr, "{{\"claims_s\": {:.5f}, \"claims\": {}}}\n", working.seconds(), check->claims.size());
  const Page page = claims_page(*check, options.detail || !options.ids.empty());
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(claims_json(*check));
  } else {
    print(page);
  }
  return kDone;
}

int run_list(const ClaimsOptions& options) {
  const auto file = open_claims(options.claims);
  if (!file) return report(file.error());
  print(claims_list_page(*file));
  return kDone;
}

void add_claims_option(CLI::App& verb, std::string& path) {
  verb.add_option("--claims", path, "your own claims (docs/claims.md; default: fifty of five public texts)")
      ->type_name("FILE.toml");
}

void add_check(CLI::App& claims, int& exit_code) {
  auto options = std::make_shared<ClaimsOptions>();
  CLI::App* verb =
      claims.add_subcommand("check", "compute what each claim comes to, and what may be printed");
  verb->add_option("--id", options->ids, "these alone, with their arithmetic")->type_name("ID");
  verb->add_flag("--detail", options->detail, "the arithmetic of every claim");
  add_claims_option(*verb, options->claims);
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/claims.schema.json)");
  verb->add_flag("--timing", options->timing, "say on standard error how long it took");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, whatever the verdicts, 2 bad usage or input, 3 an output breaks off (a full "
      "disk, a closed pipe).\n\n"
      "A figure of your own (--set, --books) takes the place of the atlas's, and verdicts follow it.\n\n"
      "Examples:\n"
      "  $ hinterland claims check\n"
      "  $ hinterland claims check --id C08\n"
      "  $ hinterland claims check --id C08 --set figures.guizhou-compute-2025-08.value=155");
  verb->callback([options, &exit_code] { exit_code = run_check(*options); });
}

void add_list(CLI::App& claims, int& exit_code) {
  auto options = std::make_shared<ClaimsOptions>();
  CLI::App* verb = claims.add_subcommand("list", "the claims of a file, unchecked");
  add_claims_option(*verb, options->claims);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input.\n\nExample:\n"
      "  $ hinterland claims list");
  verb->callback([options, &exit_code] { exit_code = run_list(*options); });
}

void add_computations(CLI::App& claims, int& exit_code) {
  CLI::App* verb =
      claims.add_subcommand("computations", "the closed set of computations that a claim may ask for");
  verb->footer("Exit status: 0 done.\n\nExample:\n  $ hinterland claims computations");
  verb->callback([&exit_code] {
    print(computations_page());
    exit_code = kDone;
  });
}

}  // namespace

void add_claims(CLI::App& app, int& exit_code) {
  CLI::App* verb =
      app.add_subcommand("claims", "public claims about the shift inland, each recomputed from the atlas");
  verb->require_subcommand(1);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output breaks off (a full disk, a closed pipe).\n\n"
      "Example:\n"
      "  $ hinterland claims check --id C36");
  add_check(*verb, exit_code);
  add_list(*verb, exit_code);
  add_computations(*verb, exit_code);
}

}  // namespace hinterland
