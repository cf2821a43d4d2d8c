#include "hinterland/impact/plan_effect_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "hinterland/base/number.hpp"
#include "hinterland/impact/band_words.hpp"
#include "hinterland/impact/drivers_page.hpp"
#include "hinterland/impact/plan_effect_charts.hpp"
#include "hinterland/impact/plan_effect_limits.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kGwh = 1e6, kThousand = 1e3;

using OfSite = double (*)(const SiteEffect&);
using OfOutcome = std::function<double(const PlanOutcome&)>;

std::string people(double value) { return grouped(std::llround(value)); }

double ratio(double money, double jobs) {
  return jobs > 0 ? money / jobs : std::numeric_limits<double>::infinity();
}

double per_job(const SiteEffect& one) { return ratio(one.investment(), one.jobs()); }

class PlanEffectPage {
 public:
  PlanEffectPage(const Atlas& atlas, const PlanEffect& effect)
      : atlas_(atlas), effect_(effect), all_(effect.central.all), currency_(atlas.country().currency) {}

  Page page() {
    Page page{.title = {effect_.plan.name.empty() ? "What this capacity does to the regions"
                                                  : "What the plan does to the regions: " + effect_.plan.name,
                        effect_.plan.name.empty() ? "这些容量对地区的影响"
                                                  : "规划对地区的影响：" + effect_.plan.name},
              .blocks = {}};
    if (all_.added_mw > 0) {
      add_blocks(page);
    } else {
      page.blocks.emplace_back(Paragraph{.text = nothing_added(), .strong = true});
    }
    if (all_.idle_mw > 0) page.blocks.emplace_back(no_longer_kept());
    for (Paragraph& one : plan_effect_limits(effect_)) page.blocks.emplace_back(std::move(one));
    return page;
  }

 private:
  void add_blocks(Page& page) const {
    page.blocks.emplace_back(Paragraph{.text = headline(), .strong = true});
    page.blocks.emplace_back(Paragraph{.text = what_stays(), .strong = true});
    page.blocks.emplace_back(sums());
    page.blocks.emplace_back(sites());
    page.blocks.emplace_back(jobs());
    page.blocks.emplace_back(jobs_over_time(effect_));
    page.blocks.emplace_back(money());
    if (!effect_.uses.empty()) {
      page.blocks.emplace_back(uses());
      page.blocks.emplace_back(uses_bars(effect_));
    }
    page.blocks.emplace_back(added_map(atlas_, effect_));
    if (!effect_.drivers.empty())
      page.blocks.emplace_back(
          drivers_block({"the number of permanent jobs there", "当地长期岗位数"}, effect_.drivers));
    page.blocks.emplace_back(changes());
  }

  [[nodiscard]] static Words nothing_added() {
    return {"The plan adds no capacity anywhere: it brings no investment and no new job to any region.",
            "该规划未新增任何容量：不给任何地区带来投资或新增岗位。"};
  }

  // Servers that stand there today and that the plan does without.
  [[nodiscard]] TableBlock no_longer_kept() const {
    TableBlock block{.caption = {"Servers that the plan does without, and the staff they have today",
                                 "规划不再保留的服务器及其现有人员"},
                     .columns = {{{"site", "地点"}},
                                 {{"MW no longer kept", "不再保留的 MW"}, Align::right},
                                 {{"staff, if nobody else runs them", "人员（若无人接手）"}, Align::right}},
                     .rows = {}};
    const OfSite staff = [](const SiteEffect& one) { return one.idle_staff; };
    for (std::size_t i = 0; i < effect_.plan.sites.size(); ++i) {
      const double mw = effect_.central.sites[i].idle_mw;
      if (mw <= 0) continue;
      const Site& site = atlas_.sites.at(effect_.plan.sites[i].site);
      block.rows.push_back({{site.name, site.name_zh}, compact(mw), figure(at(i, staff), people)});
    }
    block.rows.push_back({{"all", "合计"}, compact(all_.idle_mw), figure(whole(staff), people)});
    return block;
  }

  [[nodiscard]] bool drawn() const { return !effect_.drawn.empty(); }
  [[nodiscard]] std::string level() const { return percent(effect_.options.level); }

  // The figure as it stands, and its band: "1,800 (150 to 4,500)".
  template <class Text>
  [[nodiscard]] Words figure(const OfOutcome& of, const Text& text) const {
    const Words central = text(of(effect_.central));
    if (!drawn()) return band_words(central, central, central);
    const Band band = effect_.band(of);
    return band_words(central, text(band.low), text(band.high));
  }

