#include "hinterland/cost/rates_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hinterland/atlas/table_list.hpp"
#include "hinterland/base/number.hpp"
#include "hinterland/base/sample.hpp"
#include "hinterland/cost/hour_lists.hpp"
#include "hinterland/cost/meter.hpp"
#include "hinterland/cost/terms.hpp"
#include "hinterland/report/month_by_hour.hpp"

namespace hinterland {

namespace {

// Hour by hour: of price and PUE, what a kWh that reaches the servers costs.
std::vector<double> product(std::vector<double> a, const std::vector<double>& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] *= b[i];
  return a;
}

std::string span_of(const std::vector<double>& hours, double mean) {
  const auto [least, most] = std::ranges::minmax_element(hours);
  return fmt::format("{:.4f} in the mean, {:.4f} to {:.4f}", mean, *least, *most);
}

std::string price_origin(const Atlas& atlas, const Site& site) {
  const std::string& currency = atlas.country().currency;
  if (const Curve* curve = curve_of(atlas, site.id, CurveQuantity::power_price))
    return fmt::format("hours of {} ({})", curve->file,
                       curve->use == CurveUse::level ? "as they are" : "their shape");
  switch (site.power_price_mode) {
    case PowerPriceMode::contract: return "a contract, taken as flat: no hourly curve is given";
    case PowerPriceMode::spot: return "the spot market, taken as flat: no hourly curve is given";
    case PowerPriceMode::agency: break;
  }
  const Tariff& tariff = atlas.tariffs.at(site.tariff);
  std::string text = fmt::format("time-of-use periods of {}", tariff.name);
  if (!tariff.demand) return text;
  return text +
         fmt::format(
             "; {} {} of each kWh is the demand charge, {} a kW of the month's highest draw, shared by "
             "energy at a load factor of {}",
             fmt::format("{:.4f}", demand_share(*tariff.demand, tariff.load_factor).value), currency,
             shortest(tariff.demand->value), shortest(tariff.load_factor));
}

std::string pue_origin(const Atlas& atlas, const Site& site, const SiteYear& year) {
  if (site.pue_reported) {
    const Provenance who = provenance(atlas, "sites", site.id.text, "pue_reported");
    return fmt::format(
        "the plant's hours, scaled to a yearly PUE of {} ({}): {:.2f} of the modelled overhead",
        shortest(*site.pue_reported), who.kind.empty() ? "nobody vouches" : who.kind,
        overhead_level(site, year.means().overhead));
  }
  if (site.overhead_ratio == 1) return "the plant's hours, as modelled";
  return fmt::format("the plant's hours, {} of the modelled overhead", shortest(site.overhead_ratio));
}

}  // namespace

HeatBlock pue_map(const Atlas& atlas, const Site& site, const SiteYear& year) {
  return month_by_hour(Words(fmt::format("PUE by month and hour, {}", site.name),
                             fmt::format("{}：逐月逐时 PUE", site.name_zh)),
                       "kW / kW IT", hour_lists(atlas, site, year).pue);
}

HeatBlock price_map(const Atlas& atlas, const Site& site, const SiteYear& year) {
  const HourLists lists = hour_lists(atlas, site, year);
  return month_by_hour(Words(fmt::format("Power for a kWh of IT by month and hour, {}", site.name),
                             fmt::format("{}：逐月逐时电价（每千瓦时 IT）", site.name_zh)),
                       atlas.country().currency + " / kWh IT", product(lists.price, lists.pue));
}

HeatBlock carbon_map(const Atlas& atlas, const Site& site, const SiteYear& year) {
  const HourLists lists = hour_lists(atlas, site, year);
  return month_by_hour(
      Words(fmt::format("Carbon of a kWh of IT by month and hour, grid average, {}", site.name),
            fmt::format("{}：逐月逐时碳排放（电网平均，每千瓦时 IT）", site.name_zh)),
      "kg CO2 / kWh IT", product(lists.carbon, lists.pue));
}

