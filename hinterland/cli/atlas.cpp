// hinterland atlas: what the atlas holds, whether it is honest, and where it comes from.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>

#include <memory>

#include "hinterland/atlas/atlas_page.hpp"
#include "hinterland/atlas/atlas_report.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/data.hpp"
#include "hinterland/cli/report.hpp"
#include "hinterland/cli/verbs.hpp"

namespace hinterland {

namespace {

struct AtlasVerbOptions {
  AtlasOptions atlas;
  std::string table, id, report;
  bool json = false;
};

// A page or a text, or why not.
template <class T>
int print_or_report(const Expected<T>& result) {
  if (!result) return report(result.error());
  print(*result);
  return kDone;
}

// What `show` shows: all tables, one, or one row of it.
Expected<Page> shown(const AtlasVerbOptions& options, const Atlas& atlas) {
  if (options.table.empty()) return atlas_page(atlas);
  if (options.id.empty()) return table_page(atlas, options.table);
  return record_page(atlas, options.table, options.id);
}

int show_json(const AtlasVerbOptions& options, const Atlas& atlas) {
  return print_or_report(options.id.empty() ? table_json(atlas, options.table)
                                            : record_json(atlas, options.table, options.id));
}

// The atlas as a whole has a page of its own; a table or a row is shown as it is printed.
Page report_of(const AtlasVerbOptions& options, const Atlas& atlas, Page page) {
  if (options.table.empty()) return atlas_report(atlas, check_atlas(atlas));
  page.title = options.table + (options.id.empty() ? "" : "." + options.id);
  return page;
}

int show(const AtlasVerbOptions& options, const Atlas& atlas) {
  if (options.table.empty() && options.json) {
    return report({{.what = "needs a table",
                    .where = {.file = "--json"},
                    .mend = "Name one: hinterland atlas show sites --json."}});
  }
  const auto page = shown(options, atlas);
  if (!page) return report(page.error());
  if (!options.report.empty()) {
    const int written = write_report(report_of(options, atlas, *page), options.report);
    if (written != kDone) return written;
  }
  if (options.json) return show_json(options, atlas);
  print(*page);
  return kDone;
}

int check(const AtlasVerbOptions& options, const Atlas& atlas) {
  const AtlasCheck result = check_atlas(atlas);
  if (options.json) {
    print(check_json(result));
  } else {
    print(check_page(result));
  }
  return result.honest() ? kDone : kAnswerIsNo;
}

int sources(const AtlasVerbOptions& options, const Atlas& atlas) {
  if (options.json) {
    print(sources_json(atlas));
  } else {
    print(sources_page(atlas));
  }
  return kDone;
}

int fields(const AtlasVerbOptions& options, const Atlas& atlas) {
  return print_or_report(fields_page(atlas, options.table));
}

}  // namespace

void add_atlas(CLI::App& app, int& exit_code) {
  CLI::App* verb =
      app.add_subcommand("atlas", "the facts about places: show them, check them, name their sources");
  verb->require_subcommand(1);
  verb->footer(
      "Exit status: 0 done, 1 an unsourced value (check), 2 bad usage or a malformed atlas.\n\n"
      "Examples:\n"
      "  $ hinterland atlas show sites\n"
      "  $ hinterland atlas show sites guian\n"
      "  $ hinterland atlas fields sites\n"
      "  $ hinterland atlas check");
  const auto add = [&](const char* name, const char* doc, auto work, bool json) {
    auto options = std::make_shared<AtlasVerbOptions>();
    CLI::App* part = verb->add_subcommand(name, doc);
    if (json) part->add_flag("--json", options->json, "print JSON");
    add_atlas_options(*part, options->atlas);
    part->callback([options, &exit_code, work] {
      const auto atlas = open_atlas(options->atlas);
      exit_code = atlas ? work(*options, *atlas) : report(atlas.error());
    });
    return std::pair(part, options);
  };
  const auto [show_part, show_options] =
      add("show", "the tables, one table, or one row with its sources", show, true);
  show_part->add_option("table", show_options->table, "a table")->type_name("TABLE");
  show_part->add_option("id", show_options->id, "a row of it")->type_name("ID");
  add_report_option(*show_part, show_options->report);
  add("check", "is every value vouched for, and in its range", check, true);
  add("sources", "the texts that were opened", sources, true);
  const auto [fields_part, fields_options] = add("fields", "what the columns of a table mean", fields, false);
  fields_part->add_option("table", fields_options->table, "a table")->required()->type_name("TABLE");
}

}  // namespace hinterland
