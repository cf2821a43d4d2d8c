#include "hinterland/sim/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::json;

constexpr std::array<const char*, 5> kParts = {"energy", "capacity", "network", "carbon", "water"};

Expected<Json> parse(const std::string& text, const std::string& file) {
  Json result = Json::parse(text, nullptr, false);
  const bool good = result.is_object() && result.contains("cells") && result.at("cells").is_array() &&
                    result.contains("total") && result.at("total").contains("bill") &&
                    result.contains("policy");
  if (good) return result;
  return failure({.what = "is no result of a simulation",
                  .where = {.file = file},
                  .mend = "Write one with `hinterland simulate SCENARIO.toml --json > FILE`."});
}

std::string signed_compact(double value) { return (value > 0 ? "+" : "") + compact(value); }

double of(const Json& cell, const char* part) { return cell.at("bill").value(part, 0.0); }

// Where the bill changed, by class and pool; the largest first.
struct Change {
  std::string where;
  double jobs = 0, bill = 0;
  std::map<std::string, double> parts;
};

std::vector<Change> changes(const Json& a, const Json& b) {
  std::map<std::string, Change> by_cell;
  const auto add = [&](const Json& result, double sign) {
    for (const Json& cell : result.at("cells")) {
      const std::string where = cell.value("class", "") + " at " + cell.value("pool", "");
      Change& change = by_cell[where];
      change.where = where;
      change.jobs += sign * cell.value("jobs", 0.0);
      change.bill += sign * of(cell, "total");
      for (const char* part : kParts) change.parts[part] += sign * of(cell, part);
    }
  };
  add(a, -1);
  add(b, 1);
  std::vector<Change> out;
  for (auto& [where, change] : by_cell) {
    if (change.bill != 0 || change.jobs != 0) out.push_back(std::move(change));
  }
  std::ranges::stable_sort(out, std::greater<>{}, [](const Change& change) { return std::abs(change.bill); });
  return out;
}

Words sentence(const Json& a, const Json& b, const std::vector<Change>& list) {
  const double difference = of(b.at("total"), "total") - of(a.at("total"), "total");
  const std::string currency = b.value("currency", "");
  if (a.at("total") == b.at("total") && list.empty())
    return {"The two results are the same, to the last millionth.", "两个结果完全相同。"};
  std::string largest = kParts[0];
  for (const char* part : kParts) {
    if (std::abs(of(b.at("total"), part) - of(a.at("total"), part)) >
        std::abs(of(b.at("total"), largest.c_str()) - of(a.at("total"), largest.c_str())))
      largest = part;
  }
  std::int64_t moved = 0;
  for (const Change& change : list) moved += change.jobs > 0 ? std::llround(change.jobs) : 0;
  if (difference == 0) {
    return fmt::format("The bills are the same; {} jobs run elsewhere, or other figures differ.",
                       grouped(moved));
  }
  // A cheaper run that serves worse is no cheaper run.
  std::string served;
  for (const auto& [name, what] :
       {std::pair{"done", "are done"}, {"late", "come late"}, {"lost", "are lost"}}) {
    const double more = b.at("total").value(name, 0.0) - a.at("total").value(name, 0.0);
    if (more != 0)
      served +=
          fmt::format("; {} {} {}", grouped(std::llround(std::abs(more))), more > 0 ? "more" : "fewer", what);
  }
  return fmt::format(
      "The second costs {} {} {} ({} %), most of it {}; {} run elsewhere{}.", compact(std::abs(difference)),
      currency, difference > 0 ? "more" : "less",
      signed_compact(100 * difference / std::max(1e-300, std::abs(of(a.at("total"), "total")))), largest,
      counted(moved, "job"), served);
}

TableBlock totals(const Json& a, const Json& b) {
  TableBlock table{.caption = {"In all", "合计"},
                   .columns = {{"figure"},
                               {"first", Align::right},
                               {"second", Align::right},
                               {"difference", Align::right}},
                   .rows = {}};
  const auto row = [&](const std::string& name, double x, double y) {
    table.rows.push_back({name, compact(x), compact(y),
                          std::abs(y - x) <= 1e-9 * std::abs(x) ? std::string("0") : signed_compact(y - x)});
  };
  for (const char* name :
       {"jobs", "done", "cut", "refused", "lost", "stuck", "late", "server_hours", "moved_gb"})
    row(name, a.at("total").value(name, 0.0), b.at("total").value(name, 0.0));
  row("bill", of(a.at("total"), "total"), of(b.at("total"), "total"));
  for (const char* part : {"energy", "capacity", "network", "carbon", "water", "kwh", "kg_co2", "litres"})
    row(part, of(a.at("total"), part), of(b.at("total"), part));
  row("wait p95, s", a.at("total").at("wait_s").value("p95", 0.0),
      b.at("total").at("wait_s").value("p95", 0.0));
  return table;
}

}  // namespace

Expected<Page> compare_page(const std::string& a_text, const std::string& a_file, const std::string& b_text,
                            const std::string& b_file) {
  const auto a = parse(a_text, a_file), b = parse(b_text, b_file);
  Errors errors;
  if (!a) add_errors(errors, a.error());
  if (!b) add_errors(errors, b.error());
  if (!errors.empty()) return std::unexpected(std::move(errors));
  try {
    const std::vector<Change> list = changes(*a, *b);
    Page page{.title = "Two simulations", .blocks = {}};
    page.blocks.emplace_back(Paragraph{sentence(*a, *b, list), true});
    if ((*a).at("total").at("jobs") != (*b).at("total").at("jobs")) {
      page.blocks.emplace_back(
          Paragraph{"They are not of the same jobs: what differs may be the work, not the policy.", true});
    }
    FactsBlock facts{.caption = {}, .facts = {}};
    const auto said = [](const Json& one) {
      return one.value("scenario", "") + ", policy " + one.value("policy", "");
    };
    facts.facts.push_back({"first", a_file + ": " + said(*a)});
    facts.facts.push_back({"second", b_file + ": " + said(*b)});
    for (const char* setting : {"discipline", "offer", "start_hour", "span_h"}) {
      if ((*a).contains(setting) && (*b).contains(setting) && (*a)[setting] != (*b)[setting])
        facts.facts.push_back({setting, (*a)[setting].dump() + " against " + (*b)[setting].dump()});
    }
    page.blocks.emplace_back(std::move(facts));
    page.blocks.emplace_back(totals(*a, *b));
    TableBlock table{.caption = "What explains it: where the bill changed",
                     .columns = {{"class and pool"},
                                 {"jobs", Align::right},
                                 {"bill", Align::right},
                                 {"energy", Align::right},
                                 {"capacity", Align::right},
                                 {"network", Align::right}},
                     .rows = {}};
    for (const Change& change : list) {
      if (table.rows.size() == 20) break;
      table.rows.push_back({change.where, signed_compact(change.jobs), signed_compact(change.bill),
                            signed_compact(change.parts.at("energy")),
                            signed_compact(change.parts.at("capacity")),
                            signed_compact(change.parts.at("network"))});
    }
    if (!table.rows.empty()) page.blocks.emplace_back(std::move(table));
    return page;
  } catch (const Json::exception&) {
    return failure({.what = "is no whole result of a simulation",
                    .where = {.file = a_file + " or " + b_file},
                    .mend = "Write both anew with `hinterland simulate SCENARIO.toml --json > FILE`."});
  }
}

}  // namespace hinterland
