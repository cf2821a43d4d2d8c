#include "hinterland/plan/plan_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "hinterland/plan/plan_result.hpp"
#include "hinterland/plan/study_rules.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kMostCuts = 8, kMostChanges = 6;

std::string mw_or_dash(const StudyPlan& plan, double kw) {
  return kw < least_told_kw(plan) ? "-" : megawatts(Kilowatts{kw});
}

// What the money and the energy are for: "3 days from 07-10".
std::string hours_planned(const Study& study, const StudyPlan& plan) {
  std::string out = fmt::format("{} from {}", counted(plan.setup.year_hours() / 24, "day"), study.start);
  if (plan.setup.years.size() > 1)
    out += fmt::format("; the mean of {} years by their probabilities", plan.setup.years.size());
  return out;
}

FactsBlock certificate(const Study& study, const Atlas& atlas, const StudyPlan& plan,
                       const PlanFigures& figures) {
  const std::string& money = atlas.country().currency;
  const double hours = plan.setup.year_hours();
  FactsBlock block{.caption = {"The certificate", "证明"}, .facts = {}};
  const auto add = [&](Words name, std::string text) {
    block.facts.emplace_back(std::move(name), Words(std::move(text)));
  };
  add({"planned", "规划时段"}, hours_planned(study, plan));
  add({"this plan costs", "本方案成本"}, fmt::format("{} {}", compact(plan.objective()), money));
  if (plan.keeps_rules())
    add({"no plan costs less than", "任何方案不低于"}, fmt::format("{} {}", compact(plan.bound()), money));
  if (plan.relaxed)
    add({"nor, with windows to the hour", "窗口精确到小时时不低于"},
        fmt::format("{} {}", compact(plan.relaxed->bound), money));
  if (plan.keeps_rules()) add({"gap", "间隙"}, fmt::format("{:.2g} of the cost", plan.gap()));
  if (plan.relaxed)
    add({"bracket of the windows", "窗口区间"}, fmt::format("{:.2g} % of the cost", 100 * plan.bracket()));
  add({"demand", "需求"},
      fmt::format("{} in the mean, {} at its highest", power_text(plan.setup.demand_kwh / hours),
                  power_text(plan.setup.demand_peak_kw)));
  if (const double left = study.share_of_no_class(); left > 0)
    add({"demand_mw in no class", "未归入任何类别的 demand_mw"}, percent(left));
  add({"served away from home", "异地服务"}, percent(figures.away_kwh / plan.setup.demand_kwh));
  add({"served in the clusters", "集群服务"}, percent(figures.clusters_kwh / plan.setup.demand_kwh));
  add({"left unserved", "未服务"}, energy_text(plan.plan.dispatch.unserved_kwh));
  add({"energy at the meter", "用电"}, energy_text(figures.facility_kwh));
  add({"carbon of the energy", "碳排放"}, mass_text(figures.carbon_kg));
  add({"water", "用水"}, volume_text(figures.water_litres));
  return block;
}

constexpr double kOfTheWhole = 1e-5;  // less of the cost is none to a reader

FactsBlock parts_of_cost(const Atlas& atlas, const StudyPlan& plan) {
  const PlanCost cost = cost_of(plan);
  FactsBlock block{.caption = {"What it costs, by part, " + atlas.country().currency,
                               "成本构成，" + atlas.country().currency},
                   .facts = {}};
  const auto add = [&](Words name, double money, const std::string& how = "") {
    if (std::abs(money) > kOfTheWhole * std::abs(plan.objective()))
      block.facts.emplace_back(std::move(name), Words(compact(money) + how));
  };
  add({"keeping what stands", "保留现有"}, cost.kept);
  add({"servers into empty racks", "空机架增设服务器"}, cost.filled);
  add({"new buildings and their servers", "新建机房与服务器"}, cost.built);
  add({"opening sites", "启用站点"}, cost.opening);
  add({"energy", "能源"}, cost.energy);
  add({"network", "网络"}, cost.network,
      fmt::format(": {} at {:.3g} a GB", plan.setup.offer->name, plan.setup.gb_price));
  add({"work left unserved", "未服务的工作"}, cost.unserved,
      fmt::format(": {} at {:.3g} a kWh, the study's price", energy_text(plan.plan.dispatch.unserved_kwh),
                  plan.setup.unserved_price));
  add({"moving people", "人口迁移"}, cost.people);
  return block;
}

