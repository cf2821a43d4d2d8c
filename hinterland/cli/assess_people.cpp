// hinterland assess people: capital and jobs inland, people to the coast, or neither?
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <memory>

#include "hinterland/cli/assess.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/impact/people_page.hpp"

namespace hinterland {

namespace {

constexpr double kMostDraws = 100'000;

struct PeopleOptions {
  AtlasOptions atlas;
  PeopleQuestion question;
  std::string report;
  bool json = false;
};

int run(const PeopleOptions& options) {
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  TerminalProgress progress;
  const auto study = people_study(*atlas, options.question, progress);
  if (!study) return report(study.error(), progress);
  const Page page = people_page(*atlas, *study);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(people_json(*study));
  } else {
    print(page);
  }
  return study->interrupted ? kInterrupted : kDone;
}

}  // namespace

void add_assess_people(CLI::App& assess, int& exit_code) {
  auto options = std::make_shared<PeopleOptions>();
  CLI::App* verb = assess.add_subcommand(
      "people", "the sceptic's question: capital and jobs inland, people to the coast, or neither");
  verb->add_option("--model", options->question.grouping,
                   "the model's regions: `each` of the atlas, or the groups of a grouping")
      ->type_name("GROUPING")
      ->capture_default_str();
  verb->add_option("--coast", options->question.coast, "regions or groups that people would move to")
      ->type_name("NAME")
      ->capture_default_str();
  verb->add_option("--share", options->question.share,
                   "of the nation's capital that moves inland, and of its people that move to the coast")
      ->transform(share_or_percent())
      ->type_name("SHARE")
      ->default_str("1%");
  add_band_options(*verb, options->question.draws, options->question.level, options->question.seed,
                   {10, kMostDraws});
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/assess-people.schema.json)");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output breaks off (a full disk, a closed pipe), 130 "
      "interrupted (with the draws made).\n\n"
      "A model of two rests, not a forecast; every elasticity is assumed, with its range.\n\n"
      "Examples:\n"
      "  $ hinterland assess people --model two\n"
      "  $ hinterland assess people --model two --set spatial_economy.china.barrier_share=0\n"
      "Province by province:\n"
      "    hinterland assess people --share 2% --report people.html");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