Page rates_page(const Atlas& atlas, const Site& site, const SiteYear& year) {
  const HourLists lists = hour_lists(atlas, site, year);
  const SiteTerms terms = site_terms(atlas, site, year, year.means());
  const std::string& currency = atlas.country().currency;
  const double it = terms.pue * terms.tariff.value, of_means = mean(lists.pue) * mean(lists.price);
  Page page{
      .title = Words(fmt::format("Hourly rates of {}", site.name), fmt::format("{}：逐时费率", site.name_zh)),
      .blocks = {}};
  page.blocks.emplace_back(Paragraph{
      .text = Words(
          fmt::format("A kWh of IT at {} costs {:.4f} {} of power in the mean of the year{}.", site.name, it,
                      currency,
                      of_means > 0
                          ? fmt::format("; the mean PUE times the mean price would say {:.4f}", of_means)
                          : ""),
          fmt::format("{}每千瓦时 IT 用电全年平均 {:.4f} {}。", site.name_zh, it, currency)),
      .strong = true});
  FactsBlock facts{.caption = Words("Where the hours come from", "数据来源"), .facts = {}};
  facts.facts.emplace_back("PUE", span_of(lists.pue, terms.pue) + ": " + pue_origin(atlas, site, year));
  facts.facts.emplace_back("price at the meter",
                           fmt::format("{} {} a kWh: {}", span_of(lists.price, mean(lists.price)), currency,
                                       price_origin(atlas, site)));
  facts.facts.emplace_back("carbon at the meter",
                           fmt::format("{} kg a kWh, location: {}", span_of(lists.carbon, mean(lists.carbon)),
                                       curve_of(atlas, site.id, CurveQuantity::carbon_location) != nullptr
                                           ? "by an hourly curve"
                                           : "the grid's average of a year, for no source gives its hours"));
  facts.facts.emplace_back("water",
                           span_of(lists.water, mean(lists.water)) + " L a kWh of IT: the plant's hours");
  page.blocks.emplace_back(std::move(facts));
  page.blocks.emplace_back(pue_map(atlas, site, year));
  page.blocks.emplace_back(price_map(atlas, site, year));
  if (!year.hours().carbon.empty()) page.blocks.emplace_back(carbon_map(atlas, site, year));
  return page;
}

std::string rates_json(const Atlas& atlas, const Site& site, const SiteYear& year) {
  const SiteTerms terms = site_terms(atlas, site, year, year.means());
  const HourLists lists = hour_lists(atlas, site, year);
  const nlohmann::ordered_json out = {{"site", site.id.text},
                                      {"currency", atlas.country().currency},
                                      {"year",
                                       {{"pue", terms.pue},
                                        {"price_per_kwh", terms.tariff.value},
                                        {"carbon_kg_per_kwh", terms.location.value},
                                        {"water_l_per_kwh", terms.water.value}}},
                                      {"hours",
                                       {{"pue", lists.pue},
                                        {"price_per_kwh", lists.price},
                                        {"carbon_kg_per_kwh", lists.carbon},
                                        {"water_l_per_kwh", lists.water}}}};
  return out.dump() + "\n";
}

std::string rates_csv(const Atlas& atlas, const Site& site, const SiteYear& year) {
  const HourLists lists = hour_lists(atlas, site, year);
  std::string out = fmt::format("hour,pue,price_{}_per_kwh,carbon_kg_per_kwh,water_l_per_kwh\n",
                                in_currency("$", atlas.country().currency));
  for (std::size_t hour = 0; hour < lists.pue.size(); ++hour) {
    out += fmt::format("{},{},{},{},{}\n", hour, shortest(lists.pue[hour]), shortest(lists.price[hour]),
                       shortest(lists.carbon[hour]), shortest(lists.water[hour]));
  }
  return out;
}

}  // namespace hinterland
