#include <fmt/format.h>

#include <cmath>

#include "hinterland/plan/counterfactual.hpp"
#include "hinterland/plan/plan_figures.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

Words title_of(const Counterfactual& row) {
  static const Words kNames[] = {
      {"free", "自由"}, {"stay", "留守"}, {"fill", "填满闲置"}, {"build", "新建"}, {"people", "人口迁移"}};
  return kNames[static_cast<int>(row.choice)];
}

Paragraph what_they_mean(const Counterfactuals& all) {
  return {
      .text = {
          fmt::format("stay: demand is served at home. fill: it moves, and nothing is bought. "
                      "build: new clusters, as if "
                      "nothing stood idle there. people: they move to the study's region, and their "
                      "demand with them. free: all of "
                      "that at once{}.",
                      all.free().with_people ? "; people move" : ""),
          "留守：本地服务；填满闲置：迁移而不采购；新建：视集群无闲置；人口迁移：人随需求迁往研究所定地区；"
          "自由：以上皆可。"}};
}

TableBlock choices(const Atlas& atlas, const Counterfactuals& all) {
  const std::string& money = atlas.country().currency;
  TableBlock block{.caption = {"What else could be done", "还能怎么做"},
                   .columns = {{{"choice", "选择"}},
                               {{"cost, " + money, "成本，" + money}, Align::right},
                               {{"against stay", "相对留守"}, Align::right},
                               {{"gap", "间隙"}, Align::right},
                               {{"bought", "采购"}, Align::right},
                               {{"away from home", "异地"}, Align::right},
                               {{"in clusters", "在集群"}, Align::right},
                               {{"energy at the meter", "用电"}, Align::right},
                               {{"carbon", "碳"}, Align::right},
                               {{"unserved", "未服务"}, Align::right}},
                   .rows = {}};
  double stay = 0;
  for (const Counterfactual& row : all.rows)
    if (row.choice == Choice::stay) stay = row.plan.objective();
  for (const Counterfactual& row : all.rows) {
    if (row.plan.plan.columns.empty()) {
      block.rows.push_back({title_of(row), "impossible", "-", "-", "-", "-", "-", "-", "-", "-"});
      continue;
    }
    const double demand = row.plan.setup.demand_kwh;
    const PlanFigures figures = figures_of(row.plan);
    block.rows.push_back({title_of(row), compact(row.plan.objective()),
                          stay > 0 ? fmt::format("{:+.1f} %", 100 * (row.plan.objective() / stay - 1)) : "-",
                          fmt::format("{:.1g}", row.plan.gap()), power_text(bought_kw(row.plan)),
                          percent(figures.away_kwh / demand), percent(figures.clusters_kwh / demand),
                          energy_text(figures.facility_kwh), mass_text(figures.carbon_kg),
                          percent(row.plan.plan.dispatch.unserved_kwh / demand)});
  }
  return block;
}

TableBlock regrets(const Atlas& atlas, const Counterfactuals& all) {
  const std::string& money = atlas.country().currency;
  TableBlock block{.caption = {"Regret: what each would pay beyond the best plan for that year, " + money,
                               "各情景下的后悔值，" + money},
                   .columns = {{{"choice", "选择"}}},
                   .rows = {}};
  for (const StudyScenario* scenario : all.scenarios)
    block.columns.push_back({{scenario->key}, Align::right});
  block.columns.push_back({{"expected cost", "期望成本"}, Align::right});
  block.columns.push_back({{"dearest tenth", "最贵的十分之一"}, Align::right});
  for (const Counterfactual& row : all.rows) {
    if (row.regret.size() != all.scenarios.size()) continue;
    std::vector<Words> cells{title_of(row)};
    for (const double regret : row.regret) cells.emplace_back(compact(regret));
    cells.emplace_back(row.expected ? compact(*row.expected) : "-");
    cells.emplace_back(row.cvar ? compact(*row.cvar) : "-");
    block.rows.push_back(std::move(cells));
  }
  return block;
}

