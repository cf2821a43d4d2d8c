// hinterland assess inequality: how unequal regions are, what has become of it, and what a change would do.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "hinterland/base/number.hpp"
#include "hinterland/cli/assess.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/impact/inequality_page.hpp"

namespace hinterland {

namespace {

struct InequalityOptions {
  AtlasOptions atlas;
  InequalityQuestion question;
  std::vector<std::string> changes;
  std::string table, report;
  PlaceColumns columns;
  bool json = false, timing = false;
};

// "guizhou=5e9": an amount, or three of them from low to high, split by commas.
Expected<RegionChange> parse_change(const std::string& text) {
  const auto wrong = [&] {
    return failure({.what = "is no change",
                    .where = at_flag("--change", text),
                    .mend = "Write REGION=MONEY or REGION=LOW,CENTRAL,HIGH, in money a year: guizhou=5e9."});
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) return wrong();
  std::vector<double> amounts;
  for (std::size_t begin = equals + 1; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const auto amount = parse_number(text.substr(begin, end - begin));
    if (!amount || std::abs(*amount) > 1e18) return wrong();
    amounts.push_back(*amount);
    begin = end + 1;
  }
  if (amounts.size() == 1) amounts.resize(3, amounts.front());
  if (amounts.size() != 3 || amounts[0] > amounts[1] || amounts[1] > amounts[2]) return wrong();
  return RegionChange{.region = {text.substr(0, equals)},
                      .gdp = {.low = amounts[0], .central = amounts[1], .high = amounts[2]}};
}

// What was asked, as it was asked: JSON or a page, and a report if wanted.
int show(const InequalityOptions& options, const Page& page, const std::string& json) {
  if (const int written = write_report(page, options.report); written != kDone) return written;
  if (options.json) {
    print(json);
  } else {
    print(page);
  }
  return kDone;
}

int run_table(const InequalityOptions& options) {
  const Stopwatch working;
  auto table = read_places(options.table, options.columns);
  if (!table) return report(table.error());
  const PlaceInequality result = place_inequality(std::move(*table));
  if (options.timing)
    fmt::print(stderr, "{{\"inequality_s\": {:.5f}, \"places\": {}}}\n", working.seconds(),
               result.table.places.size());
  return show(options, place_inequality_page(result), place_inequality_json(result));
}

// The counties of the data folder, if it has some of this atlas.
Expected<std::optional<PlaceInequality>> counties_of(const Atlas& atlas) {
  const char* const data = std::getenv("HINTERLAND_DATA");
  if (data == nullptr) return std::nullopt;
  const auto file = county_file(data, atlas.country().id.text);
  if (!file) return std::nullopt;
  auto table = read_places(file->path, file->columns());
  if (!table) return std::unexpected(table.error());
  return place_inequality(std::move(*table));
}

int run_regions(InequalityOptions options) {
  for (const std::string& text : options.changes) {
    const auto change = parse_change(text);
    if (!change) return report(change.error());
    options.question.changes.push_back(*change);
  }
  const auto atlas = open_atlas(options.atlas);
  if (!atlas) return report(atlas.error());
  const auto result = regional_inequality(*atlas, options.question);
  if (!result) return report(result.error());
  const auto counties = counties_of(*atlas);
  if (!counties) return report(counties.error());
  const PlaceInequality* const found = *counties ? &**counties : nullptr;
  return show(options, inequality_page(*atlas, *result, found), inequality_json(*atlas, *result, found));
}

int run(const InequalityOptions& options) {
  const bool columns = !options.columns.value.empty();
  if (options.table.empty() && (columns || !options.columns.weight.empty() || !options.columns.group.empty()))
    return report(Errors{{.what = "columns of no table",
                          .where = {.file = "--value, --weight, --by"},
                          .mend = "Name the table with --table FILE.csv."}});
  if (!options.table.empty() && !columns)
    return report(Errors{{.what = "says not which column to measure",
                          .where = {.file = "--table"},
                          .mend = "Name it with --value COLUMN."}});
  return options.table.empty() ? run_regions(options) : run_table(options);
}

}  // namespace

void add_assess_inequality(CLI::App& assess, int& exit_code) {
  auto options = std::make_shared<InequalityOptions>();
  CLI::App* verb = assess.add_subcommand(
      "inequality",
      "how unequal regions are a head, between groups and within them, and whether they converge");
  verb->add_option("--groups", options->question.grouping,
                   "a grouping of the atlas (`hinterland atlas show groups`); yours as groups.csv in --books "
                   "(default: the atlas's first)")
      ->type_name("GROUPING");
  verb->add_option("--first", options->question.first, "the first year (default: of the accounts)")
      ->type_name("YEAR");
  verb->add_option("--last", options->question.last, "the last year")->type_name("YEAR");
  verb->add_option("--level", options->question.level, "of the intervals")
      ->transform(share_or_percent())
      ->type_name("SHARE")
      ->default_str("95%");
  verb->add_option("--change", options->changes,
                   "GDP that a region gains in the last year, in money: guizhou=5e9, or low,central,high")
      ->type_name("REGION=MONEY");
  verb->add_option("--table", options->table, "instead of the atlas: the rows of a table, each a place")
      ->type_name("FILE.csv");
  verb->add_option("--value", options->columns.value, "with --table: the column of the value a head")
      ->type_name("COLUMN");
  verb->add_option("--weight", options->columns.weight,
                   "with --table: the column of the people (default: each row counts once)")
      ->type_name("COLUMN");
  verb->add_option("--by", options->columns.group, "with --table: the column of the groups")
      ->type_name("COLUMN");
  add_report_option(*verb, options->report);
  verb->add_flag(
      "--json", options->json,
      "print JSON (data/schema/assess-inequality.schema.json, with --table assess-places.schema.json)");
  verb->add_flag("--timing", options->timing, "with --table: say on standard error how long it took");
  add_atlas_options(*verb, options->atlas);
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input, 3 an output breaks off (a full disk, a closed pipe).\n\n"
      "Counties are on the page where $HINTERLAND_DATA has them.\n\n"
      "Examples:\n"
      "  $ hinterland assess inequality\n"
      "  $ hinterland assess inequality --groups two --first 2014 --change guizhou=2e9,5e9,9e9\n"

      "  $ hinterland assess inequality --table examples/places.csv --value gdp_per_head --weight people "
      "--by zone");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