  [[nodiscard]] Words money_words(const OfOutcome& of) const {
    return figure(of, [](double value) { return Words{compact(value), compact_zh(value)}; });
  }
  // In a sentence.
  [[nodiscard]] Words amount(const OfOutcome& of) const { return figure(of, money_in_words); }
  static OfOutcome whole(OfSite of) {
    return [of](const PlanOutcome& one) { return of(one.all); };
  }
  static OfOutcome at(std::size_t site, OfSite of) {
    return [of, site](const PlanOutcome& one) { return of(one.sites[site]); };
  }

  static double jobs_of(const SiteEffect& one) { return one.jobs(); }
  static double made_of(const SiteEffect& one) { return one.made(); }
  static double stays_of(const SiteEffect& one) { return one.stays(); }
  static double investment_of(const SiteEffect& one) { return one.investment(); }
  static double staff_of(const SiteEffect& one) { return one.staff; }

  [[nodiscard]] Words headline() const {
    const std::string mw = compact(all_.added_mw);
    const Words jobs = figure(whole(jobs_of), people), cost = amount(whole(investment_of)),
                each = amount(whole(per_job));
    return {fmt::format("{} MW more at {} cost {} {} and give {} permanent jobs there: {} {} a job.", mw,
                        counted(static_cast<long long>(sites_added()), "site"), cost.en, currency_, jobs.en,
                        each.en, currency_),
            fmt::format("{} 处新增 {} MW，投资 {} {}，当地长期就业 {} 个：每个岗位 {} {}。", sites_added(),
                        mw, cost.zh, currency_, jobs.zh, each.zh, currency_)};
  }