TableBlock site_table(const Atlas& atlas, const StudyPlan& plan, const PlanFigures& figures) {
  TableBlock block{.caption = {"Sites; a kW is worth what one more of it would save over the study",
                               "站点；每千瓦价值为增加一千瓦所省"},
                   .columns = {{{"site", "站点"}},
                               {{"kept, MW", "保留，MW"}, Align::right},
                               {{"into empty racks, MW", "填入空机架，MW"}, Align::right},
                               {{"built, MW", "新建，MW"}, Align::right},
                               {{"idle, MW", "闲置，MW"}, Align::right},
                               {{"mean use", "平均利用"}, Align::right},
                               {{"a kW is worth", "每千瓦价值"}, Align::right},
                               {{"a server costs", "服务器成本"}, Align::right},
                               {{"with building", "含建筑"}, Align::right}},
                   .rows = {}};
  const std::string& money = atlas.country().currency;
  const std::vector<double> capacity = capacity_of(plan.setup.numbers, plan.plan.columns);
  // What the gap leaves of a purchase is none (bought_kw()).
  const auto bought = [&, buys = bought_kw(plan) > 0](SiteIndex site, ColumnKind kind) {
    return mw_or_dash(plan, buys ? capacity_at(plan, site, kind) : 0);
  };
  for (SiteIndex s = 0; s < plan.setup.sites.size(); ++s) {
    std::string server = "-", built = "-";
    for (std::size_t k = 0; k < plan.setup.kinds.size(); ++k) {
      const CapacityColumn& column = plan.setup.numbers.columns[k];
      if (column.site != s || column.most == 0 || plan.setup.kinds[k] == ColumnKind::kept) continue;
      (plan.setup.kinds[k] == ColumnKind::filled ? server : built) =
          fmt::format("{} {}", compact(column.cost), money);
    }
    block.rows.push_back(
        {Words{plan.setup.sites[s]->name, plan.setup.sites[s]->name_zh},
         mw_or_dash(plan, capacity_at(plan, s, ColumnKind::kept)), bought(s, ColumnKind::filled),
         bought(s, ColumnKind::fresh), mw_or_dash(plan, figures.sites[s].idle_kw),
         capacity[s] > 0 ? percent(figures.sites[s].served_kwh / capacity[s] / plan.setup.year_hours()) : "-",
         fmt::format("{} {}", compact(figures.sites[s].worth), money), server, built});
  }
  return block;
}

constexpr double kThousand = 1000;  // kW a MW, kg a t, litres a m3

// Caps and limits, what the plan makes of them, and what a looser one would save.
TableBlock rules(const Atlas& atlas, const StudyPlan& plan) {
  const std::string& money = atlas.country().currency;
  TableBlock block{.caption = {"Caps and limits", "上限与限制"},
                   .columns = {{{"rule", "规则"}},
                               {{"asked", "要求"}, Align::right},
                               {{"this plan", "本方案"}, Align::right},
                               {{"looser by one, it saves", "放宽一单位可省"}, Align::right}},
                   .rows = {}};
  const auto worth = [&](double price, const char* unit) {
    return fmt::format("{} {} a {}", compact(kThousand * price), money, unit);
  };
  for (std::size_t c = 0; c < plan.setup.caps.size(); ++c) {
    const bool carbon = plan.setup.caps[c].kind == CapKind::carbon;
    const auto text = carbon ? mass_text : volume_text;
    block.rows.push_back({"cap " + plan.setup.caps[c].key, text(plan.setup.numbers.caps[c].most),
                          text(plan.plan.dispatch.cap_use[c]),
                          worth(plan.plan.prices.caps[c], carbon ? "t" : "m3")});
  }
  for (std::size_t r = 0; r < plan.setup.limits.size(); ++r) {
    const LimitRow& row = plan.setup.limits[r];
    block.rows.push_back({name_of(row), limit_text(row, row.asked),
                          limit_text(row, limit_use(plan.setup, row, plan.plan.columns)),
                          worth(plan.plan.prices.rows[r], "MW")});
  }
  return block;
}

