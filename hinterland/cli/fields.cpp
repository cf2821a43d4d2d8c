// hinterland fields: what may stand in a study, a scenario or a workload.
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <CLI/Validators.hpp>

#include <memory>

#include "hinterland/base/section.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/impact/shock_scenario.hpp"
#include "hinterland/plan/study.hpp"
#include "hinterland/report/fields_table.hpp"
#include "hinterland/serve/job_spec.hpp"
#include "hinterland/serve/route.hpp"
#include "hinterland/serve/signals.hpp"
#include "hinterland/serve/sites_file.hpp"
#include "hinterland/serve/tokens.hpp"
#include "hinterland/sim/scenario.hpp"
#include "hinterland/work/workload.hpp"

namespace hinterland {

namespace {

template <class Record>
TableBlock section(const char* caption, Fields<Record> fields) {
  return fields_table(caption, descriptions(without_currency(std::move(fields))));
}

// What may be asked over HTTP, and by whom.
TableBlock requests() {
  TableBlock table{.caption = {"Requests", "请求"},
                   .columns = {{"method"}, {"path"}, {"role"}, {"whose"}, {"what"}},
                   .rows = {}};
  for (const Route& route : routes()) {
    const auto whose = [&] {
      if (route.role == Role::anybody) return "-";
      switch (route.reach) {
        case Reach::theirs: return "your projects'";
        case Reach::all: return "all";
        case Reach::job: return "the job's project's";
        case Reach::house: return "the house's";
      }
      return "";
    };
    table.rows.push_back({std::string(route.method), std::string(route.path), name_of(route.role), whose(),
                          std::string(route.what)});
  }
  return table;
}

Page fields_of_file(const std::string& kind) {
  if (kind == "http") return {.blocks = {requests()}};
  if (kind == "tokens") return {.blocks = {section("[tokens.NAME]", token_fields())}};
  if (kind == "workload") return {.blocks = {section("A workload", workload_fields())}};
  if (kind == "study")
    return {.blocks = {section("A study of `plan`", study_fields()),
                       section("[demand.NAME]", study_demand_fields()),
                       section("[sites.ID]", study_site_fields()), section("[caps.NAME]", study_cap_fields()),
                       section("[limits.NAME]", study_limit_fields()),
                       section("[scenarios.NAME]", study_scenario_fields()),
                       section("[people]", study_people_fields())}};
  if (kind == "shock")
    return {.blocks = {section("A shock for `assess shock`", shock_fields()),
                       section("[exports.NAME] and [imports.NAME]", shock_loss_fields()),
                       section("[capacity.NAME]", capacity_loss_fields()),
                       section("[zones.NAME]", backup_zone_fields()),
                       section("[reserves.NAME]", reserve_stock_fields())}};
  if (kind == "signals")
    return {.blocks = {section("Prices that change, for `broker`", signals_file_fields())}};
  if (kind == "job") return {.blocks = {section("A job for `submit`", job_fields())}};
  if (kind == "sites")
    return {.blocks = {section("What `broker` serves", sites_file_fields()),
                       section("[pools.NAME]", sites_pool_fields()),
                       section("[work.NAME]", sites_work_fields()),
                       section("[projects.NAME]", sites_project_fields())}};
  return {.blocks = {section("A scenario of `simulate`", scenario_fields()),
                     section("[work.NAME]", scenario_work_fields()),
                     section("[pools.NAME]", scenario_pool_fields()),
                     section("[faults.NAME]", scenario_fault_fields()),
                     section("[failures.NAME]", scenario_failures_fields())}};
}

}  // namespace

void add_fields(CLI::App& app, int& exit_code) {
  auto kind = std::make_shared<std::string>();
  CLI::App* verb =
      app.add_subcommand("fields",
                         "what may stand in the file of a study, a scenario, a shock, a workload, a job, "
                         "a broker's sites, signals or tokens; and what may be asked of it over HTTP");
  verb->add_option("kind", *kind,
                   "of what: study, scenario, shock, workload, job, sites, signals, tokens or http")
      ->required()
      ->check(CLI::IsMember(
          {"study", "scenario", "shock", "workload", "job", "sites", "signals", "tokens", "http"}))
      ->type_name("KIND");
  verb->footer(
      "Exit status: 0 done, 2 bad usage or input.\n\n"
      "Examples:\n"
      "  $ hinterland fields study\n"
      "  $ hinterland fields workload\n\n"
      "The atlas's own tables, and so those of your books: hinterland atlas fields TABLE.");
  verb->callback([kind, &exit_code] {
    print(fields_of_file(*kind));
    exit_code = kDone;
  });
}

}  // namespace hinterland
