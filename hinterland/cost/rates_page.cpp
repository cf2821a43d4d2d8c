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

Words span_of(const std::vector<double>& hours, double mean) {
  const auto [least, most] = std::ranges::minmax_element(hours);
  return {fmt::format("{:.4f} in the mean, {:.4f} to {:.4f}", mean, *least, *most),
          fmt::format("平均 {:.4f}，{:.4f} 至 {:.4f}", mean, *least, *most)};
}

Words price_origin(const Atlas& atlas, const Site& site) {
  const std::string& currency = atlas.country().currency;
  if (const Curve* curve = curve_of(atlas, site.id, CurveQuantity::power_price))
    return curve->use == CurveUse::level ? Words{fmt::format("hours of {} (as they are)", curve->file),
                                                 fmt::format("{} 的逐时数据（原值）", curve->file)}
                                         : Words{fmt::format("hours of {} (their shape)", curve->file),
                                                 fmt::format("{} 的逐时数据（仅取形状）", curve->file)};
  switch (site.power_price_mode) {
    case PowerPriceMode::contract:
      return {"a contract, taken as flat: no hourly curve is given", "合同电价，按全年不变计：没有逐时曲线"};
    case PowerPriceMode::spot:
      return {"the spot market, taken as flat: no hourly curve is given",
              "现货市场，按全年不变计：没有逐时曲线"};
    case PowerPriceMode::agency: break;
  }
  const Tariff& tariff = atlas.tariffs.at(site.tariff);
  Words text{fmt::format("time-of-use periods of {}", tariff.name),
             fmt::format("{}的分时电价时段", tariff.name_zh)};
  if (!tariff.demand) return text;
  const std::string share = fmt::format("{:.4f}", demand_share(*tariff.demand, tariff.load_factor).value),
                    demand = shortest(tariff.demand->value), factor = shortest(tariff.load_factor);
  text.en += fmt::format(
      "; {} {} of each kWh is the demand charge, {} a kW of the month's highest draw, shared by energy at a "
      "load factor of {}",
      share, currency, demand, factor);
  text.zh += fmt::format("；每千瓦时中 {} {} 为需量电费：按当月最大需量每千瓦 {}，以负荷率 {} 摊到电量上",
                         share, currency, demand, factor);
  return text;
}

Words pue_origin(const Atlas& atlas, const Site& site, const SiteYear& year) {
  if (site.pue_reported) {
    const Provenance who = provenance(atlas, "sites", site.id.text, "pue_reported");
    const std::string pue = shortest(*site.pue_reported);
    const double level = overhead_level(site, year.means().overhead);
    return {
        fmt::format("the plant's hours, scaled to a yearly PUE of {} ({}): {:.2f} of the modelled overhead",
                    pue, who.kind.empty() ? "nobody vouches" : who.kind, level),
        fmt::format("设备的逐时模拟，缩放到全年 PUE {}（{}）：为模拟额外能耗的 {:.2f} 倍", pue,
                    who.kind.empty() ? "无人担保" : who.kind, level)};
  }
  if (site.overhead_ratio == 1) return {"the plant's hours, as modelled", "设备的逐时模拟值"};
  const std::string ratio = shortest(site.overhead_ratio);
  return {fmt::format("the plant's hours, {} of the modelled overhead", ratio),
          fmt::format("设备的逐时模拟，取模拟额外能耗的 {} 倍", ratio)};
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
  Words caption(fmt::format("Carbon of a kWh of IT by month and hour, grid average, {}", site.name),
                fmt::format("{}：逐月逐时碳排放（电网平均，每千瓦时 IT）", site.name_zh));
  // Else one number a year, and all that varies is the PUE.
  if (curve_of(atlas, site.id, CurveQuantity::carbon_location) == nullptr) {
    caption.en += "; the grid's hours are not known, so this is the PUE times its yearly average";
    caption.zh += "；电网没有逐时数据，本图即 PUE 乘以电网全年平均";
  }
  return month_by_hour(std::move(caption), "kg CO2 / kWh IT", product(lists.carbon, lists.pue));
}

Page rates_page(const Atlas& atlas, const Site& site, const SiteYear& year) {
  const HourLists lists = hour_lists(atlas, site, year);
  const SiteTerms terms = site_terms(atlas, site, year, year.means());
  const std::string& currency = atlas.country().currency;
  const double it = terms.pue * terms.power_price.value, of_means = mean(lists.pue) * mean(lists.price);
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
          fmt::format("{}每千瓦时 IT 用电全年平均 {:.4f} {}{}。", site.name_zh, it, currency,
                      of_means > 0 ? fmt::format("；平均 PUE 乘以平均电价则为 {:.4f}", of_means) : "")),
      .strong = true});
  FactsBlock facts{.caption = Words("Where the hours come from", "数据来源"), .facts = {}};
  const auto fact = [&](Words name, const Words& span, const char* unit, const char* unit_zh,
                        const Words& origin) {
    facts.facts.emplace_back(std::move(name), Words(fmt::format("{}{}: {}", span.en, unit, origin.en),
                                                    fmt::format("{}{}：{}", span.zh, unit_zh, origin.zh)));
  };
  fact("PUE", span_of(lists.pue, terms.pue), "", "", pue_origin(atlas, site, year));
  const Words price = span_of(lists.price, mean(lists.price));
  fact({"price at the meter", "电表处电价"}, {price.en + " " + currency, price.zh + " " + currency}, " a kWh",
       "，每千瓦时", price_origin(atlas, site));
  fact({"carbon at the meter", "电表处碳排放"}, span_of(lists.carbon, mean(lists.carbon)),
       " kg a kWh, location", " 千克/千瓦时（按所在电网）",
       curve_of(atlas, site.id, CurveQuantity::carbon_location) != nullptr
           ? Words{"by an hourly curve", "按逐时曲线"}
           : Words{"the grid's average of a year, for no source gives its hours",
                   "电网全年平均，因为没有来源给出逐时值"});
  fact({"water", "用水"}, span_of(lists.water, mean(lists.water)), " L a kWh of IT", " 升/千瓦时 IT",
       {"the plant's hours", "设备的逐时模拟"});
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
                                        {"price_per_kwh", terms.power_price.value},
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
