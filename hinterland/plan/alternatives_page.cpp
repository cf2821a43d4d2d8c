#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/model_year.hpp"
#include "hinterland/plan/alternatives.hpp"
#include "hinterland/plan/plan_figures.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr int kMostDigits = 3;

Words title_of(Aim aim) {
  static constexpr const char* kChinese[] = {"站点最少", "最均匀", "碳最少"};
  return {name_of(aim), kChinese[static_cast<int>(aim)]};
}

std::string over(double share) { return fmt::format("{:+.2f} %", 100 * share); }

// What one is worth in the last of so many digits of `value`.
double unit_of(double value, double digits) {
  return std::pow(10, std::floor(std::log10(value)) + 1 - digits);
}

// With the digits that lie above the doubt.
std::string surcharge_text(double value, double doubt) {
  if (value <= 0) return "0";
  const double digits = doubt > 0 ? std::ceil(std::log10(value / doubt)) : kMostDigits;
  const double unit = unit_of(value, std::clamp<double>(digits, 1, kMostDigits));
  return "+" + compact(std::round(value / unit) * unit);
}

// One digit, and no less than it is.
std::string at_most_text(double value) {
  if (value <= 0) return "0";
  const double unit = unit_of(value, 1);
  return compact(std::ceil(value / unit) * unit);
}

double over_best(const PlanAlternatives& all, const StudyPlan& plan) {
  return plan.objective() / all.best.objective() - 1;
}

// Sites that one plan uses and the other does not.
std::vector<std::string> only_in(const StudyPlan& one, const StudyPlan& other, std::string Site::* name) {
  const std::vector<bool> here = used_sites(one), there = used_sites(other);
  std::vector<std::string> out;
  for (std::size_t s = 0; s < here.size(); ++s)
    if (here[s] && !there[s]) out.push_back(one.setup.sites[s]->*name);
  return out;
}

Words names_or_dash(const StudyPlan& one, const StudyPlan& other) {
  const auto names = only_in(one, other, &Site::name), chinese = only_in(one, other, &Site::name_zh);
  return names.empty() ? Words{"-"} : Words{names_text(names), names_text(chinese)};
}

// What a tonne less costs in the mean.
double per_tonne(const PlanAlternatives& all, const StudyPlan& plan) {
  const double tonnes = (figures_of(all.best).carbon_kg - figures_of(plan).carbon_kg) / kKilogramsPerTonne;
  return (plan.objective() - all.best.objective()) / tonnes;
}

TableBlock plans(const Atlas& atlas, const PlanAlternatives& all) {
  TableBlock block{
      .caption = {fmt::format("Plans that cost at most {} more than the best", percent(all.within)),
                  fmt::format("成本不超过最优 {} 的方案", percent(all.within))},
      .columns = {{{"plan", "方案"}},
                  {{"cost, " + atlas.country().currency, "成本，" + atlas.country().currency}, Align::right},
                  {{"over best", "高于最优"}, Align::right},
                  {{"sites", "站点数"}, Align::right},
                  {{"largest site", "最大站点"}, Align::right},
                  {{"carbon", "碳"}, Align::right},
                  {{"kept", "保留"}, Align::right},
                  {{"bought", "采购"}, Align::right},
                  {{"leaves", "退出"}},
                  {{"adds", "新增"}}},
      .rows = {}};
  const auto add = [&](Words title, const StudyPlan& plan) {
    block.rows.push_back({std::move(title), compact(plan.objective()), over(over_best(all, plan)),
                          fmt::format("{}", std::ranges::count(used_sites(plan), true)),
                          power_text(largest_site_kw(plan)), mass_text(figures_of(plan).carbon_kg),
                          power_text(total_kw(plan, ColumnKind::kept)), power_text(bought_kw(plan)),
                          names_or_dash(all.best, plan), names_or_dash(plan, all.best)});
  };
  add({"best", "最优"}, all.best);
  for (const PlanAlternative& row : all.rows)
    if (row.same)
      block.rows.push_back(
          {title_of(row.aim), {"none found", "未找到"}, "-", "-", "-", "-", "-", "-", "-", "-"});
    else
      add(title_of(row.aim), row.plan);
  return block;
}

