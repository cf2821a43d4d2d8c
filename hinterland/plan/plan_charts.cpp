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
constexpr std::size_t kPoints = 100, kMostCurves = 6, kMostFlows = 40;
constexpr double kNothingKw = 1;  // to a reader

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

// Where a home stands among the places of the map; added where it takes no part in the study.
std::size_t place_of(const StudyPlan& plan, const Site& home, MapBlock& block) {
  const auto at = std::ranges::find(plan.setup.sites, &home);
  if (at != plan.setup.sites.end()) return static_cast<std::size_t>(at - plan.setup.sites.begin());
  const auto added = std::ranges::find(block.places, name_of(home), &MapBlock::Place::name);
  if (added != block.places.end()) return static_cast<std::size_t>(added - block.places.begin());
  block.places.push_back({.name = name_of(home),
                          .latitude_deg = home.latitude_deg,
                          .longitude_deg = home.longitude_deg,
                          .group = "refused",
                          .text = {home.name + ": takes no part; demand comes from here",
                                   home.name_zh + "：不参与；需求来自此处"}});
  return block.places.size() - 1;
}

Words flow_text(const StudyPlan& plan, const AwayFlow& flow, double kw) {
  std::vector<std::string> regions, chinese;
  for (const Region* region : flow.regions) {
    regions.push_back(region->name);
    chinese.push_back(region->name_zh);
  }
  const Site& to = *plan.setup.sites[flow.to];
  return {fmt::format("{} in the mean: demand of {}, at home at {}, served at {}", power_text(kw),
                      names_text(regions), flow.home->name, to.name),
          fmt::format("平均 {}：{} 的需求，本地为{}，由{}服务", power_text(kw), names_text(chinese),
                      flow.home->name_zh, to.name_zh)};
}

// A ring around what a site uses, as much larger as there stands idle.
void add_rings(const std::vector<double>& capacity, const PlanFigures& figures, double most,
               MapBlock& block) {
  for (SiteIndex s = 0; s < capacity.size(); ++s) {
    if (figures.sites[s].idle_kw < kNothingKw || capacity[s] < kNothingKw) continue;
    MapBlock::Place ring = block.places[s];
    ring.size = (capacity[s] + figures.sites[s].idle_kw) / most;
    ring.group = "refused";
    block.places.push_back(std::move(ring));
  }
}

// The demand that is served away from home, as lines from there to where it is served.
void add_flows(const StudyPlan& plan, const PlanFigures& figures, MapBlock& block) {
  const double hours = plan.setup.year_hours();
  double drawn_kwh = 0;
  for (const AwayFlow& flow : figures.away) {
    const double kw = flow.kwh / hours;
    if (block.lines.size() == kMostFlows || kw < kNothingKw) break;
    block.lines.push_back({.from = place_of(plan, *flow.home, block),
                           .to = flow.to,
                           .size = flow.kwh / figures.away.front().kwh,
                           .text = flow_text(plan, flow, kw)});
    drawn_kwh += flow.kwh;
  }
  if (block.lines.empty()) return;
  const std::string widest = power_text(figures.away.front().kwh / hours);
  block.note = {fmt::format("Lines run from the home of demand to the site that serves it instead, the wider "
                            "the more; the widest is {} in the mean.",
                            widest),
                fmt::format("线条由需求的本地指向代为服务的站点，越宽越多；最宽者平均 {}。", widest)};
  if (const std::size_t left_out = figures.away.size() - block.lines.size(); left_out > 0) {
    const std::string share = percent(1 - drawn_kwh / figures.away_kwh);
    block.note.en +=
        fmt::format(" {} thinner ones are left out, {} of what is served away.", left_out, share);
    block.note.zh += fmt::format("另有 {} 条较细者未画，占异地服务的 {}。", left_out, share);
  }
}

}  // namespace

MapBlock plan_map(const Atlas& atlas, const StudyPlan& plan, const PlanFigures& figures) {
  MapBlock block{.caption = {"Where servers run, stand idle, and are built; where demand goes",
                             "服务器在用、闲置与新建之处；需求的去向"},
                 .outlines = atlas.country().id.text,
                 .groups = {{"home", {"metro sites", "城市站点"}},
                            {"allowed", {"clusters, nothing built", "集群，不新建"}},
                            {"best", {"servers bought here", "在此新增服务器"}},
                            {"refused", {"ring: with what stands idle there", "圆环：含闲置容量"}}},
                 .places = {},
                 .lines = {},
                 .note = {}};
  double most = 1;
  const std::vector<double> capacity = capacity_of(plan.setup.numbers, plan.plan.columns);
  for (SiteIndex s = 0; s < capacity.size(); ++s)
    most = std::max(most, capacity[s] + figures.sites[s].idle_kw);
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
                            .size = (used < kNothingKw ? figures.sites[s].idle_kw : used) / most,
                            .group = bought                         ? "best"
                                     : used < kNothingKw            ? "refused"
                                     : site.kind == SiteKind::metro ? "home"
                                                                    : "allowed",
                            .text = {fmt::format("{}: {} kept, {} bought, {} idle", site.name, k, b, i),
                                     fmt::format("{}：保留 {}，新增 {}，闲置 {}", site.name_zh, k, b, i)}});
  }
  add_flows(plan, figures, block);
  add_rings(capacity, figures, most, block);
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
      // Years of a hedge count by their weight already: their sum is a mean year.
      curve.y[t % kDay] +=
          in_megawatts(plan.plan.dispatch.load[numbers.at(t, s)]) * kDay / plan.setup.year_hours();
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
    const double gap = std::min({1.0, relative_gap(step.plan, step.bound), step.estimate});
    if (gap <= 0) continue;
    block.x.push_back(step.seconds);
    block.curves[0].y.push_back(std::log10(gap));
  }
  return block;
}

}  // namespace hinterland
