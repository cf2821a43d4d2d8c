#include "hinterland/impact/people_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/impact/band_words.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

// "+0.132 %": changes are small, and their sign is the answer.
std::string change_text(double share) { return fmt::format("{:+.3f} %", 100 * share); }

Words change_band(const Band& band) {
  return band_words(change_text(band.median), change_text(band.low), change_text(band.high));
}

Words figure_band(const Band& band, int digits) {
  const auto text = [&](double value) { return fmt::format("{:.{}f}", value, digits); };
  return band_words(text(band.median), text(band.low), text(band.high));
}

// Of how many draws a side must win to be right.
constexpr double kMost = 0.9;

Words judged(double share) {
  if (share >= kMost) return {"is right", "有理"};
  if (share <= 1 - kMost) return {"is wrong", "无理"};
  return {"is neither right nor wrong", "未见分晓"};
}

// "in every draw", "in no draw", "in 62 % of the draws".
Words draws_text(double share) {
  if (share >= 1) return {"in every draw", "所有抽样"};
  if (share <= 0) return {"in no draw", "无一抽样"};
  return {"in " + percent(share) + " of the draws", percent(share) + " 的抽样"};
}

Words headline(const PeopleStudy& study) {
  const std::string moved = percent(study.question.share);
  const Words output = draws_text(study.people_output), welfare = draws_text(study.people_welfare);
  const Words fails = draws_text(study.neither);
  const Words neither = study.neither > 0
                            ? Words{"Both fail to raise welfare " + fails.en, fails.zh + "中两者皆不提高福利"}
                            : Words{"In none do both fail to raise welfare", "无一抽样中两者皆不提高福利"};
  const Words by_output = judged(study.people_output), by_welfare = judged(study.people_welfare);
  return {
      fmt::format("By output the sceptic {}: moving {} of the nation's people to the coast gives more than "
                  "moving {} of its capital inland {}. By welfare the sceptic {}: it gives more {}. {}.",
                  by_output.en, moved, moved, output.en, by_welfare.en, welfare.en, neither.en),
      fmt::format("按产出，质疑者{}：{}中，人口东移 {} 优于资本内迁 {}。按福利，质疑者{}：{}中更优。{}。",
                  by_output.zh, output.zh, moved, moved, by_welfare.zh, welfare.zh, neither.zh)};
}

TableBlock ways_table(const PeopleStudy& study) {
  const std::string level = percent(study.question.level);
  TableBlock block{.caption = {fmt::format("Both ways: medians and {} bands", level),
                               fmt::format("两种办法：中位数与 {} 区间", level)},
                   .columns = {{{"", ""}},
                               {{"before", "现状"}, Align::right},
                               {{study.capital.name, study.capital.name_zh}, Align::right},
                               {{study.people.name, study.people.name_zh}, Align::right}},
                   .rows = {}};
  const auto add = [&](Words name, std::string before, auto text) {
    block.rows.push_back(
        {std::move(name), std::move(before), text(study.capital.bands), text(study.people.bands)});
  };
  add({"output", "产出"}, "-", [](const PeopleBands& one) { return change_band(one.output); });
  add({"welfare", "福利"}, "-", [](const PeopleBands& one) { return change_band(one.welfare); });
  add({"people on the coast, of all", "沿海人口占比变化"}, "-",
      [](const PeopleBands& one) { return change_band(one.moved); });
  add({"income a head, coast / inland", "人均收入比，沿海/内陆"}, fmt::format("{:.3f}", study.before.ratio),
      [](const PeopleBands& one) { return figure_band(one.ratio, 3); });
  add({"Theil T between coast and inland", "泰尔指数，组间"}, fmt::format("{:.4f}", study.before.between_t),
      [](const PeopleBands& one) { return figure_band(one.between_t, 4); });
  add({"Theil T within them", "泰尔指数，组内"}, fmt::format("{:.4f}", study.before.within_t),
      [](const PeopleBands& one) { return figure_band(one.within_t, 4); });
  return block;
}

FactsBlock answers(const PeopleStudy& study) {
  return {.caption = {"Of the draws", "抽样结果"},
          .facts = {
              {{"people to the coast give more welfare", "人口东移福利更高"}, percent(study.people_welfare)},
              {{"people to the coast give more output", "人口东移产出更高"}, percent(study.people_output)},
              {{"people to the coast raise welfare", "人口东移提高福利"}, percent(study.people_gain)},
              {{"capital inland raises welfare", "资本内迁提高福利"}, percent(study.capital_gain)},
              {{"neither does", "两者皆不能"}, percent(study.neither)}}};
}