void add_cuts(const Study& study, const StudyPlan& plan, Page& page) {
  TableBlock block{.caption = {"What surviving asks for, the dearest first", "抗灾要求，按价格排序"},
                   .columns = {{{"if", "条件"}}, {{"a kW of it costs", "每千瓦代价"}, Align::right}},
                   .rows = {}};
  std::vector<std::size_t> order;
  const auto price = [&](std::size_t cut) { return plan.plan.prices.rows[plan.row_of(cut)]; };
  for (std::size_t r = 0; r < plan.cuts.size(); ++r)
    if (price(r) > 0.01) order.push_back(r);
  std::ranges::stable_sort(order, std::greater{}, price);
  if (order.size() > kMostCuts) order.resize(kMostCuts);
  if (order.empty() && !plan.setup.survival.groups.empty() && plan.survives()) {
    std::vector<std::string> names;
    for (const Hazard* hazard : plan.setup.hazards) names.push_back(hazard->name);
    page.blocks.emplace_back(Paragraph{
        .text = {fmt::format("Surviving {} costs nothing: the others have room enough in every hour.",
                             names_text(names)),
                 fmt::format("承受{}不增加成本：其余站点各时段均有余地。", names_text(names))}});
  }
  for (const std::size_t r : order)
    block.rows.push_back({in_words(study, plan, plan.cuts[r]), compact(price(r))});
  if (!block.rows.empty()) page.blocks.emplace_back(std::move(block));
}

Paragraph conflict_text(const std::vector<std::string>& conflict, bool first) {
  if (conflict.empty())
    return {.text = {"Even without any of these rules not all can be served: where it may run, no more can "
                     "be kept, filled or built.",
                     "即使没有任何规则，也无法全部服务：可服务的站点均无余地。"}};
  const std::string rules = fmt::format("{}", fmt::join(conflict, "; "));
  if (conflict.size() == 1)
    return {.text = {fmt::format("{}: {}.", first ? "One rule cannot be kept" : "Nor can another", rules),
                     fmt::format("以下规则无法遵守：{}。", rules)}};
  return {.text = {fmt::format("{} {} cannot be kept together, though any {} of them could: {}.",
                               first ? "These" : "Apart from that, these", conflict.size(),
                               conflict.size() - 1, rules),
                   fmt::format("以下规则不能同时遵守：{}。", rules)}};
}

// What is the matter with a plan that does not do all that was asked, or does it at a price.
void add_why(const Study& study, const Atlas& atlas, const StudyPlan& plan, Page& page) {
  for (const std::string& reason : because(study, plan))
    page.blocks.emplace_back(Paragraph{.text = "Because " + reason + "."});
  for (std::size_t c = 0; c < plan.conflicts.size(); ++c)
    page.blocks.emplace_back(conflict_text(plan.conflicts[c], c == 0));
  if (plan.unserved_by_choice) {
    const std::string price = fmt::format("{} {}", compact(study.unserved.value), atlas.country().currency);
    page.blocks.emplace_back(Paragraph{
        .text = {
            fmt::format("No rule is in the way of serving all; to leave this work unserved, at {} a kWh, is "
                        "cheaper than capacity for it.",
                        price),
            fmt::format("并非规则所限：以每千瓦时 {} 留下未服务的工作，比为其置备容量便宜。", price)}});
  }
  if (plan.plan.columns.empty()) return;
  if (plan.answers() && !plan.feasible())
    page.blocks.emplace_back(
        Paragraph{.text = {"Whether a rule is in the way of serving the rest was not found out.",
                           "其余需求未服务是否因规则所限，尚未求得。"}});
  if (plan.stopped)
    page.blocks.emplace_back(
        Paragraph{.text = {"Stopped before the search was done; this is the best so far.",
                           "搜索未完即停止；此为当前最优。"}});
  else if (plan.keeps_rules() && plan.gap() > plan.asked_gap)
    page.blocks.emplace_back(Paragraph{
        .text = {fmt::format("A gap of {:.2g} was asked for; {:.2g} is as near as this search comes.",
                             plan.asked_gap, plan.gap()),
                 fmt::format("所求间隙为 {:.2g}；本搜索所及为 {:.2g}。", plan.asked_gap, plan.gap())}});
}

