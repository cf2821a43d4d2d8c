#include "hinterland/impact/hub_talent_page.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hinterland/base/number.hpp"
#include "hinterland/impact/band_words.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

std::string whole(double value) { return grouped(std::llround(value)); }

Words years_text(double years) {
  return std::isfinite(years) ? Words{fmt::format("{:.1f}", years)} : Words{"never", "永不"};
}

Words band_text(const Band& band, std::string (*text)(double)) {
  return band_words(text(band.median), text(band.low), text(band.high));
}

// Two digits behind the point: what a flag is given.
std::string setting(double value) { return fmt::format("{:.2f}", value); }

Words headline(const HubTalent& result) {
  const std::string mw = megawatts(result.hub.wanted), never = percent(result.never);
  const Words after = band_words(years_text(result.full_after.median), years_text(result.full_after.low),
                                 years_text(result.full_after.high));
  return {fmt::format("{} more MW at {} are staffed after {} years; in {} of all cases never.", mw,
                      result.site->name, after.en, never),
          fmt::format("{}新增 {} MW，{} 年后人员配齐；{} 的情形下永远配不齐。", result.site->name_zh, mw,
                      after.zh, never)};
}

FactsBlock stock_facts(const HubTalent& result) {
  FactsBlock block{.caption = {"Skilled people, as the atlas stands", "技术人员（按图集现值）"}, .facts = {}};
  block.facts = {
      {{"on the spot for all of it", "全部投用所需在岗"}, whole(result.needed)},
      {{"come to data centres a year", "每年进入数据中心"}, whole(result.inflow)},
      {{"people of the region", "地区人口"},
       {fmt::format("{} ({} in {})", whole(result.hub.people), result.region->name, result.year),
        fmt::format("{}（{}，{} 年）", whole(result.hub.people), result.region->name_zh, result.year)}},
      {{"runs today, wanted", "现有与新增"},
       fmt::format("{} MW, {} MW", megawatts(result.hub.present), megawatts(result.hub.wanted))},
  };
  return block;
}

TableBlock points_block(const HubTalent& result) {
  TableBlock block{
      .caption = {fmt::format("Year by year: medians and {} bands", percent(result.question.level)),
                  fmt::format("逐年：中位数与 {} 区间", percent(result.question.level))},
      .columns = {{{"after years", "年后"}, Align::right},
                  {{"skilled people there", "在岗技术人员"}, Align::right},
                  {{"MW staffed", "可配人员 MW"}, Align::right},
                  {{"of what is wanted", "占新增"}, Align::right},
                  {{"pay that stays", "留在当地的薪酬"}, Align::right}},
      .rows = {}};
  for (const TalentPoint& one : result.points)
    block.rows.push_back({fmt::format("{:.1f}", one.years), band_text(one.stock, whole),
                          band_text(one.staffed_mw, whole), band_text(one.fill, percent),
                          band_text(one.pay_that_stays, percent)});
  return block;
}

LinesBlock fill_lines(const HubTalent& result) {
  LinesBlock block{.caption = {"Share of what is wanted that is staffed", "新增容量中可配人员的占比"},
                   .x_name = {"years from now", "年后"},
                   .y_name = {"share", "占比"},
                   .x = {},
                   .curves = {{.name = {"low", "低"}, .y = {}},
                              {.name = {"median", "中位"}, .y = {}},
                              {.name = {"high", "高"}, .y = {}}}};
  for (const TalentPoint& one : result.points) {
    block.x.push_back(one.years);
    block.curves[0].y.push_back(one.fill.low);
    block.curves[1].y.push_back(one.fill.median);
    block.curves[2].y.push_back(one.fill.high);
  }
  return block;
}

// What a study, and `assess plan`, may be told.
FactsBlock plan_facts(const HubTalent& result) {
  const std::string& site = result.site->id.text;
  const TalentPoint& end = result.points.back();
  FactsBlock block{.caption = {result.question.plan_years == 1
                                   ? "What it says to a plan, over the first year"
                                   : fmt::format("What it says to a plan, over the first {} years",
                                                 shortest(result.question.plan_years)),
                               fmt::format("对规划的含义（头 {} 年）", shortest(result.question.plan_years))},
                   .facts = {}};
  const Words leaves = band_words(percent(1 - end.pay_that_stays.median),
                                  percent(1 - end.pay_that_stays.high), percent(1 - end.pay_that_stays.low));
  const Words taken = band_words(percent(result.staff_leakage.central), percent(result.staff_leakage.low),
                                 percent(result.staff_leakage.high));
  const auto after_flag = [](const std::string& flag, const Words& band) {
    return Words{flag + band.en, flag + band.zh};
  };
  block.facts = {
      {{"mean fill", "平均填充"}, band_text(result.mean_fill, percent)},
      {{"a ramp of that mean", "同均值的爬坡"},
       after_flag("--set filled_from=", band_text(result.filled_from, setting))},
      {{"a limit", "上限"},
       after_flag(fmt::format("--set limits.talent.of=bought --set limits.talent.sites={} --set "
                              "limits.talent.most_mw_per_year=",
                              site),
                  band_text(result.mw_per_year, whole))},
      {{"pay that goes elsewhere, in the end", "最终流向外地的薪酬"},
       {fmt::format("{} of it: what `assess plan` calls staff_leakage, and takes as {}, "
                    "assumed and not worked out from these flows",
                    leaves.en, taken.en),
        fmt::format("{}：即 `assess plan` 的 staff_leakage，该处取 {}，为假定，并非由这些流量推出", leaves.zh,
                    taken.zh)}},
  };
  return block;
}

TornadoBlock drivers_block(const HubTalent& result) {
  TornadoBlock block{.caption = {"What the mean fill turns on, one figure at its ends at a time",
                                 "平均填充取决于什么（逐一取端点）"},
                     .unit = {},
                     .centre = result.central_mean_fill,
                     .bars = {}};
  for (const FigureSwing& one : result.drivers)
    block.bars.push_back({.name = one.column,
                          .at_low = one.at_low,
                          .at_high = one.at_high,
                          .low_text = shortest(one.low),
                          .high_text = shortest(one.high)});
  return block;
}

}  // namespace

Page hub_talent_page(const HubTalent& result) {
  Page page{.title = {"Skilled people: " + result.site->name, "技术人员：" + result.site->name_zh},
            .blocks = {}};
  page.blocks.emplace_back(Paragraph{.text = headline(result), .strong = true});
  page.blocks.emplace_back(stock_facts(result));
  page.blocks.emplace_back(points_block(result));
  page.blocks.emplace_back(fill_lines(result));
  page.blocks.emplace_back(plan_facts(result));
  if (!result.drivers.empty()) page.blocks.emplace_back(drivers_block(result));
  page.blocks.emplace_back(Paragraph{.text = {"Model: a stock with a constant inflow (graduates who stay and "
                                              "people who return, of whom data centres get a "
                                              "share) and a constant rate of leaving; it begins with just "
                                              "those whom today's halls need. All of its figures "
                                              "are assumed, with ranges: nobody publishes them by region. "
                                              "Left out: how long training takes, wages that "
                                              "rise when people are short, other hubs that hire the same "
                                              "graduates, and the coast's pull as it changes.",
                                              "模型：存量加恒定流入（留下的毕业生与回流者，其中一部分进入数据"
                                              "中心）与恒定离开率；起点恰为现有机房所需。所有数值"
                                              "均为带区间的假定，无分地区公布数。未计：培训时间、紧缺时的涨薪"
                                              "、其他枢纽争抢同一批毕业生、沿海吸引力的变化。"}});
  return page;
}

}  // namespace hinterland