// How much of what moving saves is the price that the study gives unserved work.
void add_unserved_of_staying(const Counterfactuals& all, Page& page) {
  for (const Counterfactual& row : all.rows) {
    if (row.choice != Choice::stay || row.plan.plan.columns.empty() || row.plan.serves_all()) continue;
    const std::string kwh = energy_text(row.plan.plan.dispatch.unserved_kwh),
                      counts = compact(cost_of(row.plan).unserved);
    page.blocks.emplace_back(Paragraph{
        .text = {
            fmt::format("Staying leaves {} unserved; of its cost that is {}, at the study's {:.3g} a kWh.",
                        kwh, counts, row.plan.setup.unserved_price),
            fmt::format("留守有 {} 未服务，计入成本 {}（按研究所定每千瓦时 {:.3g}）。", kwh, counts,
                        row.plan.setup.unserved_price)}});
  }
}

Words sentence(const Atlas& atlas, const Counterfactuals& all) {
  const std::string& money = atlas.country().currency;
  const Counterfactual* stay = nullptr;
  const Counterfactual* fill = nullptr;
  for (const Counterfactual& row : all.rows) {
    if (row.choice == Choice::stay && !row.plan.plan.columns.empty()) stay = &row;
    if (row.choice == Choice::fill) fill = &row;
  }
  if (all.free().plan.plan.columns.empty()) return {"No plan keeps every rule.", "没有方案满足全部规则。"};
  const double free = all.free().plan.objective();
  const double saves = stay == nullptr ? 0 : stay->plan.objective() - free;
  const std::string amount = fmt::format("{} {}", compact(saves), money);
  if (stay == nullptr)
    return {fmt::format("The free plan costs {} {} and buys {} of servers.", compact(free), money,
                        power_text(bought_kw(all.free().plan))),
            fmt::format("自由方案成本 {} {}，采购 {} 服务器。", compact(free), money,
                        power_text(bought_kw(all.free().plan)))};
  if (fill != nullptr && fill->plan.keeps_rules() && bought_kw(all.free().plan) == 0)
    return {fmt::format("Fill what stands idle; build nothing. Moving saves {} against staying, and no "
                        "purchase would pay.",
                        amount),
            fmt::format("用好闲置，不必新建。搬迁较留守节省 {}，任何采购都不划算。", amount)};
  return {
      fmt::format("The free plan saves {} against staying and buys {} of servers.", amount,
                  power_text(bought_kw(all.free().plan))),
      fmt::format("自由方案较留守节省 {}，采购 {} 服务器。", amount, power_text(bought_kw(all.free().plan)))};
}

}  // namespace

void add_counterfactuals(const Atlas& atlas, const Counterfactuals& all, Page& page) {
  if (all.stopped)
    page.blocks.emplace_back(Paragraph{.text = {"Stopped before all was compared.", "比较未完成。"}});
  add_unserved_of_staying(all, page);
  page.blocks.emplace_back(choices(atlas, all));
  page.blocks.emplace_back(what_they_mean(all));
  // Less than the gap of what is compared says nothing.
  const StudyPlan& free = all.free().plan;
  if (all.waiting_saves && std::abs(*all.waiting_saves) > free.objective() - free.bound()) {
    const std::string amount =
        fmt::format("{} {}", compact(std::abs(*all.waiting_saves)), atlas.country().currency);
    page.blocks.emplace_back(Paragraph{
        .text = *all.waiting_saves >= 0
                    ? Words{"Waiting a year with every purchase would save " + amount + " this year.",
                            "推迟一年采购，今年可省 " + amount + "。"}
                    : Words{"Waiting a year with every purchase would cost " + amount + " this year.",
                            "推迟一年采购，今年多付 " + amount + "。"}});
  }
  if (!all.scenarios.empty()) page.blocks.emplace_back(regrets(atlas, all));
}

Page counterfactuals_page(const Study& study, const Atlas& atlas, const Counterfactuals& all) {
  Page page{.title = study.name.empty() ? Words{"Counterfactuals", "情景比较"} : Words{study.name},
            .blocks = {}};
  if (all.rows.empty()) return page;
  page.blocks.emplace_back(Paragraph{.text = sentence(atlas, all), .strong = true});
  add_counterfactuals(atlas, all, page);
  return page;
}

}  // namespace hinterland
