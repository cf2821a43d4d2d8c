#include "hinterland/judge/carbon_block.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

// Whether a change prints as nothing.
bool rounds_to_nothing(double share) { return percent(std::abs(share)) == percent(0); }

Words change(Kilograms home, Kilograms away) {
  Words both{fmt::format("{} kg at home, {} kg there", compact(home.value), compact(away.value)),
             fmt::format("本地 {} 千克，那里 {} 千克", compact_zh(home.value), compact_zh(away.value))};
  if (home.value <= 0) return both;
  const double share = away / home - 1;
  if (rounds_to_nothing(share)) return {both.en + ": the same", both.zh + "：相同"};
  const std::string size = percent(std::abs(share));
  return {fmt::format("{}: {} by {}", both.en, share < 0 ? "falls" : "rises", size),
          fmt::format("{}：{} {}", both.zh, share < 0 ? "下降" : "上升", size)};
}

// Of one kilowatt-hour.
Words kwh_change(double home, double away) {
  Words both{fmt::format("{:.4f} kg at home, {:.4f} kg there", home, away),
             fmt::format("本地 {:.4f} 千克，那里 {:.4f} 千克", home, away)};
  if (home <= 0) return both;
  const double share = away / home - 1;
  if (rounds_to_nothing(share)) return {both.en + ": the same", both.zh + "：相同"};
  const std::string size = (share < 0 ? "-" : "+") + percent(std::abs(share));
  return {both.en + ": " + size, both.zh + "：" + size};
}

}  // namespace

FactsBlock carbon_block(const Verdict& verdict) {
  const SiteRow &home = verdict.home_row(), &away = *verdict.best_row();
  FactsBlock block{.caption = Words(fmt::format("Carbon of running it in {} instead", away.site->name),
                                    fmt::format("改在{}运行的碳排放", away.site->name_zh)),
                   .facts = {}};
  block.facts.emplace_back(Words("location: the grid's average", "位置法：电网平均"),
                           change(home.location, away.location));
  block.facts.emplace_back(Words("market: what contracts leave", "市场法：扣除合同电量后的余量"),
                           change(home.market, away.market));
  block.facts.emplace_back(Words("marginal: one more kWh", "边际：多用一千瓦时"),
                           home.marginal && away.marginal ? change(*home.marginal, *away.marginal)
                                                          : Words("not known: no source gives it for both",
                                                                  "未知：没有来源同时给出两地的数值"));
  block.facts.emplace_back(
      Words("embodied: in the servers", "服务器隐含碳"),
      away.embodied.value > 0
          ? change(home.embodied, away.embodied)
          : Words(fmt::format("{} kg at home; nothing is bought there: those servers were made already",
                              compact(home.embodied.value)),
                  fmt::format("本地 {} 千克；那里无需购置：那些服务器早已造好",
                              compact_zh(home.embodied.value))));
  const SiteTerms &at_home = home.quote.terms, &there = away.quote.terms;
  block.facts.emplace_back(Words("a kWh at the meter, location", "电表处每千瓦时（位置法）"),
                           kwh_change(at_home.location.value, there.location.value));
  block.facts.emplace_back(
      Words("a kWh of IT, location", "每千瓦时 IT 用电（位置法）"),
      kwh_change(at_home.pue * at_home.location.value, there.pue * there.location.value));
  const bool disagree = (away.location < home.location) != (away.market < home.market);
  if (disagree) {
    block.facts.emplace_back(
        "",
        Words("Location and market disagree: whoever calls this move cleaner or dirtier must say by which.",
              "位置法与市场法的结论相反：称这次搬迁更清洁或更不清洁的人，须说明依据哪一种。"));
  }
  return block;
}

}  // namespace hinterland
