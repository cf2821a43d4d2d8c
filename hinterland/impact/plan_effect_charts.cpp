#include "hinterland/impact/plan_effect_charts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kBillion = 1e9, kYearsAhead = 10, kYearStep = 0.5;

}  // namespace

LinesBlock jobs_over_time(const PlanEffect& effect) {
  const bool drawn = !effect.drawn.empty();
  LinesBlock block{.caption = {"Jobs there over time: built, then run", "当地岗位随时间变化：先建后用"},
                   .x_name = {"years from the beginning", "自开工起的年数"},
                   .y_name = {"people", "人"},
                   .x = {},
                   .curves = {{.name = {"as the figures stand", "按现有数值"}, .y = {}}}};
  if (drawn)
    for (const Words& name : {Words{"low", "低"}, Words{"median", "中位"}, Words{"high", "高"}})
      block.curves.push_back({.name = name, .y = {}});
  for (double t = 0; t <= kYearsAhead; t += kYearStep) {
    const auto at_work = [t](const PlanOutcome& one) {
      const double years = one.all.building_jobs > 0 ? one.all.person_years() / one.all.building_jobs : 0;
      return t < years ? one.all.building_jobs : one.all.jobs();
    };
    block.x.push_back(t);
    block.curves[0].y.push_back(at_work(effect.central));
    if (!drawn) continue;
    const Band band = effect.band(at_work);
    block.curves[1].y.push_back(band.low);
    block.curves[2].y.push_back(band.median);
    block.curves[3].y.push_back(band.high);
  }
  return block;
}

BarsBlock uses_bars(const PlanEffect& effect) {
  const SiteEffect& all = effect.central.all;
  BarsBlock bars{.caption = {"Permanent jobs there of each billion invested", "每十亿投资的当地长期岗位"},
                 .unit = "jobs",
                 .rows = {{"computing", "算力"}},
                 .parts = {{.name = {"direct", "直接"}, .values = {}},
                           {.name = {"indirect", "间接"}, .values = {}},
                           {.name = {"induced", "诱发"}, .values = {}}},
                 .marks = {}};
  const double billions = all.investment() / kBillion;
  const auto add = [&](double direct, double indirect, double induced) {
    bars.parts[0].values.push_back(direct / billions);
    bars.parts[1].values.push_back(indirect / billions);
    bars.parts[2].values.push_back(induced / billions);
  };
  add(all.staff, all.suppliers.jobs, all.induced.jobs);
  for (std::size_t u = 0; u < effect.uses.size(); ++u) {
    const UseEffect& use = effect.central.uses[u];
    bars.rows.emplace_back(effect.uses[u].name, effect.uses[u].name_zh);
    add(use.direct.jobs, use.indirect.jobs, use.induced.jobs);
  }
  return bars;
}

MapBlock added_map(const Atlas& atlas, const PlanEffect& effect) {
  MapBlock map{
      .caption = {"MW added: a mark's area", "新增 MW：圆点面积"},
      .outlines = atlas.country().id.text,
      .groups = {{.id = "cluster", .name = {"cluster", "集群"}}, {.id = "metro", .name = {"metro", "都市"}}},
      .places = {},
      .lines = {},
      .note = {}};
  double most = 0;
  for (const SiteEffect& one : effect.central.sites) most = std::max(most, one.added_mw);
  for (std::size_t i = 0; i < effect.plan.sites.size(); ++i) {
    const SiteEffect& one = effect.central.sites[i];
    if (one.added_mw <= 0) continue;
    const Site& site = atlas.sites.at(effect.plan.sites[i].site);
    map.places.push_back(
        {.name = {site.name, site.name_zh},
         .latitude_deg = site.latitude_deg,
         .longitude_deg = site.longitude_deg,
         .size = one.added_mw / most,
         .group = site.kind == SiteKind::metro ? "metro" : "cluster",
         .text = {fmt::format("{} MW, {} local jobs", compact(one.added_mw), compact(one.jobs())),
                  fmt::format("{} MW，当地岗位 {}", compact(one.added_mw), compact(one.jobs()))}});
  }
  return map;
}

}  // namespace hinterland
