// The answer of `fill` in one sentence.
#include "hinterland/judge/fill_sentence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

Words pays_sentence(const Atlas& atlas, const Fill& fill) {
  const FillPair& first = fill.steps.front().pair;
  const bool fits = fill.steps.front().fits;
  const Words name = name_of(first);
  const std::string room = an_hour(first, first.room()), floor = an_hour(first, first.floor);
  const std::string used = megawatts(fill.steps.back().used), idle = megawatts(fill.idle);
  const std::size_t fitting = fill.fitting(), all = fill.steps.size();
  const std::string which =
      fitting != all ? fmt::format("{} of the {} that pay fit at once and use", fitting, all)
      : all == 1
          ? "it alone pays and uses"
          : fmt::format("{} that pay fit at once and use", all == 2 ? "both" : fmt::format("all {}", all));
  Words rival;
  if (first.rival != nullptr) {
    const std::string there = an_hour(first, first.against_rival);
    const char* than = *first.against_rival < first.floor ? ", below that floor" : "";
    const char* than_zh = *first.against_rival < first.floor ? "，低于该底价" : "";
    rival = {fmt::format("; no more than {} in all{}, if it knows of the idle servers at {}", there, than,
                         first.rival->name),
             fmt::format("（若其知道{}也有闲置，则总共最多付 {}{}）", first.rival->name_zh, there, than_zh)};
  }
  return {
      fmt::format(
          "{} pays most at {}: up to {} {} a server-hour above your floor of {}{}{}; {} {} MW of the {} MW "
          "that stand idle.",
          name.en, fill.site->name, room, atlas.country().currency, floor, rival.en,
          fits ? "" : fmt::format(", but wants {} MW", megawatts(first.power)), which, used, idle),
      fmt::format("{}对{}最值：每服务器·时最多高出底价（{} {}）{} {}{}{}；{} 项值得承接的业务中 {} "
                  "项可同时容纳，占用 {} MW "
                  "闲置容量中的 {} MW。",
                  name.zh, fill.site->name_zh, floor, atlas.country().currency, room,
                  atlas.country().currency, rival.zh,
                  fits ? "" : fmt::format("，但需要 {} MW", megawatts(first.power)), all, fitting, idle,
                  used)};
}

Words too_big_sentence(const Fill& fill) {
  const auto smallest =
      std::ranges::min_element(fill.steps, {}, [](const FillStep& step) { return step.pair.power.value; });
  const Words name = name_of(smallest->pair);
  const std::string wanted = megawatts(smallest->pair.power), idle = megawatts(fill.idle);
  return {
      fmt::format(
          "Nothing fits at {}: of {} that pay, the smallest, {}, wants {} MW of the {} MW that stand idle.",
          fill.site->name, fill.steps.size(), name.en, wanted, idle),
      fmt::format("{}容纳不下任何业务：{} 项值得承接的业务中最小的（{}）需要 {} MW，而闲置的只有 {} MW。",
                  fill.site->name_zh, fill.steps.size(), name.zh, wanted, idle)};
}

Words no_room_sentence(const Atlas& atlas, const Fill& fill) {
  const FillPair& nearest = fill.no_room.front();
  const Words name = name_of(nearest);
  // A ceiling below zero: the moving costs more than home does, so the work comes only if it is paid for coming.
  const bool below_zero = *nearest.ceiling < Money{};
  const std::string floor = an_hour(nearest, nearest.floor), &currency = atlas.country().currency;
  const std::string amount = an_hour(nearest, below_zero ? Money{} - *nearest.ceiling : *nearest.ceiling);
  return {fmt::format("Nothing pays above your floor at {}: the nearest, {}, {} {} {} a server-hour, "
                      "and the floor is {}.",
                      fill.site->name, name.en, below_zero ? "would have to be paid" : "could give", amount,
                      currency, floor),
          fmt::format("{}没有高于底价的业务：最接近的{}每服务器·时{} {} {}，底价为 {}。", fill.site->name_zh,
                      name.zh, below_zero ? "须倒贴" : "最多付", amount, currency, floor)};
}

Words refused_sentence(const Fill& fill) {
  std::map<Obstacle, std::size_t> counts;
  for (const FillPair& pair : fill.refused) ++counts[pair.quote.obstacle];
  const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  const auto example = std::ranges::find_if(
      fill.refused, [&](const FillPair& pair) { return pair.quote.obstacle == most->first; });
  const Words name = name_of(*example);
  return {
      fmt::format("Nothing may come to {}: all {} are refused, {} of them by {} ({}: {}).", fill.site->name,
                  fill.refused.size(), most->second, name_of(most->first), name.en, example->reason.en),
      fmt::format("{}不得承接任何业务：{} 项全部被拒，其中 {} 项因{}（{}：{}）。", fill.site->name_zh,
                  fill.refused.size(), most->second, chinese_name_of(most->first), name.zh,
                  example->reason.zh)};
}

}  // namespace

Words name_of(const FillPair& pair) {
  return {fmt::format("{} from {}", pair.workload->name, pair.region->name),
          fmt::format("{}的{}", pair.region->name_zh, chinese_name_of(*pair.workload))};
}

const std::string& chinese_name_of(const Workload& workload) {
  return workload.name_zh.empty() ? workload.name : workload.name_zh;
}

std::string an_hour(const FillPair& pair, const std::optional<Money>& money) {
  return money ? compact((*money / pair.amount.server_hours).value) : "";
}

Words fill_sentence(const Atlas& atlas, const Fill& fill) {
  const Site& site = *fill.site;
  if (fill.idle <= Kilowatts{}) {
    return {fmt::format("No server stands idle at {}: there is nothing to fill.", site.name),
            fmt::format("{}没有闲置服务器，无可填充。", site.name_zh)};
  }
  if (fill.anything()) return pays_sentence(atlas, fill);
  if (!fill.steps.empty()) return too_big_sentence(fill);
  if (!fill.no_room.empty()) return no_room_sentence(atlas, fill);
  if (!fill.no_ceiling.empty()) {
    return {
        fmt::format(
            "What pays at {} cannot be said: {} may come, but their homes may not run them, so nothing there "
            "is avoided.",
            site.name, fill.no_ceiling.size()),
        fmt::format("无法判断{}能得多少：{} 项可以承接，但本地不得运行，因此无成本可省。", site.name_zh,
                    fill.no_ceiling.size())};
  }
  if (!fill.refused.empty()) return refused_sentence(fill);
  if (fill.customers.empty()) {
    return {fmt::format("Nothing could come to {}: all the work asked about is there already.", site.name),
            fmt::format("没有业务可来{}：所问的业务本来就在那里。", site.name_zh)};
  }
  return {fmt::format("Nothing could come to {}: no class runs on the servers that stand idle.", site.name),
          fmt::format("没有业务可来{}：没有一类业务使用那里闲置的服务器。", site.name_zh)};
}

}  // namespace hinterland
