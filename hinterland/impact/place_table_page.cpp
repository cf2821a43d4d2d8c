#include <fmt/format.h>

#include <algorithm>

#include "hinterland/impact/inequality_page.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kMostGroups = 40;  // rows of a table that people read

TableBlock groups_block(const PlaceInequality& result) {
  TableBlock block{.caption = {fmt::format("Groups by {}", result.table.columns.group),
                               fmt::format("按 {} 分组", result.table.columns.group)},
                   .columns = {{{"group", "组"}},
                               {{"places", "地方数"}, Align::right},
                               {{"of the weight", "权重占比"}, Align::right},
                               {{"of the total", "总量占比"}, Align::right},
                               {{"mean", "均值"}, Align::right},
                               {{"Theil T inside", "组内泰尔 T"}, Align::right}},
                   .rows = {}};
  std::vector<std::size_t> count(result.table.groups.size());
  for (const std::size_t g : result.table.group_of) ++count[g];
  for (std::size_t g = 0; g < std::min(kMostGroups, count.size()); ++g) {
    const GroupPart& part = result.parts.groups[g];
    block.rows.push_back({result.table.groups[g], std::to_string(count[g]), percent(part.weight_share),
                          percent(part.total_share), compact(part.own.mean), measure_text(part.own.theil_t)});
  }
  return block;
}

}  // namespace

std::string measure_text(double value) { return fmt::format("{:.4g}", value); }

FactsBlock measures_block(const PlaceInequality& result) {
  const Decomposition& parts = result.parts;
  const std::size_t empty = result.table.empty_places();
  const std::string none =
      fmt::format("no value: {} of value 0", counted(static_cast<long long>(empty), "place"));
  const std::string none_zh = fmt::format("无值：{} 个地方为 0", empty);
  FactsBlock block{
      .caption = {fmt::format(
                      "{}: {}{}", counted(static_cast<long long>(result.table.places.size()), "place"),
                      result.table.columns.value,
                      result.table.columns.weight.empty() ? ", each counting once"
                                                          : ", weighted by " + result.table.columns.weight),
                  fmt::format("{} 个地方：{}{}", result.table.places.size(), result.table.columns.value,
                              result.table.columns.weight.empty()
                                  ? "，各计一次"
                                  : "，以 " + result.table.columns.weight + " 加权")},
      .facts = {}};
  block.facts = {
      {{"Theil T", "泰尔 T"}, measure_text(parts.all.theil_t)},
      {{"Theil L", "泰尔 L"},
       parts.all.theil_l ? Words(measure_text(*parts.all.theil_l)) : Words(none, none_zh)},
      {{"Gini", "基尼"}, measure_text(parts.all.gini)},
      {{"variation", "变异系数"}, measure_text(parts.all.cv)},
  };
  if (!result.table.columns.group.empty())
    block.facts.emplace_back(
        Words{"Theil T, parts", "泰尔 T 分解"},
        Words{fmt::format("{} between groups by {}, {} within them", measure_text(parts.between_t),
                          result.table.columns.group, measure_text(parts.within_t)),
              fmt::format("组间 {}，组内 {}（按 {}）", measure_text(parts.between_t),
                          measure_text(parts.within_t), result.table.columns.group)});
  return block;
}

Page place_inequality_page(const PlaceInequality& result) {
  Page page{.title = {"Inequality: " + result.table.file, "不平等：" + result.table.file}, .blocks = {}};
  page.blocks.emplace_back(measures_block(result));
  if (!result.table.columns.group.empty()) {
    page.blocks.emplace_back(groups_block(result));
    if (result.table.groups.size() > kMostGroups)
      page.blocks.emplace_back(Paragraph{
          .text = fmt::format("{} more groups: --json has all.", result.table.groups.size() - kMostGroups)});
  }
  LinesBlock lorenz{
      .caption = {"Lorenz curve", "洛伦兹曲线"},
      .x_name = {"share of the weight", "权重累计占比"},
      .y_name = {"share of the total", "总量累计占比"},
      .x = {},
      .curves = {{.name = {"places", "地方"}, .y = {}}, {.name = {"equal", "绝对平均"}, .y = {}}}};
  for (const auto& [weight, total] : result.lorenz) {
    lorenz.x.push_back(weight);
    lorenz.curves[0].y.push_back(total);
    lorenz.curves[1].y.push_back(weight);
  }
  page.blocks.emplace_back(lorenz);
  page.blocks.emplace_back(
      Paragraph{.text = {"Theil T: sum of s ln(s / w); L: sum of w ln(w / s); s: share of the total, w: of "
                         "the weight. Gini: mean "
                         "difference / twice the mean. Variation: standard deviation / mean. None is "
                         "corrected for few places.",
                         "泰尔 T = Σ s ln(s/w)；L = Σ w ln(w/s)；s 为总量占比，w 为权重占比。基尼 = "
                         "平均差 / 2 倍均值。变异系数 = 标准差 / 均值。均未作小样本修正。"}});
  return page;
}

}  // namespace hinterland