// The purchase at each site that is nearest to paying though it is not made, the nearest first.
TableBlock nearly_pays(const StudyPlan& plan, const PlanFigures& figures) {
  TableBlock block{
      .caption = {"What would change this plan: servers that nearly pay", "什么会改变方案：接近可行的采购"},
      .columns = {{{"site", "站点"}},
                  {{"not done", "未采用"}},
                  {{"would pay if it cost", "若成本降低则可行"}, Align::right}},
      .rows = {}};
  static const Words kKinds[] = {{"keep all that stands there", "保留全部服务器"},
                                 {"fill its empty racks", "填满空机架"},
                                 {"build there", "新建"}};
  struct Miss {
    double share;  // of its cost that it does not earn
    std::size_t column;
  };
  std::vector<std::optional<Miss>> nearest(plan.setup.sites.size());
  for (std::size_t k = 0; k < plan.setup.kinds.size(); ++k) {
    const CapacityColumn& column = plan.setup.numbers.columns[k];
    double worth = figures.sites[column.site].worth;
    for (std::size_t r = 0; r < plan.setup.limits.size(); ++r)
      worth += plan.plan.prices.rows[r] * plan.setup.numbers.rows[r].weight[k];
    if (plan.plan.columns[k] > least_told_kw(plan) || column.most == 0 || column.cost <= 0) continue;
    const double misses = 1 - worth / column.cost;
    if (misses <= 0) continue;
    if (!nearest[column.site] || misses < nearest[column.site]->share) nearest[column.site] = Miss{misses, k};
  }
  std::vector<Miss> order;
  for (const auto& miss : nearest)
    if (miss) order.push_back(*miss);
  std::ranges::stable_sort(order, {}, &Miss::share);
  if (order.size() > kMostChanges) order.resize(kMostChanges);
  for (const Miss& miss : order) {
    const Site& site = *plan.setup.sites[plan.setup.numbers.columns[miss.column].site];
    block.rows.push_back(
        {Words{site.name, site.name_zh}, kKinds[static_cast<std::size_t>(plan.setup.kinds[miss.column])],
         Words{fmt::format("{} less", percent(miss.share)), fmt::format("低 {}", percent(miss.share))}});
  }
  return block;
}

void add_what_would_change(const StudyPlan& plan, const PlanFigures& figures, Page& page) {
  if (TableBlock block = nearly_pays(plan, figures); !block.rows.empty())
    page.blocks.emplace_back(std::move(block));
  if (plan.feasible())
    page.blocks.emplace_back(Paragraph{
        .text = {"At which price each site is left, and which other plans cost hardly more: `hinterland plan "
                 "alternatives` tells.",
                 "各站点在何价格下退出、哪些方案成本相近：见 `hinterland plan alternatives`。"}});
}

// Of a plan that leaves more than this unserved, where the rest runs is not the news.
constexpr double kHardlyServed = 0.99;

}  // namespace

