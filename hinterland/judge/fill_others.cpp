#include "hinterland/judge/fill_others.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "hinterland/judge/fill_sentence.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

// "all 7 regions", or their ids.
Words regions_text(const std::vector<const Region*>& regions, const Fill& fill) {
  if (regions.size() == fill.customers.size() && regions.size() > 1) {
    return {regions.size() == 2 ? "both regions" : fmt::format("all {} regions", regions.size()),
            fmt::format("全部 {} 个地区", regions.size())};
  }
  std::vector<std::string> names;
  for (const Region* region : regions) names.push_back(region->id.text);
  return {fmt::format("{}", fmt::join(names, ", ")), fmt::format("{}", fmt::join(names, "、"))};
}

// The regions from which pairs of each class come, with the first pair of each.
struct ClassRow {
  const FillPair* first = nullptr;
  std::vector<const Region*> regions;
};
std::vector<ClassRow> by_class(const std::vector<FillPair>& pairs) {
  std::vector<ClassRow> rows;
  for (const FillPair& pair : pairs) {
    auto row =
        std::ranges::find_if(rows, [&](const ClassRow& one) { return one.first->workload == pair.workload; });
    if (row == rows.end()) row = rows.insert(rows.end(), ClassRow{.first = &pair, .regions = {}});
    row->regions.push_back(pair.region);
  }
  return rows;
}

TableBlock no_room_table(const Atlas& atlas, const Fill& fill) {
  TableBlock table{
      .caption = {fmt::format("May come, but the ceiling is not above the floor ({} a server-hour, at best)",
                              atlas.country().currency),
                  fmt::format("可以承接，但上限不高于底价（每服务器·时，{}，最优来源）",
                              atlas.country().currency)},
      .columns = {{{"class", "类别"}},
                  {{"floor", "底价"}, Align::right},
                  {{"ceiling", "上限"}, Align::right},
                  {{"moving", "搬运"}, Align::right},
                  {{"from", "来自"}}},
      .rows = {}};
  for (const auto& [first, regions] : by_class(fill.no_room)) {
    table.rows.push_back({first->workload->id.text, an_hour(*first, first->floor),
                          an_hour(*first, first->ceiling), an_hour(*first, first->quote.transfer.cost),
                          regions_text(regions, fill)});
  }
  return table;
}

TableBlock no_ceiling_table(const Atlas& atlas, const Fill& fill) {
  TableBlock table{
      .caption = {fmt::format(
                      "May come, at a price that other sites set: home may not run it ({} a server-hour)",
                      atlas.country().currency),
                  fmt::format("可以承接，价格由其他站点决定：本地不得运行（每服务器·时，{}）",
                              atlas.country().currency)},
      .columns = {{{"class", "类别"}},
                  {{"floor", "底价"}, Align::right},
                  {{"moving", "搬运"}, Align::right},
                  {{"IT kW", "IT 千瓦"}, Align::right},
                  {{"from", "来自"}},
                  {{"why not at home", "本地为何不可"}}},
      .rows = {}};
  for (const auto& [first, regions] : by_class(fill.no_ceiling)) {
    table.rows.push_back({first->workload->id.text, an_hour(*first, first->floor),
                          an_hour(*first, first->quote.transfer.cost), compact(first->power.value),
                          regions_text(regions, fill), first->home_reason});
  }
  return table;
}

TableBlock refused_table(const Fill& fill) {
  TableBlock table{.caption = {"May not come", "不得承接"},
                   .columns = {{{"class", "类别"}}, {{"from", "来自"}}, {{"why", "原因"}}},
                   .rows = {}};
  for (const RefusedClass& refusal : refusals(fill)) {
    const bool at_best = refusal.obstacle == Obstacle::latency && refusal.regions.size() > 1;
    const FillPair& example = *refusal.example;
    const Words why = refusal.missing.empty()
                          ? example.reason
                          : Words{fmt::format("would need {}", fmt::join(refusal.missing, ", ")),
                                  fmt::format("需要 {}", fmt::join(refusal.missing, "、"))};
    table.rows.push_back(
        {refusal.workload->id.text, regions_text(refusal.regions, fill),
         Words{fmt::format("{}: {}{}", name_of(refusal.obstacle), at_best ? "at best " : "", why.en),
               fmt::format("{}：{}{}", chinese_name_of(refusal.obstacle), at_best ? "最近者" : "", why.zh)}});
  }
  return table;
}

}  // namespace

std::vector<RefusedClass> refusals(const Fill& fill) {
  std::vector<RefusedClass> list;
  for (const FillPair& pair : fill.refused) {
    const Obstacle obstacle = pair.quote.obstacle;
    auto one = std::ranges::find_if(list, [&](const RefusedClass& known) {
      return known.workload == pair.workload && known.obstacle == obstacle;
    });
    if (one == list.end()) {
      one = list.insert(list.end(),
                        RefusedClass{.workload = pair.workload, .obstacle = obstacle, .example = &pair});
      for (const Certification& needed : pair.workload->certifications) {
        const auto& held = fill.site->certifications;
        if (obstacle == Obstacle::certification && std::ranges::find(held, needed) == held.end())
          one->missing.push_back(needed.text);
      }
    }
    one->regions.push_back(pair.region);
    if (pair.latency.central < one->example->latency.central) one->example = &pair;
  }
  return list;
}

std::vector<TableBlock> fill_others(const Atlas& atlas, const Fill& fill) {
  std::vector<TableBlock> tables;
  if (!fill.no_room.empty()) tables.push_back(no_room_table(atlas, fill));
  if (!fill.no_ceiling.empty()) tables.push_back(no_ceiling_table(atlas, fill));
  if (!fill.refused.empty()) tables.push_back(refused_table(fill));
  return tables;
}

}  // namespace hinterland