TableBlock drop_outs(const Atlas& atlas, const PlanAlternatives& all) {
  const std::string per_kwh = ", " + atlas.country().currency + "/kWh";
  TableBlock block{.caption = {"What would change this plan: a surcharge on what a site serves",
                               "什么会改变方案：对站点服务加价"},
                   .columns = {{{"site", "站点"}},
                               {{"serves", "服务"}, Align::right},
                               {{"energy" + per_kwh, "电价" + per_kwh}, Align::right},
                               {{"stays until", "至少保留到"}, Align::right},
                               {{"leaves at", "退出于"}, Align::right},
                               {{"of its energy", "占电价"}, Align::right},
                               {{"closing it costs", "关闭代价"}, Align::right},
                               {{"rent of a kW and year", "每千瓦年租金"}, Align::right}},
                   .rows = {}};
  const double years = all.best.setup.numbers.hours / static_cast<double>(kYearHours);
  for (const DropOut& one : all.drop_outs) {
    const Site& site = *all.best.setup.sites[one.site];
    const Words name{site.name, site.name_zh};
    const std::string serves = energy_text(one.served_kwh), price = compact(one.energy_price);
    if (one.needed) {
      block.rows.push_back({name, serves, price, "-", {"needed", "不可缺"}, "-", "-", "-"});
      continue;
    }
    const double doubt = std::max(one.leaves_at - one.stays_until, 0.0), closing = std::max(one.closing, 0.0);
    block.rows.push_back(
        {name, serves, price, surcharge_text(one.stays_until, doubt), surcharge_text(one.leaves_at, doubt),
         one.energy_price > 0 ? fmt::format("{:+.0f} %", 100 * one.leaves_at / one.energy_price) : "-",
         over(closing / all.best.objective()), compact(closing / one.capacity_kw / years)});
  }
  return block;
}

Words what_they_mean(const Atlas& atlas, const PlanAlternatives& all) {
  double unsure = 0;  // of needed ones there is none
  for (const DropOut& one : all.drop_outs) unsure = std::max(unsure, one.unsure);
  const std::string amount = fmt::format("{} {}", at_most_text(unsure), atlas.country().currency);
  return {
      fmt::format(
          "stays until: below it, whoever leaves the site pays more; proven. leaves at: as found; from "
          "there on no plan saves more than {} by the site. needed: without it, not all that is asked "
          "can be done. rent: what closing it costs, by kW there and year: as high a rent would empty it.",
          amount),
      fmt::format("至少保留到：低于此价退出必更贵，已证明。退出于：求得值；此后使用该站最多再省 {}。"
                  "不可缺：没有它不能满足全部要求。租金：关闭代价按其容量与年折算。",
                  amount)};
}

// What each alternative is better at.
Words gain(const Atlas& atlas, const PlanAlternatives& all, const PlanAlternative& row) {
  switch (row.aim) {
    case Aim::fewest_sites: {
      const auto sites = std::ranges::count(used_sites(row.plan), true),
                 before = std::ranges::count(used_sites(all.best), true);
      return {fmt::format("{} sites instead of {}", sites, before),
              fmt::format("站点由 {} 个减为 {} 个", before, sites)};
    }
    case Aim::most_even: {
      const std::string kw = power_text(largest_site_kw(row.plan)),
                        before = power_text(largest_site_kw(all.best));
      return {fmt::format("no site above {} instead of {}", kw, before),
              fmt::format("最大站点由 {} 降为 {}", before, kw)};
    }
    case Aim::least_carbon: break;
  }
  const double saved = 1 - figures_of(row.plan).carbon_kg / figures_of(all.best).carbon_kg;
  const std::string price = fmt::format("{} {}", compact(per_tonne(all, row.plan)), atlas.country().currency);
  return {fmt::format("{} less carbon, at {} a tonne in the mean", percent(saved), price),
          fmt::format("减碳 {}，平均每吨 {}", percent(saved), price)};
}

Words sentence(const Atlas& atlas, const PlanAlternatives& all) {
  Words gains;
  for (const PlanAlternative& row : all.rows) {
    if (row.same) continue;
    const Words next = gain(atlas, all, row);
    gains.en += (gains.en.empty() ? "" : "; or ") + next.en;
    gains.zh += (gains.zh.empty() ? "" : "；或") + next.zh;
  }
  const std::string within = percent(all.within);
  if (gains.empty())
    return {"No other plan within " + within + " of the best was found that is better in anything.",
            "未找到成本在 " + within + " 以内而另有所长的方案。"};
  return {"For " + within + " more: " + gains.en + ".", "多付 " + within + " 可得：" + gains.zh + "。"};
}

}  // namespace

Page alternatives_page(const Study& study, const Atlas& atlas, const PlanAlternatives& all) {
  Page page{.title = study.name.empty() ? Words{"Alternatives", "备选方案"} : Words{study.name},
            .blocks = {}};
  if (all.stopped)
    page.blocks.emplace_back(Paragraph{.text = {"Stopped before all was found.", "搜索未完成。"}});
  if (!all.best.feasible()) {
    if (!all.stopped)
      page.blocks.emplace_back(
          Paragraph{.text = {"No plan can do all that is asked; `hinterland plan` says why.",
                             "没有方案能满足全部要求。"},
                    .strong = true});
    return page;
  }
  page.blocks.emplace_back(Paragraph{.text = sentence(atlas, all), .strong = true});
  page.blocks.emplace_back(plans(atlas, all));
  page.blocks.emplace_back(Paragraph{
      .text = {"Fewest sites is found by closing one after another, the cheapest first: that no plan "
               "has fewer is not proven.",
               "站点最少由逐个关闭（代价小者先）求得：不保证没有更少的方案。"}});
  if (all.drop_outs.empty()) return page;
  page.blocks.emplace_back(drop_outs(atlas, all));
  page.blocks.emplace_back(Paragraph{.text = what_they_mean(atlas, all)});
  return page;
}

}  // namespace hinterland