  [[nodiscard]] std::size_t sites_added() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(effect_.central.sites, [](const SiteEffect& one) { return one.added_mw > 0; }));
  }

  [[nodiscard]] Words what_stays() const {
    const OfOutcome share = whole([](const SiteEffect& one) { return one.stays() / one.made(); });
    const Words made = amount(whole(made_of)), stays = figure(share, percent);
    return {
        fmt::format("A year {} {} of value added are made there, and {} of that stays with people and owners "
                    "there.",
                    made.en, currency_, stays.en),
        fmt::format("每年在当地创造增加值 {} {}，其中 {} 归当地居民与所有者。", made.zh, currency_,
                    stays.zh)};
  }

  [[nodiscard]] FactsBlock sums() const {
    const Staffing& staffing = effect_.staffing;
    FactsBlock block{.caption = {fmt::format("The sums, as the figures stand; {}", currency_),
                                 fmt::format("算式（按现有数值）；{}", currency_)},
                     .facts = {}};
    const auto add = [&](Words name, Words text) {
      block.facts.emplace_back(std::move(name), std::move(text));
    };
    add({"investment", "投资"}, sum({{{"building", "建筑"}, all_.building},
                                     {{"land", "土地"}, all_.land},
                                     {{"servers (" + effect_.options.server.text + ")",
                                       "服务器（" + effect_.options.server.text + "）"},
                                      all_.servers}},
                                    all_.investment()));
    const Words range = cited("staffing", staffing.id.text, "staff_per_mw");
    const std::string per_mw = shortest(staffing.staff_per_mw), mw = compact(all_.added_mw);
    add({"staff", "长期人员"},
        {fmt::format("{} a MW{} x {} MW = {}", per_mw, range.en, mw, people(all_.staff)),
         fmt::format("每 MW {}{} × {} MW = {}", per_mw, range.zh, mw, people(all_.staff))});
    add({"energy a year", "年用电"},
        {fmt::format("IT {} GWh x PUE {:.3f} = {} GWh", gwh(all_.it_kwh), pue(), gwh(all_.facility_kwh)),
         fmt::format("IT {} GWh × PUE {:.3f} = {} GWh", gwh(all_.it_kwh), pue(), gwh(all_.facility_kwh))});
    add({"water a year", "年用水"}, {fmt::format("{} m3", compact(all_.litres / kLitresPerM3)),
                                     fmt::format("{} 立方米", compact_zh(all_.litres / kLitresPerM3))});
    add({"value added made there a year", "当地年增加值"},
        sum({{{"pay", "薪酬"}, all_.pay.all},
             {{"return", "资本回报"}, all_.gain.all},
             {{"wear", "折旧"}, all_.wear},
             {{"suppliers", "供应商"}, all_.suppliers.added},
             {spent_again(), all_.induced.added}},
            all_.made()));
    add({"of that, what stays", "其中留在当地"}, sum({{{"pay", "薪酬"}, all_.pay.here},
                                                      {{"return", "资本回报"}, all_.gain.here},
                                                      {{"suppliers", "供应商"}, all_.suppliers.added},
                                                      {spent_again(), all_.induced.added}},
                                                     all_.stays()));
    const Words invested = money_in_words(all_.investment()), each = money_in_words(per_job(all_)),
                alone = all_.staff > 0 ? money_in_words(all_.investment() / all_.staff) : Words{"none", "无"};
    add({"investment a permanent job", "每个长期岗位的投资"},
        {fmt::format("{} / {} = {}; a staff member alone: {}", invested.en, people(all_.jobs()), each.en,
                     alone.en),
         fmt::format("{} / {} = {}；仅计机房人员：{}", invested.zh, people(all_.jobs()), each.zh, alone.zh)});
    return block;
  }

  static Words spent_again() { return {"by pay spent again", "薪酬再支出"}; }

  // "pay 360 million + return 1.66 billion = 2.02 billion".
  static Words sum(const std::vector<std::pair<Words, double>>& parts, double total) {
    Words out;
    for (const auto& [name, value] : parts) {
      const Words amount = money_in_words(value);
      out.en += fmt::format("{}{} {}", out.en.empty() ? "" : " + ", name.en, amount.en);
      out.zh += fmt::format("{}{} {}", out.zh.empty() ? "" : " + ", name.zh, amount.zh);
    }
    const Words all = money_in_words(total);
    return {out.en + " = " + all.en, out.zh + " = " + all.zh};
  }

  // "1,650", "474": no k before a GWh.
  static std::string gwh(double kwh) {
    return kwh / kGwh >= kThousand ? people(kwh / kGwh) : compact(kwh / kGwh);
  }
  [[nodiscard]] double pue() const { return all_.it_kwh > 0 ? all_.facility_kwh / all_.it_kwh : 1; }

  // " (0.5 to 15)": the range of a figure of the atlas.
  [[nodiscard]] Words cited(const std::string& table, const std::string& id,
                            const std::string& column) const {
    const Provenance who = provenance(atlas_, table, id, column);
    if (!who.low || !who.high) return {};
    return {fmt::format(" ({} to {})", shortest(*who.low), shortest(*who.high)),
            fmt::format("（{} 至 {}）", shortest(*who.low), shortest(*who.high))};
  }

  [[nodiscard]] TableBlock sites() const {
    TableBlock block{
        .caption = {fmt::format("By site; {}{}", currency_, drawn() ? ", with " + level() + " bands" : ""),
                    fmt::format("分地点；{}{}", currency_, drawn() ? "，附 " + level() + " 区间" : "")},
        .columns = {{{"site", "地点"}},
                    {{"MW added", "新增 MW"}, Align::right},
                    {{"in empty racks", "填充空机架"}, Align::right},
                    {{"investment", "投资"}, Align::right},
                    {{"staff", "人员"}, Align::right},
                    {{"all local jobs", "当地岗位合计"}, Align::right},
                    {{"GWh a year", "年用电 GWh"}, Align::right},
                    {{"m3 a year", "年用水 m3"}, Align::right},
                    {{"made there a year", "当地年增加值"}, Align::right},
                    {{"stays", "留在当地"}, Align::right}},
        .rows = {}};
    for (std::size_t i = 0; i < effect_.plan.sites.size(); ++i) {
      const SiteEffect& one = effect_.central.sites[i];
      if (one.added_mw <= 0) continue;
      const Site& site = atlas_.sites.at(effect_.plan.sites[i].site);
      block.rows.push_back({{site.name, site.name_zh},
                            compact(one.added_mw),
                            compact(one.filled_mw),
                            {compact(one.investment()), compact_zh(one.investment())},
                            figure(at(i, staff_of), people),
                            figure(at(i, jobs_of), people),
                            gwh(one.facility_kwh),
                            compact(one.litres / kLitresPerM3),
                            money_words(at(i, made_of)),
                            money_words(at(i, stays_of))});
    }
    return block;
  }

  [[nodiscard]] TableBlock jobs() const {
    TableBlock block{.caption = {"Jobs there, and of whom", "当地就业及其归属"},
                     .columns = {{{"jobs", "岗位"}},
                                 {{"people", "人"}, Align::right},
                                 {{"a MW", "每 MW"}, Align::right},
                                 {{"whose", "何人"}}},
                     .rows = {}};
    const auto add = [&](Words name, OfSite of, Words whose) {
      const double mw = all_.added_mw;
      block.rows.push_back({std::move(name), figure(whole(of), people),
                            figure([of, mw](const PlanOutcome& one) { return of(one.all) / mw; }, compact),
                            std::move(whose)});
    };
    add({"building, person-years: direct", "建设，人年：直接"},
        [](const SiteEffect& one) { return one.built.direct.jobs; },
        {"firms of the region that build", "当地的施工企业"});
    add({"building, person-years: indirect", "建设，人年：间接"},
        [](const SiteEffect& one) { return one.built.indirect.jobs; },
        {"their suppliers there", "其当地供应商"});
    add({"building, person-years: induced", "建设，人年：诱发"},
        [](const SiteEffect& one) { return one.built.induced.jobs; },
        {"where their pay is spent", "其薪酬消费之处"});
    add({"equipping, person-years", "购置设备，人年"},
        [](const SiteEffect& one) { return one.equipping_person_years(); },
        {"by how much electronics the region makes; none, if it makes no servers",
         "按当地电子业规模推算；若当地不产服务器则为零"});
    add({"at work while it is built", "建设期在岗"}, [](const SiteEffect& one) { return one.building_jobs; },
        {fmt::format("over {} years{}", shortest(effect_.staffing.construction / kYear),
                     cited("staffing", effect_.staffing.id.text, "construction_years").en),
         fmt::format("历时 {} 年{}", shortest(effect_.staffing.construction / kYear),
                     cited("staffing", effect_.staffing.id.text, "construction_years").zh)});
    add({"permanent: direct", "长期：直接"}, staff_of,
        {fmt::format("staff of the halls; {} of their pay goes to people elsewhere",
                     percent(effect_.staffing.staff_leakage)),
         fmt::format("机房人员；其薪酬的 {} 归外地人员", percent(effect_.staffing.staff_leakage))});
    add({"permanent: indirect", "长期：间接"}, [](const SiteEffect& one) { return one.suppliers.jobs; },
        {"who supplies power, repair and services, and their suppliers", "供电、维修与服务者及其供应商"});
    add({"permanent: induced", "长期：诱发"}, [](const SiteEffect& one) { return one.induced.jobs; },
        {"where all this pay is spent", "上述薪酬消费之处"});
    return block;
  }

  [[nodiscard]] TableBlock money() const {
    const Staffing& staffing = effect_.staffing;
    TableBlock block{
        .caption = {fmt::format("A year's money, {}: what is paid there, and what leaves", currency_),
                    fmt::format("一年的资金，{}：付给当地的与流出的", currency_)},
        .columns = {{{"for", "用途"}},
                    {{"all", "总额"}, Align::right},
                    {{"paid there", "付给当地"}, Align::right},
                    {{"leaves", "流出"}, Align::right},
                    {{"by", "依据"}}},
        .rows = {}};
    const auto parameter = [&](const char* name, double value) {
      const Words range = cited("staffing", staffing.id.text, name);
      const std::string text = fmt::format("{} {}", name, shortest(value));
      return Words{text + range.en, text + range.zh};
    };
    const Words delta = cited("regional_economy", effect_.regional.id.text, "flegg_delta");
    const std::string flq = "FLQ, delta " + shortest(effect_.regional.flegg_delta);
    const Words by_quotients{flq + delta.en, flq + delta.zh};
    const Words research = parameter("research_leakage", staffing.research_leakage),
                staff = parameter("staff_leakage", staffing.staff_leakage);
    const auto add = [&](Words name, const Spent& spent, OfSite here, Words by) {
      block.rows.push_back({std::move(name),
                            {compact(spent.all), compact_zh(spent.all)},
                            money_words(whole(here)),
                            {compact(spent.all - spent.here), compact_zh(spent.all - spent.here)},
                            std::move(by)});
    };
    add({"power", "电力"}, all_.power, [](const SiteEffect& one) { return one.power.here; }, by_quotients);
    add({"upkeep", "维护"}, all_.upkeep, [](const SiteEffect& one) { return one.upkeep.here; },
        {by_quotients.en + "; " + research.en, by_quotients.zh + "；" + research.zh});
    add({"pay", "薪酬"}, all_.pay, [](const SiteEffect& one) { return one.pay.here; },
        {staff.en + "; `assess talent` works it out from who comes and stays",
         staff.zh + "；`assess talent` 由来去之人推算"});
    add(
        {"return on capital", "资本回报"}, all_.gain, [](const SiteEffect& one) { return one.gain.here; },
        parameter("owner_leakage", staffing.owner_leakage));
    return block;
  }

  [[nodiscard]] TableBlock uses() const {
    TableBlock block{
        .caption = {"The same investment as another use's capital, in the same regions",
                    "同样投资用作其他用途的资本（同一地区）"},
        .columns = {{{"use", "用途"}},
                    {{"direct jobs", "直接岗位"}, Align::right},
                    {{"indirect", "间接"}, Align::right},
                    {{"induced", "诱发"}, Align::right},
                    {{"investment a job, " + currency_, "每个岗位投资，" + currency_}, Align::right},
                    {{"a direct job", "每个直接岗位"}, Align::right},
                    {{"more jobs than computing", "岗位多于算力"}, Align::right}},
        .rows = {}};
    block.rows.push_back(
        {{"computing, as planned", "算力（按规划）"},
         people(all_.staff),
         people(all_.suppliers.jobs),
         people(all_.induced.jobs),
         money_words(whole(per_job)),
         money_words(whole([](const SiteEffect& one) { return ratio(one.investment(), one.staff); })),
         "-"});
    for (std::size_t u = 0; u < effect_.uses.size(); ++u) {
      const UseEffect& use = effect_.central.uses[u];
      block.rows.push_back({{effect_.uses[u].name, effect_.uses[u].name_zh},
                            people(use.direct.jobs),
                            people(use.indirect.jobs),
                            people(use.induced.jobs),
                            money_words([u](const PlanOutcome& one) {
                              return ratio(one.all.investment(), one.uses[u].jobs());
                            }),
                            money_words([u](const PlanOutcome& one) {
                              return ratio(one.all.investment(), one.uses[u].direct.jobs);
                            }),
                            more_jobs(u)});
    }
    return block;
  }

  [[nodiscard]] Words more_jobs(std::size_t use) const {
    if (drawn()) return {"in " + percent(share_of_more(use)), percent(share_of_more(use)) + " 的抽样"};
    return effect_.central.uses[use].jobs() > all_.jobs() ? Words{"yes", "是"} : Words{"no", "否"};
  }

  // Of the draws, in which the use has more jobs.
  [[nodiscard]] double share_of_more(std::size_t use) const {
    const auto more = std::ranges::count_if(
        effect_.drawn, [&](const PlanOutcome& one) { return one.uses[use].jobs() > one.all.jobs(); });
    return static_cast<double>(more) / static_cast<double>(effect_.drawn.size());
  }

  // What `assess inequality` may be told, region by region.
  [[nodiscard]] FactsBlock changes() const {
    FactsBlock block{.caption = {"What it says to `assess inequality`", "对 `assess inequality` 的含义"},
                     .facts = {}};
    for (const Region& region : atlas_.regions) {
      std::vector<std::size_t> there;
      for (std::size_t i = 0; i < effect_.plan.sites.size(); ++i) {
        const bool added = effect_.central.sites[i].added_mw > 0;
        if (added && atlas_.sites.at(effect_.plan.sites[i].site).region == region.id) there.push_back(i);
      }
      if (there.empty()) continue;
      const OfOutcome made = [there](const PlanOutcome& one) {
        double sum = 0;
        for (const std::size_t i : there) sum += one.sites[i].made();
        return sum;
      };
      const double central = made(effect_.central);
      const Band band = drawn() ? effect_.band(made) : Band{central, central, central};
      block.facts.push_back(
          {{region.name, region.name_zh},
           fmt::format("--change {}={:.3g},{:.3g},{:.3g}", region.id.text, std::min(band.low, central),
                       central, std::max(band.high, central))});
    }
    return block;
  }

  const Atlas& atlas_;
  const PlanEffect& effect_;
  const SiteEffect& all_;
  const std::string& currency_;
};

}  // namespace

Page plan_effect_page(const Atlas& atlas, const PlanEffect& effect) {
  return PlanEffectPage(atlas, effect).page();
}

}  // namespace hinterland
