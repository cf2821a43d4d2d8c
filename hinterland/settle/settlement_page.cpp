#include "hinterland/settle/settlement_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hinterland/report/figure.hpp"
#include "hinterland/settle/focus.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

std::string shown(std::int64_t millionths) { return millionths == 0 ? "0" : exact_decimal(millionths); }

std::string named(const Party& party) {
  return fmt::format("{} {}", name_of(party.role), printable(party.name));
}

std::string owes(const Statement& statement, const std::string& currency) {
  const std::int64_t total = statement.sums.total;
  if (total == 0) return "is even";
  return fmt::format("{} {} {}", total < 0 ? "owes" : "is owed", exact_decimal(total < 0 ? -total : total),
                     currency);
}

std::string parties_text(const JobStatement& job) {
  std::string text;
  for (const auto& [party, money] : job.paid)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", named(party), shown(money));
  return text;
}

Words period_of(const Selection& selection) {
  if (!selection.from && !selection.to) return "all that the journal holds";
  const auto at = [](const std::optional<Instant>& when) { return format_civil(*when, "UTC"); };
  std::string text = "what ended";
  if (selection.from) text += " from " + at(selection.from);
  if (selection.to) text += " before " + at(selection.to);
  return text;
}

FactsBlock facts_of(const Settlement& settlement) {
  FactsBlock facts;
  facts.facts = {
      {"journal", fmt::format("{}, {}", printable(settlement.journal),
                              counted(static_cast<std::int64_t>(settlement.steps), "step"))},
      {"period", period_of(settlement.selection)},
      {"billed", fmt::format("{} {} for {}", exact_decimal(settlement.sums.total),
                             printable(settlement.currency), counted(settlement.sums.attempts, "attempt"))},
      {"balance", fmt::format("{} over all parties", exact_decimal(settlement.balance))}};
  if (!settlement.selection.project.empty())
    facts.facts.emplace_back("project", printable(settlement.selection.project));
  if (settlement.sums.borne > 0)
    facts.facts.emplace_back("nobody pays for",
                             counted(settlement.sums.borne, "attempt") + " lost by a site");
  if (settlement.sums.unsized > 0)
    facts.facts.emplace_back("without server-hours", counted(settlement.sums.unsized, "attempt") +
                                                         " begun before the journal said what a server is");
  return facts;
}

// Parts that nobody is charged for would be columns of zeros.
std::vector<BillPart> charged_parts(const Settlement& settlement) {
  std::vector<BillPart> parts;
  for (const BillPart part : kBillParts) {
    const auto charges = [&](const StatementLine& line) {
      return line.sums.money[static_cast<std::size_t>(part)] != 0;
    };
    if (std::ranges::any_of(settlement.statements,
                            [&](const Statement& one) { return std::ranges::any_of(one.lines, charges); }))
      parts.push_back(part);
  }
  return parts;
}

TableBlock statements_table(const Settlement& settlement) {
  const std::vector<BillPart> parts = charged_parts(settlement);
  TableBlock table{.caption = "Statements: what is owed to a party, and with a minus what it owes",
                   .columns = {{"party"}, {"with"}, {"attempts", Align::right}, {"kWh", Align::right}},
                   .rows = {}};
  for (const BillPart part : parts) table.columns.push_back({name_of(part), Align::right});
  table.columns.push_back({"total", Align::right});
  const auto row = [&](const Party& party, std::string with, const MeterSums& sums) {
    std::vector<Words> cells = {named(party), std::move(with), grouped(sums.attempts), shown(sums.kwh)};
    for (const BillPart part : parts) cells.emplace_back(shown(sums.money[static_cast<std::size_t>(part)]));
    cells.emplace_back(shown(sums.total));
    table.rows.push_back(std::move(cells));
  };
  for (const Statement& statement : settlement.statements) {
    for (const StatementLine& line : statement.lines)
      row(statement.party, fmt::format("{}, {}", named(line.other), printable(line.pool)), line.sums);
    if (statement.lines.size() > 1) row(statement.party, "in all", statement.sums);
  }
  return table;
}

TableBlock jobs_table(const Settlement& settlement) {
  TableBlock table{.caption = "Jobs: what was quoted, metered and billed",
                   .columns = {{"job", Align::right},
                               {"project"},
                               {"state"},
                               {"attempts", Align::right},
                               {"kWh", Align::right},
                               {"p50", Align::right},
                               {"p90", Align::right},
                               {"most", Align::right},
                               {"billed", Align::right},
                               {"to"}},
                   .rows = {}};
  for (const JobStatement& job : settlement.jobs) {
    const bool quoted = job.quote != JobQuote{};
    const auto quote = [&](std::int64_t money) { return quoted ? shown(money) : std::string("-"); };
    // Of which nothing was done before, nothing is known but the most that it may take.
    const auto guess = [&](std::int64_t money) {
      return job.quote.seen > 0 ? quote(money) : std::string("-");
    };
    table.rows.push_back({std::to_string(job.job.value), printable(job.project), name_of(job.phase),
                          grouped(job.sums.attempts), shown(job.sums.kwh), guess(job.quote.p50),
                          guess(job.quote.p90), quote(job.quote.most), shown(job.sums.total),
                          parties_text(job)});
  }
  return table;
}