TornadoBlock turns_on(const PeopleStudy& study) {
  TornadoBlock block{
      .caption = {"What it turns on: welfare of people to the coast less that of capital inland",
                  "取决于什么：人口东移福利减资本内迁福利"},
      .unit = "%",
      .centre = 100 * study.lead,
      .bars = {}};
  for (const FigureSwing& one : study.drivers)
    block.bars.push_back({.name = one.column,
                          .at_low = 100 * one.at_low,
                          .at_high = 100 * one.at_high,
                          .low_text = fmt::format("{:g}", one.low),
                          .high_text = fmt::format("{:g}", one.high)});
  return block;
}

// Every figure of the central case, so that it can be done again with a pencil.
TableBlock arithmetic(const PeopleStudy& study) {
  TableBlock block{.caption = {fmt::format("The central case, region by region, from {} on", study.year),
                               fmt::format("中心情形，分地区，自 {} 年起", study.year)},
                   .columns = {{{"region", "地区"}},
                               {{"product, bn", "产值，十亿"}, Align::right},
                               {{"people, m", "人口，百万"}, Align::right},
                               {{"barrier b", "壁垒 b"}, Align::right},
                               {{"capital inland: people", "资本内迁：人口"}, Align::right},
                               {{"income", "收入"}, Align::right},
                               {{"people to coast: people", "人口东移：人口"}, Align::right},
                               {{"income", "收入"}, Align::right}},
                   .rows = {}};
  const auto barriers = barriers_of(study.world, {.housing_share = study.economy.housing_share,
                                                  .housing_elasticity = study.economy.housing_elasticity,
                                                  .barrier_share = study.economy.barrier_share});
  for (std::size_t r = 0; r < study.regions.size(); ++r) {
    const ModelRegion& region = study.regions[r];
    const double before = study.before.outcome.people[r];
    const auto people = [&](const PeopleWay& way) {
      return change_text(way.central.outcome.people[r] / before - 1);
    };
    const auto income = [&](const PeopleWay& way) { return change_text(way.central.outcome.income[r] - 1); };
    block.rows.push_back(
        {{region.name + (study.coast[r] ? " *" : ""), region.name_zh + (study.coast[r] ? " *" : "")},
         fmt::format("{:.0f}", study.world.product[r] / 1e9),
         fmt::format("{:.1f}", study.world.people[r] / 1e6),
         fmt::format("{:+.3f}", barriers[r]),
         people(study.capital),
         income(study.capital),
         people(study.people),
         income(study.people)});
  }
  return block;
}

MapBlock people_map(const Atlas& atlas, const PeopleStudy& study, const PeopleWay& way) {
  MapBlock block{
      .caption = {"Who gains people: " + way.name, "人口增减：" + way.name_zh},
      .outlines = atlas.country().id.text,
      .groups = {{.id = "best", .name = {"gains", "增加"}}, {.id = "refused", .name = {"loses", "减少"}}},
      .places = {},
      .lines = {},
      .note = {"Size: people gained or lost, in the central case.", "大小：中心情形下增减的人数。"}};
  double most = 0;
  std::vector<double> moved;
  for (std::size_t r = 0; r < study.regions.size(); ++r) {
    moved.push_back(way.central.outcome.people[r] - study.before.outcome.people[r]);
    most = std::max(most, std::abs(moved.back()));
  }
  for (std::size_t r = 0; r < study.regions.size(); ++r) {
    const ModelRegion& region = study.regions[r];
    block.places.push_back({.name = {region.name, region.name_zh},
                            .latitude_deg = region.place.latitude_deg,
                            .longitude_deg = region.place.longitude_deg,
                            .size = most > 0 ? std::abs(moved[r]) / most : 0,
                            .group = moved[r] >= 0 ? "best" : "refused",
                            .text = {fmt::format("{} of the nation's people", change_text(moved[r])),
                                     fmt::format("占全国人口 {}", change_text(moved[r]))}});
  }
  return block;
}

