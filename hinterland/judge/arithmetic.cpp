#include "hinterland/judge/arithmetic.hpp"

#include <fmt/format.h>

#include "hinterland/base/number.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

Words basis_of(const SiteRow& row, const Question& question) {
  const Capacity& capacity = row.is_home ? question.home : question.away;
  if (!capacity.automatic) {
    switch (capacity.deal.basis) {
      case Basis::sunk: return {name_of(Basis::sunk), "已沉没"};
      case Basis::built: return {name_of(Basis::built), "新建"};
      case Basis::rented: return {name_of(Basis::rented), "租用"};
    }
  }
  if (row.quote.sunk_share == 1) return {"idle", "闲置"};
  if (row.quote.sunk_share == 0) return {"built", "新建"};
  const std::string share = percent(row.quote.sunk_share);
  return {share + " idle", share + " 闲置"};
}

namespace {

using Lines = std::vector<std::pair<Words, Words>>;

const Words kEnergy{"  energy", "  电费"}, kCapacity{"  capacity", "  容量"}, kServer{"  server", "  服务器"},
    kHousing{"  housing", "  机房"}, kShares{"  shares", "  份额"};

// PUE and power price are those of the hours in which it runs.
Words energy_of(const Words& power, const SiteTerms& terms, const HourRates& rates) {
  return {fmt::format("{} x PUE {:.4f} x {:.4f} = {:.4f}", power.en, terms.pue, terms.power_price.value,
                      rates.energy.value),
          fmt::format("{} × PUE {:.4f} × {:.4f} = {:.4f}", power.zh, terms.pue, terms.power_price.value,
                      rates.energy.value)};
}

// A server on metal that is there anyway, or rented: it is charged what it draws when busy.
void busy_lines(const SiteTerms& terms, const Server& server, const HourRates& rates, Lines& lines) {
  const std::string power = shortest(server.busy.value) + " kW";
  lines.emplace_back(kEnergy, energy_of({power, power}, terms, rates));
}

void built_lines(const Atlas& atlas, const Question& question, const SiteRow& row, const Site& user,
                 Lines& lines) {
  const Site& site = *row.site;
  const Server& server = server_of(atlas, question.workload);
  const SiteTerms terms = used_as(row.quote.terms, user);
  const Ownership own = ownership(server_terms(server), terms);
  const HourRates rates =
      hour_rates(server_terms(server), terms, {.basis = Basis::built, .rate = {}}, question.charges);
  const std::string use = shortest(terms.server_use), fill = shortest(terms.rack_fill);
  const std::string busy = shortest(server.busy.value), idle = shortest(server.idle.value);
  lines.emplace_back(kEnergy,
                     energy_of({fmt::format("({} kW busy + {} kW idle x (1 / {} - 1))", busy, idle, use),
                                fmt::format("({} kW 忙时 + {} kW 空转 × (1 / {} - 1))", busy, idle, use)},
                               terms, rates));
  const double metal = own.server.value, housing = own.housing.value, capacity = rates.capacity.value;
  const std::string paid = terms.lease ? "" : fmt::format(" / {} rack_fill", fill);
  lines.emplace_back(
      kCapacity, Words(fmt::format("({:.4f} server + {:.4f} housing{}) / {} server_use = {:.4f}", metal,
                                   housing, paid, use, capacity),
                       fmt::format("({:.4f} 服务器 + {:.4f} 机房{}) / {} server_use = {:.4f}", metal, housing,
                                   paid, use, capacity)));
  const std::string price = shortest(server.price.value), years = shortest(server.life / kYear),
                    rate = percent(terms.interest_per_year), resold = percent(server.resale_share);
  lines.emplace_back(kServer,
                     Words(fmt::format("{} over {} years at {}, {} of it resold", price, years, rate, resold),
                           fmt::format("{}，分摊 {} 年，利率 {}，残值 {}", price, years, rate, resold)));
  if (terms.lease) {
    const std::string rent = shortest(terms.lease->value);
    lines.emplace_back(kHousing, Words(fmt::format("{} kW x {} a kW and month, leased", busy, rent),
                                       fmt::format("{} kW × 每 kW 每月租金 {}", busy, rent)));
    return;
  }
  const std::string building = shortest(site.building_price.value),
                    building_years = shortest(site.building_life / kYear);
  lines.emplace_back(
      kHousing, Words(fmt::format("{} kW x {} a kW over {} years at {}, and interest on {} of land a kW",
                                  busy, building, building_years, rate, compact(terms.land.value)),
                      fmt::format("{} kW × 每 kW {}，分摊 {} 年，利率 {}；另计每 kW 土地款 {} 的利息", busy,
                                  building, building_years, rate, compact_zh(terms.land.value))));
}

// "0.6656 energy + 3.2557 capacity", and whatever else is charged.
Words sum_of_parts(const HourRates& rates) {
  const double energy = rates.energy.value, capacity = rates.capacity.value;
  Words sum{fmt::format("{:.4f} energy + {:.4f} capacity", energy, capacity),
            fmt::format("{:.4f} 电费 + {:.4f} 容量", energy, capacity)};
  for (const auto& [name, part] : {std::pair{Words("carbon", "碳"), rates.carbon},
                                   {Words("water", "水"), rates.water},
                                   {Words("scarcity", "稀缺"), rates.scarcity}}) {
    if (part.value == 0) continue;
    sum.en += fmt::format(" + {:.4f} {}", part.value, name.en);
    sum.zh += fmt::format(" + {:.4f} {}", part.value, name.zh);
  }
  return sum;
}

void row_lines(const Atlas& atlas, const Question& question, const Verdict& verdict, const SiteRow& row,
               Lines& lines) {
  const Site& site = *row.site;
  const Capacity& capacity = row.is_home ? question.home : question.away;
  const HourRates& rates = row.quote.rates;
  const Words basis = basis_of(row, question), sum = sum_of_parts(rates);
  const std::string& currency = atlas.country().currency;
  lines.emplace_back(
      site.id.text,
      Words(fmt::format("{}: {} = {:.4f} {} a server-hour", basis.en, sum.en, rates.total().value, currency),
            fmt::format("{}：{} = 每服务器·时 {:.4f} {}", basis.zh, sum.zh, rates.total().value, currency)));
  const bool built = capacity.automatic ? row.quote.sunk_share == 0 : capacity.deal.basis == Basis::built;
  const bool both = capacity.automatic && row.quote.sunk_share > 0 && row.quote.sunk_share < 1;
  if (both) {
    const std::string share = percent(row.quote.sunk_share);
    lines.emplace_back(kShares, Words(share + " on idle servers, the rest built as follows",
                                      share + " 用闲置服务器，其余如下新建"));
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
