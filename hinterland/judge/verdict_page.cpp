#include "hinterland/judge/verdict_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "hinterland/base/number.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/judge/arithmetic.hpp"
#include "hinterland/judge/vouchers.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

std::string describe_capacity(const Capacity& capacity) {
  if (capacity.automatic) return "auto";
  switch (capacity.deal.basis) {
    case Basis::sunk: return "sunk";
    case Basis::built: return "built";
    case Basis::rented: break;
  }
  return fmt::format("rented at {} an hour", compact(capacity.deal.rate.value));
}

namespace {

// The parts of a price that some row has; the others would be columns of zeros.
struct PartColumn {
  const char* title;
  Money Price::* part;
  bool always;
};
constexpr std::array<PartColumn, 6> kParts = {{{"energy", &Price::energy, true},
                                               {"capacity", &Price::capacity, true},
                                               {"network", &Price::network, true},
                                               {"carbon", &Price::carbon, false},
                                               {"water", &Price::water, false},
                                               {"scarcity", &Price::scarcity, false}}};

TableBlock price_table(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  TableBlock table{
      .caption = fmt::format("The full price, {}; kWh, kg CO2 (location) and litres of running it",
                             atlas.country().currency),
      .columns = {{"site"}, {""}, {"basis"}},
      .rows = {}};
  std::vector<PartColumn> parts;
  for (const PartColumn& column : kParts) {
    const bool used = std::ranges::any_of(
        verdict.rows, [&](const SiteRow& row) { return (row.quote.price.*column.part).value != 0; });
    if (column.always || used) parts.push_back(column);
  }
  for (const PartColumn& column : parts) table.columns.push_back({column.title, Align::right});
  for (const char* title : {"total", "vs home", "kWh", "kg", "litres"})
    table.columns.push_back({title, Align::right});
  for (const SiteRow& row : verdict.rows) {
    if (!row.quote.allowed()) continue;
    std::vector<Words> cells = {row.site->id.text + (row.is_home ? " (home)" : ""), row.site->name_zh,
                                basis_of(row, question)};
    for (const PartColumn& column : parts) cells.push_back(compact((row.quote.price.*column.part).value));
    cells.push_back(compact(row.quote.price.total().value));
    cells.push_back(
        row.is_home || !verdict.home_row().quote.allowed()
            ? ""
            : fmt::format("{}{}", row.difference.value > 0 ? "+" : "", compact(row.difference.value)));
    cells.push_back(compact(row.energy.value));
    cells.push_back(compact(row.location.value));
    cells.push_back(compact(row.water.value));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

std::optional<TableBlock> refused_table(const Verdict& verdict) {
  TableBlock table{.caption = "Not allowed", .columns = {{"site"}, {""}, {"why"}}, .rows = {}};
  for (const SiteRow& row : verdict.rows) {
    if (!row.quote.allowed())
      table.rows.push_back(
          {row.site->id.text + (row.is_home ? " (home)" : ""), row.site->name_zh, full_reason(row)});
  }
  if (table.rows.empty()) return std::nullopt;
  return table;
}

// What a server-hour costs at a server built there and used so much.
MoneyPerHour built_hour(const Atlas& atlas, const Question& question, const SiteRow& row, double use) {
  SiteTerms terms = row.quote.terms;
  terms.server_use = use;
  return hour_rates(server_terms(server_of(atlas, question.workload)), terms,
                    {.basis = Basis::built, .rate = {}}, question.charges)
      .total();
}

// Why no use is the edge. Mostly a server built there is dearer than home however much it is used; but where power is
// priced so far below zero that an idle hour earns more than the server costs, more use makes its hours dearer.
std::string no_break_even_use(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  const SiteRow& best = *verdict.best_row();
  const MoneyPerHour full = built_hour(atlas, question, best, 1);
  if (built_hour(atlas, question, best, 0.5) > full)
    return "none: even a fully used server built there is dearer than home";
  const bool cheaper = verdict.amount.server_hours * full <= *verdict.ceiling;
  return cheaper ? "none: at any use a server built there is no dearer than home, for its idle hours earn by "
                   "power "
                   "prices below zero"
                 : "none: its idle hours earn by power prices below zero, so that the less it is used, the "
                   "cheaper it is";
}

FactsBlock deal(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  const std::string& currency = atlas.country().currency;
  const SiteRow& best = *verdict.best_row();
  FactsBlock block{.caption = fmt::format("The deal with {}", best.site->name), .facts = {}};
  const Hours work = verdict.amount.server_hours;
  const auto both = [&](Money money) {
    return fmt::format("{} {}, {} a server-hour", compact(money.value), currency,
                       compact((money / work).value));
  };
  block.facts.emplace_back(
      "seller's floor", both(*verdict.floor) + " (everything but capacity, on idle servers)" +
                            (*verdict.floor < Money{} ? ": below zero, for drawing power there earns" : ""));
  if (verdict.ceiling) {
    const Money room = *verdict.ceiling - *verdict.floor;
    block.facts.emplace_back("buyer's ceiling",
                             both(*verdict.ceiling) + " (what home avoids, less the moving)");
    block.facts.emplace_back("room between", both(room) + (room.value > 0 ? "" : ": no deal"));
    block.facts.emplace_back(
        "break-even server_use",
        verdict.break_even_use ? fmt::format("{} for a server built there; the atlas says {}",
                                             percent(*verdict.break_even_use), percent(best.site->server_use))
                               : no_break_even_use(atlas, question, verdict));
    block.facts.emplace_back(
        "break-even work per byte",
        verdict.break_even_hours_per_gb
            ? fmt::format("{} server-hours per GB; this work has {}",
                          compact(verdict.break_even_hours_per_gb->value),
                          compact(work.value / (verdict.amount.bytes.in + verdict.amount.bytes.out).value))
            : "none: nothing moves, or an hour there costs no less");
  }
  if (best.quote.transfer.offer != nullptr) {
    block.facts.emplace_back(
        "the moving", fmt::format("{} GB by {} in {} h for {} {}",
                                  compact((verdict.amount.bytes.in + verdict.amount.bytes.out).value),
                                  best.quote.transfer.offer->name, compact(best.quote.transfer.time.value),
                                  compact(best.quote.transfer.cost.value), currency));
  }
  return block;
}

std::string describe_cell(const Cell& cell) {
  return cell.answer == Answer::move ? fmt::format("move to {}", cell.site->id.text) : name_of(cell.answer);
}

TableBlock four_cells(const Verdict& verdict) {
  TableBlock table{.caption = "Who has paid already decides: the verdict by basis",
                   .columns = {{""}, {"away sunk"}, {"away built"}},
                   .rows = {}};
  static constexpr std::array<const char*, 2> kHome = {"home sunk", "home built"};
  for (std::size_t i = 0; i < 2; ++i) {
    table.rows.push_back(
        {kHome.at(i), describe_cell(verdict.cells.at(i).at(0)), describe_cell(verdict.cells.at(i).at(1))});
  }
  return table;
}

// What the atlas knows of the same instance's list price, beside our arithmetic.
std::string market_note(const Atlas& atlas, const Verdict& verdict) {
  const SiteRow* best = verdict.best_row();
  if (best == nullptr) return {};
  for (const MarketRatio& ratio : atlas.market) {
    const Site& site = atlas.sites.at(ratio.site);
    if (site.region == best->site->region && ratio.price_ratio != 1) {
      return fmt::format(
          "Market evidence: the same cloud instance is listed in {} at {:.3g} of its price in {}.", site.name,
          ratio.price_ratio, atlas.sites.at(ratio.reference_site).name);
    }
  }
  return {};
}

std::string headline(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  const Gigabytes bytes = verdict.amount.bytes.in + verdict.amount.bytes.out;
  std::string text =
      fmt::format("{} from {}: {} server-hours on {}, {} GB to move", question.workload.name,
                  atlas.regions.at(question.from).name, compact(verdict.amount.server_hours.value),
                  server_of(atlas, question.workload).name, compact(bytes.value));
  if (question.workload.latency)
    text += fmt::format(", {:.3g} ms one way", in_milliseconds(*question.workload.latency));
  text +=
      fmt::format("; home {}, away {}.", describe_capacity(question.home), describe_capacity(question.away));
  if (!verdict.home.in_region) {
    text += fmt::format(" {} has no metro site; {} is the nearest, and latencies are counted from there.",
                        atlas.regions.at(question.from).name, verdict.home.site->name);
  }
  return text;
}

}  // namespace

Page verdict_page(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  Page page;
  page.blocks.push_back(Paragraph{.text = verdict.sentence, .strong = true});
  page.blocks.push_back(Paragraph{.text = headline(atlas, question, verdict)});
  if (std::ranges::any_of(verdict.rows, [](const SiteRow& row) { return row.quote.allowed(); })) {
    page.blocks.push_back(price_table(atlas, question, verdict));
  }
  if (auto table = refused_table(verdict)) page.blocks.push_back(std::move(*table));
  if (verdict.best) page.blocks.push_back(deal(atlas, question, verdict));
  page.blocks.push_back(four_cells(verdict));
  if (verdict.answer != Answer::refused) {
    page.blocks.push_back(arithmetic(atlas, question, verdict));
    page.blocks.push_back(vouchers(atlas, question, verdict));
  }
  if (const std::string note = market_note(atlas, verdict); !note.empty())
    page.blocks.push_back(Paragraph{.text = note});
  return page;
}

}  // namespace hinterland
