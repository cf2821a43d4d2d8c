// hinterland settle: who owes whom what, by a broker's journal.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <memory>
#include <string>

#include "hinterland/cli/console.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/settle/focus.hpp"
#include "hinterland/settle/settlement_page.hpp"

namespace hinterland {

namespace {

struct SettleOptions {
  std::string journal, from, to, project, party, issuer = std::string(PoolDeal::kHouse), format = "table",
                                                 report;
};

// A day, or a time of it, in UTC: 2026-11-29, 2026-11-29T18:00, 2026-11-29T18:00:00Z.
Expected<std::optional<Instant>> parse_utc(const char* flag, std::string text) {
  if (text.empty()) return std::nullopt;
  const std::string said = text;
  constexpr std::size_t day = std::string_view("2026-11-29").size(),
                        minute = std::string_view("2026-11-29T18:00").size();
  if (text.ends_with('Z')) text.pop_back();
  if (text.size() == day) text += "T00:00";
  if (text.size() == minute) text += ":00";
  const auto at = parse_civil(text, "UTC");
  if (at) return std::optional(*at);
  return failure({.what = in_quotes(said) + " is no time",
                  .where = {.file = flag},
                  .mend = "Write a day or an hour in UTC, such as 2026-11-29 or 2026-11-29T18:00Z."});
}

Expected<Selection> selection_of(const SettleOptions& options) {
  Errors errors;
  const auto from = parse_utc("--from", options.from), to = parse_utc("--to", options.to);
  if (!from) add_errors(errors, from.error());
  if (!to) add_errors(errors, to.error());
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return Selection{.from = *from, .to = *to, .project = options.project, .party = options.party};
}

int run(const SettleOptions& options) {
  const auto selection = selection_of(options);
  if (!selection) return report(selection.error());
  auto journal = Journal::open(options.journal, false);
  if (!journal) return report(journal.error());
  TerminalProgress progress;
  const auto metered = read_metered(*journal, progress);
  if (!metered) return report(metered.error(), progress);
  if (metered->interrupted) return kInterrupted;
  const auto settlement = settle(*metered, *selection, journal->name());
  if (!settlement) return report(settlement.error());
  if (!options.report.empty()) {
    const int written = write_report(settlement_page(*settlement), options.report);
    if (written != kDone) return written;
  }
  if (options.format == "focus") {
    const auto rows = focus_csv(*metered, *selection, options.issuer, journal->name());
    if (!rows) return report(rows.error());
    print(*rows);
  } else if (options.format == "csv") {
    print(settlement_csv(*settlement));
  } else if (options.format == "json") {
    print(settlement_json(*settlement));
  } else {
    print(settlement_page(*settlement));
  }
  return kDone;
}

}  // namespace

void add_settle(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SettleOptions>();
  CLI::App* verb =
      app.add_subcommand("settle", "who owes whom what for work that ran: project, site owner, carrier");
  verb->add_option("--journal", options->journal, "a file, or postgresql://USER@HOST/DATABASE")
      ->required()
      ->type_name("JOURNAL");
  verb->add_option("--from", options->from, "what ended from then on, in UTC")->type_name("TIME");
  verb->add_option("--to", options->to, "what ended before then")->type_name("TIME");
  verb->add_option("--project", options->project, "only its attempts")->type_name("NAME");
  verb->add_option("--party", options->party, "only the statements of this project, owner or carrier")
      ->type_name("NAME");
  verb->add_option("--format", options->format,
                   "table, csv, json (data/schema/settle.schema.json) or focus (CSV, FOCUS 1.2)")
      ->check(CLI::IsMember({"table", "csv", "json", "focus"}))
      ->capture_default_str()
      ->type_name("FORMAT");
  verb->add_option("--issuer", options->issuer, "focus: who runs the broker and sends the bill")
      ->capture_default_str()
      ->type_name("NAME");
  add_report_option(*verb, options->report);
  verb->footer(
      "A journal that is a file has one process at a time: stop its broker first. A database can be read "
      "beside it.\n\n"
      "Exit status: 0 done, 2 bad usage or a damaged journal, 3 an output cannot be written, 130 "
      "interrupted.\n\n"
      "Examples:\n"
      "  $ hinterland settle --journal broker.db\n"
      "  $ hinterland settle --journal broker.db --from 2026-11-01 --to 2026-12-01 --format focus");
  verb->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace hinterland
