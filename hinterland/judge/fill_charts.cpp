#include "hinterland/judge/fill_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "hinterland/cost/hour_lists.hpp"
#include "hinterland/judge/fill_sentence.hpp"
#include "hinterland/report/chart.hpp"
#include "hinterland/report/figure.hpp"
#include "hinterland/report/month_by_hour.hpp"

namespace hinterland {

BarsBlock fill_bars(const Atlas& atlas, const Fill& fill, std::size_t top) {
  BarsBlock block{
      .caption = {"Floor and room per idle IT kWh", "每闲置 IT 千瓦时的底价与空间"},
      .unit = atlas.country().currency + "/kWh",
      .rows = {},
      .parts = {{.name = {"floor", "底价"}, .values = {}}, {.name = {"room", "空间"}, .values = {}}},
      .marks = {{.name = {"seller's floor", "卖方底价"}, .at = {}},
                {.name = {"ceiling, home built", "上限（本地新建）"}, .at = {}},
                {.name = {"ceiling, home sunk", "上限（本地已沉没）"}, .at = {}}}};
  for (std::size_t i = 0; i < std::min(top, fill.steps.size()); ++i) {
    const FillPair& pair = fill.steps[i].pair;
    const auto per_kwh = [&](const std::optional<Money>& money) -> std::optional<double> {
      if (!money) return std::nullopt;
      return (*money / pair.idle_energy).value;
    };
    block.rows.emplace_back(fmt::format("{}, {}", pair.workload->name, pair.region->name),
                            fmt::format("{}，{}", chinese_name_of(*pair.workload), pair.region->name_zh));
    block.parts[0].values.push_back((pair.floor / pair.idle_energy).value);
    block.parts[1].values.push_back(pair.room_per_kwh().value);
    block.marks[0].at.push_back(per_kwh(pair.floor));
    block.marks[1].at.push_back(per_kwh(pair.if_built));
    block.marks[2].at.push_back(per_kwh(pair.if_sunk));
  }
  return block;
}

HeatBlock fill_hours(const Atlas& atlas, const RateYear& rates, const FillQuestion& question,
                     const Fill& fill) {
  return month_by_hour(
      {"The floor of an idle IT kWh, by month and hour", "每闲置 IT 千瓦时的底价（月份 × 小时）"},
      atlas.country().currency + "/kWh",
      floor_by_hour(atlas, *fill.site, rates.at(fill.site->id), question.charges));
}

Words hours_text(const Atlas& atlas, const HeatBlock& hours) {
  const auto [least, most] = std::ranges::minmax_element(hours.values);
  const auto when = [&](auto place) -> Words {
    const auto index = static_cast<std::size_t>(place - hours.values.begin());
    const Words &month = hours.rows[index / 24], &hour = hours.columns[index % 24];
    return {fmt::format("{} in {} at {}:00", compact(*place), month.en, hour.en),
            fmt::format("{}（{} {}:00）", compact(*place), month.zh, hour.en)};
  };
  const std::string& currency = atlas.country().currency;
  if (visible_spread(*least, *most) == 0) {
    return {fmt::format("The floor is {} {} per IT kWh in every hour.", compact(*least), currency),
            fmt::format("每个小时的底价都是每 IT 千瓦时 {} {}。", compact(*least), currency)};
  }
  const Words low = when(least), high = when(most);
  return {fmt::format("The floor by hour, {} per IT kWh: from {} to {} (means of a month's days).", currency,
                      low.en, high.en),
          fmt::format("各小时的底价（{}，每 IT 千瓦时，按月内各日平均）：从 {} 到 {}。", currency, low.zh,
                      high.zh)};
}

MapBlock fill_map(const Atlas& atlas, const Fill& fill) {
  const Site& site = *fill.site;
  const std::string idle = megawatts(fill.idle);
  MapBlock block{.caption = {fmt::format("Where the work for {} comes from", site.name),
                             fmt::format("{}的业务来自何处", site.name_zh)},
                 .outlines = atlas.country().id.text,
                 .groups = {{"best", {"idle servers", "闲置服务器所在地"}},
                            {"home", {"homes of work that pays", "值得承接的业务的本地"}},
                            {"refused", {"homes of no work that pays", "没有值得承接的业务"}}},
                 .places = {},
                 .lines = {}};
  block.places.push_back({.name = {site.name, site.name_zh},
                          .latitude_deg = site.latitude_deg,
                          .longitude_deg = site.longitude_deg,
                          .size = 1,
                          .group = "best",
                          .text = {fmt::format("{}: {} MW stand idle", site.name, idle),
                                   fmt::format("{}：{} MW 闲置", site.name_zh, idle)}});
  for (const Customer& customer : fill.customers) {
    std::size_t paying = 0, fitting = 0;
    Kilowatts power;
    for (const FillStep& step : fill.steps) {
      if (step.pair.home != customer.home) continue;
      ++paying;
      if (!step.fits) continue;
      ++fitting;
      power += step.pair.power;
    }
    const Words text{fmt::format("{}: {} kinds of work pay, {} fit and take {} MW", customer.home->name,
                                 paying, fitting, megawatts(power)),
                     fmt::format("{}：{} 类业务值得承接，其中 {} 类容纳得下，占用 {} MW",
                                 customer.home->name_zh, paying, fitting, megawatts(power))};
    const double share = fill.idle.value > 0 ? std::min(1.0, power / fill.idle) : 0;
    if (paying > 0)
      block.lines.push_back({.from = block.places.size(), .to = 0, .strong = fitting > 0, .text = text});
    block.places.push_back({.name = {customer.home->name, customer.home->name_zh},
                            .latitude_deg = customer.home->latitude_deg,
                            .longitude_deg = customer.home->longitude_deg,
                            .size = share,
                            .group = paying > 0 ? "home" : "refused",
                            .text = text});
  }
  return block;
}

}  // namespace hinterland