Words plan_sentence(const Atlas& atlas, const StudyPlan& plan, const PlanFigures& figures) {
  if (!plan.conflicts.empty()) return {"No plan can do all that is asked.", "没有方案能满足全部要求。"};
  if (!plan.answers())
    return {"This plan does not do all that is asked, and whether any can was not found out.",
            "本方案未满足全部要求；是否有方案能够满足，尚未求得。"};
  const std::string cost = fmt::format("{} {}", compact(plan.objective()), atlas.country().currency);
  std::string away = percent(figures.away_kwh / plan.setup.demand_kwh) + " of the demand runs away from home",
              away_zh = percent(figures.away_kwh / plan.setup.demand_kwh) + " 的需求异地运行";
  if (!plan.serves_all()) {
    const double share = plan.plan.dispatch.unserved_kwh / plan.setup.demand_kwh;
    const std::string unserved = percent(share);
    if (share > kHardlyServed)
      return {fmt::format(
                  "Serve next to nothing: {} of the demand is left unserved, at {:.3g} {} a kWh, {} in all.",
                  unserved, plan.setup.unserved_price, atlas.country().currency, cost),
              fmt::format("几乎不予服务：{} 的需求未服务，每千瓦时计 {:.3g} {}，总计 {}。", unserved,
                          plan.setup.unserved_price, atlas.country().currency, cost)};
    away += fmt::format(", {} is left unserved", unserved);
    away_zh += fmt::format("，{} 不予服务", unserved);
  }
  if (bought_kw(plan) == 0)
    return {fmt::format("Fill what stands idle; buy and build nothing: {}, {} in all.", away, cost),
            fmt::format("用好闲置，不购不建：{}，总计 {}。", away_zh, cost)};
  const auto size = [&](ColumnKind kind, const char* nothing) {
    return total_kw(plan, kind) < least_told_kw(plan) ? nothing : power_text(total_kw(plan, kind));
  };
  const std::string kept = power_text(total_kw(plan, ColumnKind::kept));
  return {fmt::format("Keep {}, put {} of servers into empty racks, build {}: {}, {} in all.", kept,
                      size(ColumnKind::filled, "none"), size(ColumnKind::fresh, "nothing"), away, cost),
          fmt::format("保留 {}，空机架增加 {}，新建 {}：{}，总计 {}。", kept, size(ColumnKind::filled, "无"),
                      size(ColumnKind::fresh, "无"), away_zh, cost)};
}

Page plan_page(const Study& study, const Atlas& atlas, const StudyPlan& plan,
               const Counterfactuals* compared) {
  Page page{.title = study.name.empty() ? Words{"Plan", "规划"} : Words{study.name}, .blocks = {}};
  if (plan.plan.columns.empty()) {
    page.blocks.emplace_back(
        Paragraph{.text = plan.stopped ? Words{"Stopped before any plan was found.", "未求得任何方案即停止。"}
                                       : Words{"No plan keeps every rule.", "没有方案满足全部规则。"},
                  .strong = true});
    add_why(study, atlas, plan, page);
    if (compared != nullptr) add_counterfactuals(atlas, *compared, page);
    return page;
  }
  const PlanFigures figures = figures_of(plan);
  page.blocks.emplace_back(Paragraph{.text = plan_sentence(atlas, plan, figures), .strong = true});
  add_why(study, atlas, plan, page);
  page.blocks.emplace_back(certificate(study, atlas, plan, figures));
  page.blocks.emplace_back(parts_of_cost(atlas, plan));
  page.blocks.emplace_back(site_table(atlas, plan, figures));
  page.blocks.emplace_back(plan_map(atlas, plan, figures));
  page.blocks.emplace_back(capacity_bars(plan, figures));
  if (TableBlock block = rules(atlas, plan); !block.rows.empty()) page.blocks.emplace_back(std::move(block));
  add_cuts(study, plan, page);
  add_what_would_change(plan, figures, page);
  if (compared != nullptr) add_counterfactuals(atlas, *compared, page);
  page.blocks.emplace_back(day_of_load(plan, figures));
  page.blocks.emplace_back(price_duration(atlas, plan, figures));
  page.blocks.emplace_back(gap_against_time(plan));
  return page;
}

}  // namespace hinterland
