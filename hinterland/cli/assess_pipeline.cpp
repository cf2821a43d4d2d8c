// hinterland assess pipeline: what counts of relocation deals say, and what they cannot tell.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <memory>
#include <optional>

#include "hinterland/base/file.hpp"
#include "hinterland/cli/assess.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/seed.hpp"
#include "hinterland/impact/pipeline_page.hpp"

namespace hinterland {

namespace {

constexpr double kMostDraws = 1e6;

struct PipelineOptions {
  AtlasOptions atlas;
  PipelineQuestion question;
  std::string programme, counts, report;
  std::vector<double> since;
  bool json = false;
};

// One point, or low, central and high.
Expected<std::optional<Range>> since_of(const std::vector<double>& since) {
  if (since.empty()) return std::nullopt;
  if (since.size() == 1) return Range{since[0], since[0], since[0]};
  if (since.size() == 3 && since[0] <= since[1] && since[1] <= since[2])
    return Range{since[0], since[1], since[2]};
  return failure({.what = "is neither one year nor three from low to high",
                  .where = {.file = "--since"},
                  .mend = "Write it as 2021 or as 2014,2021,2024."});
}

Expected<Pipeline> follow(const PipelineOptions& options, const Atlas& atlas, Progress& progress) {
  const auto since = since_of(options.since);
  if (!since) return std::unexpected(since.error());
  if (options.counts.empty()) {
    const auto known = programmes(atlas);
    const std::string programme =
        options.programme.empty() && !known.empty() ? known.front() : options.programme;
    const auto counts = counts_of(atlas, programme, "PROGRAMME");
    if (!counts) return std::unexpected(counts.error());
    return follow_pipeline(atlas, *counts, *since, options.question, progress);
  }
  if (!*since)
    return failure(
        {.what = "are counts of deals of which nobody says since when",
         .where = {.file = options.counts},
         .mend = "Say before which year none was signed: --since 2021, or --since 2014,2021,2024."});
  const auto text = read_text(options.counts);
  if (!text) return std::unexpected(text.error());
  const auto counts = parse_deal_counts(*text, options.counts, (*since)->low);
  if (!counts) return std::unexpected(counts.error());
  return follow_pipeline(atlas, *counts, *since, options.question, progress);
}

int run(const PipelineOptions& options) {
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  TerminalProgress progress;
  const auto result = follow(options, *atlas, progress);
  if (!result) return report(result.error(), progress);
  const Page page = pipeline_page(*result);
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(pipeline_json(*result));
  } else {
    print(page);
  }
  return result->fit.draws < result->question.draws ? kInterrupted : kDone;
}

}  // namespace

void add_assess_pipeline(CLI::App& assess, int& exit_code) {
  auto options = std::make_shared<PipelineOptions>();
  CLI::App* verb = assess.add_subcommand(
      "pipeline",
      "relocation deals from signing to operation: how fast, how many are dropped, and what figures hide");
  verb->add_option("programme", options->programme,
                   "a programme of the atlas (`hinterland atlas show deals`; default: its first)")
      ->type_name("PROGRAMME");
  verb->add_option("--counts", options->counts,
                   "instead: your own counts, with columns date,signed,building,operating,dropped")
      ->type_name("FILE.csv");
  verb->add_option("--since", options->since,
                   "when the first deal was signed: a point of the calendar, or low,central,high")
      ->delimiter(',')
      ->check(number_from(1900, 2200))
      ->type_name("YEAR");
  verb->add_option("--until", options->question.until, "the last point of the calendar that is forecast")
      ->check(number_from(1900, 2400))
      ->type_name("YEAR");
  verb->add_option("--signing", options->question.signing_per_year,
                   "deals newly signed a year from the last count on (default: none)")
      ->check(number_from(0, 1'000'000))
      ->type_name("DEALS");
  add_band_options(*verb, options->question.draws, options->question.level, options->question.seed,
                   {100, kMostDraws});
  add_report_option(*verb, options->report);
  verb->add_flag("--json", options->json, "print JSON (data/schema/assess-pipeline.schema.json)");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output breaks off (a full disk, a closed pipe), 130 "
      "interrupted (with the draws made).\n\n"
      "Examples:\n"
      "  $ hinterland assess pipeline\n"
      "  $ hinterland assess pipeline guizhou-relocation --until 2035 --signing 40\n"
      "Your own counts:\n"
      "    hinterland assess pipeline --counts deals.csv --since 2021");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
