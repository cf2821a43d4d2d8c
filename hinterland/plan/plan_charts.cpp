#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "hinterland/plan/plan_page.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr std::uint32_t kDay = 24;
constexpr double kBought = 1e-3;  // of a site, that its mark on the map says so
constexpr std::size_t kPoints = 100, kMostCurves = 6;

Words name_of(const Site& site) { return {site.name, site.name_zh}; }

double in_megawatts(double kw) { return kw / kKilowattsPerMegawatt; }

// Sites by a figure, the largest first, those with none left out.
std::vector<SiteIndex> largest(const PlanFigures& figures, double SiteFigures::* by) {
  std::vector<SiteIndex> out;
  for (SiteIndex s = 0; s < figures.sites.size(); ++s)
    if (figures.sites[s].*by > 0) out.push_back(s);
  std::ranges::stable_sort(out, std::greater{}, [&](SiteIndex s) { return figures.sites[s].*by; });
  if (out.size() > kMostCurves) out.resize(kMostCurves);
  return out;
}

}  // namespace

MapBlock plan_map(const Atlas& atlas, const StudyPlan& plan, const PlanFigures& figures) {
  MapBlock block{.caption = {"Where servers run, stand idle, and are built", "服务器在用、闲置与新建之处"},
                 .outlines = atlas.country().id.text,
                 .groups = {{"home", {"metro sites", "城市站点"}},
                            {"allowed", {"clusters, nothing built", "集群，不新建"}},
                            {"best", {"servers bought here", "在此新增服务器"}},
                            {"refused", {"unused", "未使用"}}},
                 .places = {},
                 .lines = {}};
  double most = 1;
  for (const double kw : capacity_of(plan.setup.numbers, plan.plan.columns)) most = std::max(most, kw);
  for (SiteIndex s = 0; s < plan.setup.sites.size(); ++s) {
    const Site& site = *plan.setup.sites[s];
    const double kept = capacity_at(plan, s, ColumnKind::kept),
                 filled = capacity_at(plan, s, ColumnKind::filled),
                 fresh = capacity_at(plan, s, ColumnKind::fresh), used = kept + filled + fresh;
    const bool bought = bought_kw(plan) > 0 && filled + fresh > kBought * used;
    const std::string k = power_text(kept), b = power_text(filled + fresh),
                      i = power_text(figures.sites[s].idle_kw);
    block.places.push_back({.name = name_of(site),
                            .latitude_deg = site.latitude_deg,
                            .longitude_deg = site.longitude_deg,
                            .size = used / most,
                            .group = bought                         ? "best"
                                     : used < 1                     ? "refused"
                                     : site.kind == SiteKind::metro ? "home"
                                                                    : "allowed",
                            .text = {fmt::format("{}: {} kept, {} bought, {} idle", site.name, k, b, i),
                                     fmt::format("{}：保留 {}，新增 {}，闲置 {}", site.name_zh, k, b, i)}});
  }
  return block;
}

BarsBlock capacity_bars(const StudyPlan& plan, const PlanFigures& figures) {
  BarsBlock block{.caption = {"Capacity of each site", "各站点容量"},
                  .unit = "MW",
                  .rows = {},
                  .parts = {{.name = {"kept", "保留"}, .values = {}},
                            {.name = {"into empty racks", "填入空机架"}, .values = {}},
                            {.name = {"new buildings", "新建"}, .values = {}},
                            {.name = {"left idle", "闲置"}, .values = {}}},
                  .marks = {}};
  for (SiteIndex s = 0; s < plan.setup.sites.size(); ++s) {
    block.rows.push_back(name_of(*plan.setup.sites[s]));
    for (std::size_t kind = 0; kind < 3; ++kind)
      block.parts[kind].values.push_back(in_megawatts(capacity_at(plan, s, static_cast<ColumnKind>(kind))));
    block.parts[3].values.push_back(in_megawatts(figures.sites[s].idle_kw));
  }
  return block;
}

LinesBlock day_of_load(const StudyPlan& plan, const PlanFigures& figures) {
  LinesBlock block{.caption = {"A mean day: load of the busiest sites", "平均日负载：最忙的站点"},
                   .x_name = {"hour of the day", "时刻"},
                   .y_name = {"load, MW", "负载，MW"},
                   .x = {},
                   .curves = {}};
  const SitingProblem& numbers = plan.setup.numbers;
  for (std::uint32_t h = 0; h < kDay; ++h) block.x.push_back(h);
  for (const SiteIndex s : largest(figures, &SiteFigures::served_kwh)) {
    LinesBlock::Curve curve{.name = name_of(*plan.setup.sites[s]), .y = std::vector<double>(kDay)};
    for (std::uint32_t t = 0; t < numbers.hours; ++t)
      curve.y[t % kDay] += in_megawatts(plan.plan.dispatch.load[numbers.at(t, s)]) * kDay / numbers.hours;
    block.curves.push_back(std::move(curve));
  }
  return block;
}

LinesBlock price_duration(const Atlas& atlas, const StudyPlan& plan, const PlanFigures& figures) {
  const SitingProblem& numbers = plan.setup.numbers;
  const std::string& money = atlas.country().currency;
  LinesBlock block{
      .caption = {"What a kW is worth, hour by hour, the dearest hours first", "每千瓦容量价值，从高到低"},
      .x_name = {"share of the hours, %", "小时占比，%"},
      .y_name = {"scarcity, " + money + " a kWh", "稀缺价格，" + money + "/kWh"},
      .x = {},
      .curves = {}};
  const std::size_t points = std::min<std::size_t>(kPoints, numbers.hours);
  for (std::size_t i = 0; i < points; ++i)
    block.x.push_back(100.0 * static_cast<double>(i) / static_cast<double>(points));
  for (const SiteIndex s : largest(figures, &SiteFigures::worth)) {
    std::vector<double> prices;
    for (std::uint32_t t = 0; t < numbers.hours; ++t)
      prices.push_back(plan.plan.prices.capacity[numbers.at(t, s)]);
    std::ranges::sort(prices, std::greater{});
    LinesBlock::Curve curve{.name = name_of(*plan.setup.sites[s]), .y = {}};
    for (std::size_t i = 0; i < points; ++i) curve.y.push_back(prices[i * prices.size() / points]);
    block.curves.push_back(std::move(curve));
  }
  return block;
}

LinesBlock gap_against_time(const StudyPlan& plan) {
  LinesBlock block{.caption = {"How the plan was found: the solver's own gap in powers of ten",
                               "求解过程：间隙（10 的幂）"},
                   .x_name = {"seconds", "秒"},
                   .y_name = {"log10 of the gap", "间隙的对数"},
                   .x = {},
                   .curves = {{.name = {"gap", "间隙"}, .y = {}}}};
  for (const StudyProgress& step : plan.steps) {
    const double certified = step.plan < kNoLimit ? (step.plan - step.bound) / step.plan : 1;
    const double gap = std::min({1.0, certified, step.estimate});
    if (gap <= 0) continue;
    block.x.push_back(step.seconds);
    block.curves[0].y.push_back(std::log10(gap));
  }
  return block;
}

}  // namespace hinterland
