// hinterland cost: what a broker's work was metered at and billed.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <array>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "hinterland/base/csv.hpp"
#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/cost/bill.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kParts = {"energy", "capacity", "network", "carbon", "water",
                               "total",  "kwh",      "kg_co2",  "litres"};

struct CostOptions {
  BrokerPlace broker;
  std::string by = "project", format = "table";
};

struct Sum {
  std::int64_t attempts = 0;
  double server_hours = 0;
  std::int64_t moved = 0, fetched = 0;              // bytes: of inputs, of outputs
  std::array<std::int64_t, kParts.size()> parts{};  // millionths
};

// Exact: six digits behind the point.
std::string exact(std::int64_t millionths) {
  const auto size = static_cast<std::uint64_t>(std::abs(millionths));
  return fmt::format("{}{}.{:06}", millionths < 0 ? "-" : "", size / 1'000'000, size % 1'000'000);
}

// Of jobs that are done: where their bills lay in what was quoted.
TableBlock quotes_table(const Json& quotes) {
  TableBlock table{
      .caption =
          {"Did quotes hold? Of the bills of jobs that are done (p50 halves them, p90 leaves a tenth above)",
           "报价是否成立"},
      .columns = {{"class"},
                  {"tasks seen before", Align::right},
                  {"jobs", Align::right},
                  {"below p50", Align::right},
                  {"p50 to p90", Align::right},
                  {"above p90", Align::right},
                  {"above most", Align::right}},
      .rows = {}};
  for (const Json& row : quotes) {
    const auto jobs = row.at("jobs").get<std::int64_t>();
    const auto share = [&](const char* which) {
      return percent(static_cast<double>(row.at(which).get<std::int64_t>()) / static_cast<double>(jobs));
    };
    const auto seen = row.at("seen_from").get<std::int64_t>();
    table.rows.push_back({row.at("class").get<std::string>(),
                          seen == 0 ? "none" : fmt::format("{} or more", seen), grouped(jobs), share("below"),
                          share("within"), share("above"), share("above_most")});
  }
  return table;
}

int run(const CostOptions& options) {
  const auto answer = ask_broker_json(options.broker, "GET", "/v1/cost");
  if (!answer) return report(answer.error());
  std::map<std::string, Sum> sums;
  for (const Json& row : answer->at("rows")) {
    Sum& sum = sums[row.at(options.by).get<std::string>()];
    sum.attempts += row.at("attempts").get<std::int64_t>();
    sum.server_hours += row.at("server_hours").get<double>();
    sum.moved += row.at("moved_bytes").get<std::int64_t>();
    sum.fetched += row.at("fetched_bytes").get<std::int64_t>();
    for (std::size_t k = 0; k < kParts.size(); ++k)
      sum.parts.at(k) += row.at(kParts.at(k)).get<std::int64_t>();
  }
  if (options.format == "json") {
    Json rows = Json::array();
    for (const auto& [name, sum] : sums) {
      Json row{{options.by, name},
               {"attempts", sum.attempts},
               {"server_hours", sum.server_hours},
               {"moved_bytes", sum.moved},
               {"fetched_bytes", sum.fetched}};
      for (std::size_t k = 0; k < kParts.size(); ++k) row[kParts.at(k)] = sum.parts.at(k);
      rows.push_back(std::move(row));
    }
    print(Json{{"by", options.by},
               {"currency", answer->at("currency")},
               {"unit", "millionths"},
               {"rows", rows},
               {"quotes", answer->at("quotes")}}
              .dump() +
          "\n");
  } else if (options.format == "csv") {
    std::string csv = options.by + ",attempts,server_hours,moved_bytes,fetched_bytes";
    for (const char* part : kParts) csv += std::string(",") + part;
    csv += '\n';
    for (const auto& [name, sum] : sums) {
      csv += fmt::format("{},{},{},{},{}", csv_cell(name), sum.attempts, sum.server_hours, sum.moved,
                         sum.fetched);
      for (const std::int64_t part : sum.parts) csv += "," + exact(part);
      csv += '\n';
    }
    print(csv);
  } else {
    TableBlock table{.caption = {},
                     .columns = {{options.by},
                                 {"attempts", Align::right},
                                 {"server-hours", Align::right},
                                 {"bytes moved", Align::right},
                                 {"bytes back", Align::right}},
                     .rows = {}};
    for (const char* part : kParts) table.columns.push_back({part, Align::right});
    for (const auto& [name, sum] : sums) {
      std::vector<Words> row = {name, grouped(sum.attempts), compact(sum.server_hours),
                                compact(static_cast<double>(sum.moved)),
                                compact(static_cast<double>(sum.fetched))};
      for (const std::int64_t part : sum.parts) row.emplace_back(compact(from_millionths(part)));
      table.rows.push_back(std::move(row));
    }
    if (table.rows.empty()) {
      print(std::string("Nothing has ended yet.\n"));
    } else {
      const std::string money = answer->at("currency").get<std::string>();
      Page page{.title = {}, .blocks = {std::move(table), Paragraph{"Money is in " + money + ".", true}}};
      if (!answer->at("quotes").empty()) page.blocks.emplace_back(quotes_table(answer->at("quotes")));
      print(page);
    }
  }
  return kDone;
}

}  // namespace

void add_cost(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CostOptions>();
  CLI::App* verb = app.add_subcommand("cost", "what the broker's work was metered at and billed");
  verb->add_option("--by", options->by, "project, site or class")
      ->check(CLI::IsMember({"project", "site", "class"}))
      ->capture_default_str()
      ->type_name("WHAT");
  verb->add_option("--format", options->format, "table, csv or json; csv is exact to a millionth")
      ->check(CLI::IsMember({"table", "csv", "json"}))
      ->capture_default_str()
      ->type_name("FORMAT");
  add_broker_options(*verb, options->broker);
  verb->footer(
      "Exit status: 0 done, 2 bad usage, 3 no broker answers.\n\n"
      "Example, with a broker at $HINTERLAND_BROKER:\n"
      "  $ hinterland cost --by site");
  verb->callback(
      [options, &exit_code] { exit_code = as_broker_says(options->broker, [&] { return run(*options); }); });
}

}  // namespace hinterland
