// hinterland assess: what the shift does to the regions.
#include "hinterland/cli/assess.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <string>

#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/cli/verbs.hpp"

namespace hinterland {

void add_assess(CLI::App& app, int& exit_code) {
  CLI::App* verb = app.add_subcommand(
      "assess", "what the shift does to the regions: small models, with their ranges and limits");
  verb->require_subcommand(1);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output breaks off (a full disk, a closed pipe), 130 "
      "interrupted.\n\n"
      "None of these forecasts GDP; each page says what its model leaves out.\n\n"
      "Example:\n"
      "  $ hinterland assess inequality --groups two");
  add_assess_inequality(*verb, exit_code);
  add_assess_pipeline(*verb, exit_code);
  add_assess_people(*verb, exit_code);
  add_assess_talent(*verb, exit_code);
  add_assess_shock(*verb, exit_code);
  add_assess_plan(*verb, exit_code);
}

void add_band_options(CLI::App& verb, std::size_t& draws, double& level, std::uint64_t& seed,
                      DrawsAllowed allowed) {
  verb.add_option("--draws", draws,
                  std::string("how many cases stand for what is not known") +
                      (allowed.least == 0 ? "; 0: only the figures as they stand" : ""))
      ->check(whole_number_from(allowed.least, allowed.most))
      ->capture_default_str();
  verb.add_option("--level", level, "of the bands")
      ->transform(share_or_percent())
      ->type_name("SHARE")
      ->default_str("90%");
  add_seed_option(verb, seed, "of the draws");
}

}  // namespace hinterland
