#include "hinterland/judge/arithmetic.hpp"

#include <fmt/format.h>

#include "hinterland/base/number.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

std::string basis_of(const SiteRow& row, const Question& question) {
  const Capacity& capacity = row.is_home ? question.home : question.away;
  if (!capacity.automatic) {
    switch (capacity.deal.basis) {
      case Basis::sunk: return "sunk";
      case Basis::built: return "built";
      case Basis::rented: return "rented";
    }
  }
  if (row.quote.sunk_share == 1) return "idle";
  if (row.quote.sunk_share == 0) return "built";
  return percent(row.quote.sunk_share) + " idle";
}

namespace {

using Lines = std::vector<std::pair<Words, Words>>;

// PUE and tariff are those of the hours in which it runs.
std::string energy_of(const std::string& power, const SiteTerms& terms, const HourRates& rates) {
  return fmt::format("{} x PUE {:.4f} x {:.4f} = {:.4f}", power, terms.pue, terms.tariff.value,
                     rates.energy.value);
}

// A server on metal that is there anyway, or rented: it is charged what it draws when busy.
void busy_lines(const SiteTerms& terms, const Server& server, const HourRates& rates, Lines& lines) {
  lines.emplace_back("  energy", energy_of(shortest(server.busy.value) + " kW", terms, rates));
}

void built_lines(const Atlas& atlas, const Question& question, const SiteRow& row, const Site& user,
                 Lines& lines) {
  const Site& site = *row.site;
  const Server& server = server_of(atlas, question.workload);
  const SiteTerms terms = used_as(row.quote.terms, user);
  const double interest = question.charges.interest_per_year;
  const Ownership own = ownership(server_terms(server), terms, interest);
  const HourRates rates =
      hour_rates(server_terms(server), terms, {.basis = Basis::built, .rate = {}}, question.charges);
  const std::string use = shortest(terms.server_use), fill = shortest(terms.rack_fill);
  lines.emplace_back("  energy",
                     energy_of(fmt::format("({} kW busy + {} kW idle x (1 / {} - 1))",
                                           shortest(server.busy.value), shortest(server.idle.value), use),
                               terms, rates));
  lines.emplace_back("  capacity",
                     fmt::format("({:.4f} server + {:.4f} housing / {} rack_fill) / {} server_use = {:.4f}",
                                 own.server.value, own.housing.value, fill, use, rates.capacity.value));
  lines.emplace_back("  server", fmt::format("{} over {} years at {}, {} of it resold",
                                             shortest(server.price.value), shortest(server.life / kYear),
                                             percent(interest), percent(server.resale_share)));
  lines.emplace_back(
      "  housing",
      fmt::format("{} kW x {} a kW over {} years at {}, and interest on {} of land a kW",
                  shortest(server.busy.value), shortest(site.building_price.value),
                  shortest(site.building_life / kYear), percent(interest), compact(terms.land.value)));
}

// "0.6656 energy + 3.2557 capacity", and whatever else is charged.
std::string sum_of_parts(const HourRates& rates) {
  std::string sum = fmt::format("{:.4f} energy + {:.4f} capacity", rates.energy.value, rates.capacity.value);
  for (const auto& [name, part] :
       {std::pair{"carbon", rates.carbon}, {"water", rates.water}, {"scarcity", rates.scarcity}}) {
    if (part.value != 0) sum += fmt::format(" + {:.4f} {}", part.value, name);
  }
  return sum;
}

void row_lines(const Atlas& atlas, const Question& question, const Verdict& verdict, const SiteRow& row,
               Lines& lines) {
  const Site& site = *row.site;
  const Capacity& capacity = row.is_home ? question.home : question.away;
  const HourRates& rates = row.quote.rates;
  lines.emplace_back(site.id.text,
                     fmt::format("{}: {} = {:.4f} {} a server-hour", basis_of(row, question),
                                 sum_of_parts(rates), rates.total().value, atlas.country().currency));
  const bool built = capacity.automatic ? row.quote.sunk_share == 0 : capacity.deal.basis == Basis::built;
  const bool both = capacity.automatic && row.quote.sunk_share > 0 && row.quote.sunk_share < 1;
  if (both) {
    lines.emplace_back("  shares", fmt::format("{} on idle servers, the rest built as follows",
                                               percent(row.quote.sunk_share)));
  }
  if (built || both) {
    // Beyond the idle servers a new one is used as at home.
    built_lines(atlas, question, row, capacity.automatic ? *verdict.home.site : site, lines);
  } else {
    busy_lines(row.quote.terms, server_of(atlas, question.workload), rates, lines);
  }
}

}  // namespace

FactsBlock arithmetic(const Atlas& atlas, const Question& question, const Verdict& verdict) {
  const std::string& currency = atlas.country().currency;
  FactsBlock block{.caption = {fmt::format("One server-hour, by hand (kW, {}/kWh, {})", currency, currency),
                               fmt::format("一服务器·时，手算（kW，{}/kWh，{}）", currency, currency)},
                   .facts = {}};
  for (const SiteRow* row : {&verdict.home_row(), verdict.best_row()}) {
    if (row != nullptr && row->quote.allowed()) row_lines(atlas, question, verdict, *row, block.facts);
  }
  return block;
}

}  // namespace hinterland