std::vector<Paragraph> model_words(const PeopleStudy& study) {
  const SpatialEconomy& row = study.economy;
  const double s = row.housing_share / (1 + row.housing_elasticity);
  return {
      {.text =
           {fmt::format(
                "Model, with a hat for new over old: Y^ = L^^(1 - {:g} + {:g}) K^^{:g}; trade by "
                "gravity (distance between centres; the atlas's paths of the network are not used) and by "
                "price with elasticity {:g}; of capital's return {:g} goes to the places that "
                "owned it before; real "
                "income y^ = I^ / (L^ P^); homes leave V^ = y^^(1 - s) L^^-s with s = {:g} / (1 "
                "+ {:g}) = {:.3f}; "
                "people go as exp({:g} ln V).",
                row.capital_share, row.agglomeration, row.capital_share, row.trade_elasticity,
                row.owners_elsewhere, row.housing_share, row.housing_elasticity, s, row.migration_elasticity),
            fmt::format("模型（帽号为新旧之比）：产出随人口 {:g}、资本 {:g} 次方变动，集聚 "
                        "{:g}；贸易按引力（中心间距离，未用图集的网络路径），弹性 {:g}；资本收益中 {:g} "
                        "归原所有地；住房折成 s = {:.3f}；迁移弹性 {:g}。",
                        1 - row.capital_share, row.capital_share, row.agglomeration, row.trade_elasticity,
                        row.owners_elsewhere, s, row.migration_elasticity)}},
      {.text =
           {fmt::format("Of the gap in incomes a share {:g} is a barrier that pleases nobody, the rest what "
                        "people like. "
                        "Welfare is the log-sum of tastes with what barriers take given back: a per cent "
                        "counts alike for "
                        "poor and rich, so income that moves to poorer places is a gain, which output does "
                        "not see. After "
                        "Redding and Rossi-Hansberg 2017 and Roback 1982, from memory; every elasticity is "
                        "assumed, and "
                        "drawn from its range.",
                        row.barrier_share),
            fmt::format(
                "收入差距中 {:g} "
                "为壁垒，其余为偏好。福利为偏好的对数和，壁垒所取归还；贫富各增百分之一同等计算，故收入移向"
                "较贫地区即为增益，产出则不计。参照 Redding 与 Rossi-Hansberg 2017、Roback "
                "1982（凭记忆）；弹性均为假定，"
                "按区间抽样。",
                row.barrier_share)}},
      {.text = {"Not in it: skills, families split by moving, land quotas and rents as they are, pollution "
                "and crowding beyond "
                "homes, what a policy costs, security, and time: it compares two rests and says nothing of "
                "the way. One sector; "
                "no inequality among the people of one region, and none between those who own and those who "
                "work. Equal shares of "
                "capital and of people are set side by side, not equal sums of money. How much of the gap "
                "between places is a "
                "barrier decides most by welfare, and no figure of product and people can tell: the range is "
                "all of it or none.",
                "未计入：技能、迁移造成的家庭分离、现行土地指标与租金、住房之外的拥挤与污染、政策成本、安全与"
                "过程时间；单一部门；"
                "不含地区内部及资本与劳动之间的差距；比较的是等份额的资本与人口，而非等额资金。按福利，壁垒所"
                "占份额最为关键，而产值与"
                "人口数字无法辨明：区间为全部至零。"}},
  };
}

}  // namespace

Page people_page(const Atlas& atlas, const PeopleStudy& study) {
  Page page{.title = {"Capital inland, or people to the coast", "资本内迁，还是人口东移"}, .blocks = {}};
  page.blocks.emplace_back(Paragraph{.text = headline(study), .strong = true});
  page.blocks.emplace_back(ways_table(study));
  page.blocks.emplace_back(answers(study));
  if (!study.drivers.empty()) page.blocks.emplace_back(turns_on(study));
  page.blocks.emplace_back(arithmetic(study));
  page.blocks.emplace_back(people_map(atlas, study, study.capital));
  page.blocks.emplace_back(people_map(atlas, study, study.people));
  if (study.left_out > 0)
    page.blocks.emplace_back(Paragraph{
        .text = {fmt::format("In {} of {} draws people run together and regions empty; they are left out.",
                             study.left_out, study.draws),
                 fmt::format("{} 次抽样中有 {} 次人口聚于一处，未计入。", study.draws, study.left_out)}});
  if (study.interrupted)
    page.blocks.emplace_back(Paragraph{
        .text = {fmt::format("Interrupted: {} of {} draws were made.", study.draws, study.question.draws),
                 fmt::format("已中断：{} 次抽样中完成 {} 次。", study.question.draws, study.draws)}});
  for (Paragraph& one : model_words(study)) page.blocks.emplace_back(std::move(one));
  return page;
}

}  // namespace hinterland
