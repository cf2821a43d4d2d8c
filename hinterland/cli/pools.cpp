// hinterland pools, drain: where a running broker's work may run, and what becomes of it.
#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Option.hpp>
#include <array>
#include <cctype>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "hinterland/base/time.hpp"
#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/cli/console.hpp"
#include "hinterland/cli/number_check.hpp"
#include "hinterland/cli/verbs.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

struct PoolsOptions {
  BrokerPlace broker;
  std::string pool;
  bool json = false, undo = false, down = false, pardon = false, all_clear = false;
  std::optional<double> hours;
};

std::string text_of(const Json& row, const char* name) { return row.at(name).get<std::string>(); }

// What somebody should know of a pool.
std::string trouble_of(const Json& pool) {
  std::string text;
  if (const auto hosts = pool.at("condemned_hosts").get<std::vector<std::string>>(); !hosts.empty())
    text += (text.empty() ? "" : "; ") + ("condemned: " + names_text(hosts));
  if (pool.contains("may_be_lost_ms"))
    text += fmt::format("{}may be lost from {}", text.empty() ? "" : "; ",
                        format_civil({pool.at("may_be_lost_ms").get<std::int64_t>()}, "UTC"));
  if (pool.contains("path") && pool.at("path").at("staging").get<std::int64_t>() > 0)
    text += fmt::format("{}{} staging, {}B to come", text.empty() ? "" : "; ",
                        counted(pool.at("path").at("staging").get<std::int64_t>(), "task"),
                        compact(pool.at("path").at("missing_bytes").get<double>()));
  if (pool.contains("path") && pool.at("path").at("fetching").get<std::int64_t>() > 0)
    text += fmt::format("{}outputs of {} come back", text.empty() ? "" : "; ",
                        counted(pool.at("path").at("fetching").get<std::int64_t>(), "task"));
  if (pool.contains("trouble")) text += (text.empty() ? "" : "; ") + text_of(pool, "trouble");
  return text;
}

int show_pools(const PoolsOptions& options) {
  const auto answer = ask_broker_json(options.broker, "GET", "/v1/pools");
  if (!answer) return report(answer.error());
  if (options.json) return print(answer->dump() + "\n"), kDone;
  TableBlock table{.caption = {},
                   .columns = {{"pool"},
                               {"state"},
                               {"cores", Align::right},
                               {"free", Align::right},
                               {answer->at("currency").get<std::string>() + " a kWh now", Align::right},
                               {"by"},
                               {"owner"},
                               {""}},
                   .rows = {}};
  for (const Json& row : answer->at("pools")) {
    const Json& energy = row.at("energy");
    const bool heard = text_of(energy, "from") == "signals";
    std::string by = text_of(energy, "from");
    if (energy.contains("signals_until_ms"))
      by += fmt::format("{} {}", heard ? " until" : "; signals ended",
                        format_civil({energy.at("signals_until_ms").get<std::int64_t>()}, "UTC"));
    table.rows.push_back(
        {text_of(row, "name"), text_of(row, "state"), std::to_string(row.at("cores").get<std::int64_t>()),
         std::to_string(row.at("free_cores").get<std::int64_t>()),
         compact(energy.at("price_per_kwh").get<double>()), by, text_of(row, "owner"), trouble_of(row)});
  }
  Page page{.title = {}, .blocks = {std::move(table)}};
  if (answer->contains("signals_trouble"))
    page.blocks.emplace_back(Paragraph{
        "Prices are not taken in; what was heard before stands. " + text_of(*answer, "signals_trouble"),
        false});
  print(page);
  return kDone;
}

// As a part of a path; there is none of no length, so that is sent as what no pool is called.
std::string escaped(const std::string& text) {
  std::string out;
  constexpr std::string_view plain = "-._~";  // and letters and digits: RFC 3986, 2.3
  for (const char c : text.empty() ? std::string(1, '\0') : text) {
    const bool is_plain =
        (std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 128) ||
        plain.contains(c);
    out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

int change_pool(const PoolsOptions& options) {
  std::string what = options.undo ? "resume" : "drain";
  if (options.down) what = options.undo ? "up" : "down";
  if (options.hours) what = fmt::format("warn?hours={}", *options.hours);
  if (options.pardon) what = "pardon";
  if (options.all_clear) what = "all-clear";
  const auto ask = [&](const std::string& wish) {
    return ask_broker_to(options.broker, fmt::format("/v1/pools/{}/{}", escaped(options.pool), wish));
  };
  if (options.undo && !options.down) {  // whatever closed it
    if (const auto answer = ask("up"); !answer) return report(answer.error());
  }
  const auto answer = ask(what);
  if (!answer) return report(answer.error());
  return answer->status == kConflict ? (report({error_in(options.broker, *answer)}), kAnswerIsNo) : kDone;
}

}  // namespace

void add_pools(CLI::App& app, int& exit_code) {
  const auto add = [&](const char* name, const char* what, int (*work)(const PoolsOptions&), const char* no,
                       const char* words) {
    auto options = std::make_shared<PoolsOptions>();
    CLI::App* verb = app.add_subcommand(name, what);
    verb->footer(
        fmt::format("Exit status: 0 done, {}2 bad usage or refused, 3 no broker answers.\n\n"
                    "Example, with a broker at $HINTERLAND_BROKER:\n  $ hinterland {}",
                    no, words));
    add_broker_options(*verb, options->broker);
    verb->callback([options, &exit_code, work] {
      exit_code = as_broker_says(options->broker, [&] { return work(*options); });
    });
    return std::pair(verb, options);
  };
  const auto [pools, pools_options] =
      add("pools", "the broker's pools and their state", show_pools, "", "pools");
  pools->add_flag("--json", pools_options->json, "print JSON");
  const auto [drain, options] = add("drain", "begin nothing more in a pool; what runs there may end",
                                    change_pool, "1 there is nothing to pardon, ", "drain guian --undo");
  drain->add_option("pool", options->pool, "its name")->required()->type_name("POOL");
  const std::array<CLI::Option*, 5> ways = {
      drain->add_flag("--undo", options->undo,
                      "it may begin again, whatever closed it; with --down, only that is undone"),
      drain->add_flag(
          "--down", options->down,
          "all its machines are gone: its work goes elsewhere at once. Be sure that nothing runs there "
          "any more"),
      drain
          ->add_option("--in-hours", options->hours,
                       "it may be lost from then on: what would not end before goes elsewhere")
          ->check(number_from(0, 8760))
          ->type_name("H"),
      drain->add_flag("--all-clear", options->all_clear, "that was called off"),
      drain->add_flag("--pardon", options->pardon, "its condemned hosts were mended")};
  for (std::size_t one = 2; one < ways.size(); ++one) {  // --undo and --down go together
    for (std::size_t other = 0; other < one; ++other) ways.at(one)->excludes(ways.at(other));
  }
}

}  // namespace hinterland