// By whom it is owed to: what they are paid, part by part.
BarsBlock bars_of(const Settlement& settlement) {
  BarsBlock bars{.caption = "Who is paid, and for what",
                 .unit = printable(settlement.currency),
                 .rows = {},
                 .parts = {},
                 .marks = {}};
  for (const BillPart part : kBillParts) bars.parts.push_back({.name = name_of(part), .values = {}});
  for (const Statement& statement : settlement.statements) {
    if (statement.party.role == PartyRole::project) continue;
    bars.rows.emplace_back(named(statement.party));
    for (std::size_t k = 0; k < bars.parts.size(); ++k)
      bars.parts[k].values.push_back(from_millionths(statement.sums.money[k]));
  }
  return bars;
}

Json party_json(const Party& party) {
  return {{"role", name_of(party.role)}, {"name", printable(party.name)}};
}

Json sums_json(const MeterSums& sums) {
  Json json{{"attempts", sums.attempts}, {"borne", sums.borne}, {"server_hours", sums.server_hours},
            {"kwh", sums.kwh},           {"kg_co2", sums.kg},   {"litres", sums.litres}};
  for (const BillPart part : kBillParts) json[name_of(part)] = sums.money[static_cast<std::size_t>(part)];
  json["total"] = sums.total;
  return json;
}

Json statement_json(const Statement& statement) {
  Json lines = Json::array();
  for (const StatementLine& line : statement.lines) {
    Json one{{"with", party_json(line.other)}, {"pool", printable(line.pool)}};
    one.update(sums_json(line.sums));
    lines.push_back(std::move(one));
  }
  Json json = party_json(statement.party);
  json["total"] = statement.sums.total;
  json["lines"] = std::move(lines);
  return json;
}

Json job_json(const JobStatement& job) {
  Json paid = Json::array();
  for (const auto& [party, money] : job.paid) {
    Json one = party_json(party);
    one["money"] = money;
    paid.push_back(std::move(one));
  }
  Json json{{"job", job.job.value}, {"project", printable(job.project)}, {"state", name_of(job.phase)}};
  if (job.quote != JobQuote{})
    json["quote"] = {
        {"p50", job.quote.p50}, {"p90", job.quote.p90}, {"most", job.quote.most}, {"seen", job.quote.seen}};
  json.update(sums_json(job.sums));
  json["billed_in_all"] = job.billed_in_all;
  json["paid"] = std::move(paid);
  return json;
}

}  // namespace

Page settlement_page(const Settlement& settlement) {
  Page page{.title = {"Settlement", "结算"}, .blocks = {}};
  for (const Statement& statement : settlement.statements)
    page.blocks.emplace_back(Paragraph{
        fmt::format("{} {}.", named(statement.party), owes(statement, printable(settlement.currency))),
        true});
  if (settlement.statements.empty())
    page.blocks.emplace_back(Paragraph{
        settlement.sums.attempts > 0 ? "Nobody of that name is a party to it." : "Nothing of that has ended.",
        true});
  page.blocks.emplace_back(facts_of(settlement));
  if (settlement.statements.empty()) return page;
  if (BarsBlock bars = bars_of(settlement); !bars.rows.empty()) page.blocks.emplace_back(std::move(bars));
  page.blocks.emplace_back(statements_table(settlement));
  if (!settlement.jobs.empty()) page.blocks.emplace_back(jobs_table(settlement));
  return page;
}

std::string settlement_json(const Settlement& settlement) {
  Json statements = Json::array();
  for (const Statement& statement : settlement.statements) statements.push_back(statement_json(statement));
  Json json{{"journal", printable(settlement.journal)},
            {"steps", settlement.steps},
            {"currency", printable(settlement.currency)},
            {"unit", "millionths"}};
  if (settlement.selection.from) json["from_ms"] = settlement.selection.from->ms;
  if (settlement.selection.to) json["to_ms"] = settlement.selection.to->ms;
  json["billed"] = sums_json(settlement.sums);
  json["balance"] = settlement.balance;
  json["statements"] = std::move(statements);
  // Jobs, of which there may be a million, one by one: a tree of them all would be ten times as large as its text.
  std::string text = json.dump();
  text.pop_back();
  text += ",\"jobs\":[";
  for (std::size_t k = 0; k < settlement.jobs.size(); ++k)
    text += (k == 0 ? "" : ",") + job_json(settlement.jobs[k]).dump();
  return text + "]}\n";
}

std::string settlement_csv(const Settlement& settlement) {
  std::string csv = "role,party,with_role,with,pool,attempts,borne,server_hours,kwh,kg_co2,litres";
  for (const BillPart part : kBillParts) csv += std::string(",") + name_of(part);
  csv += ",total\n";
  const auto cell = [](const std::string& text) { return safe_csv_cell(printable(text)); };
  for (const Statement& statement : settlement.statements) {
    for (const StatementLine& line : statement.lines) {
      csv += fmt::format("{},{},{},{},{},{},{}", name_of(statement.party.role), cell(statement.party.name),
                         name_of(line.other.role), cell(line.other.name), cell(line.pool), line.sums.attempts,
                         line.sums.borne);
      for (const std::int64_t amount :
           {line.sums.server_hours, line.sums.kwh, line.sums.kg, line.sums.litres})
        csv += "," + exact_decimal(amount);
      for (const std::int64_t money : line.sums.money) csv += "," + exact_decimal(money);
      csv += "," + exact_decimal(line.sums.total) + "\n";
    }
  }
  return csv;
}

}  // namespace hinterland
