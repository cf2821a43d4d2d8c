#include "hinterland/judge/carbon_block.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

std::string change(Kilograms home, Kilograms away) {
  std::string both = fmt::format("{} kg at home, {} kg there", compact(home.value), compact(away.value));
  if (home.value <= 0) return both;
  const double share = away / home - 1;
  if (share == 0) return both + ": the same";
  return fmt::format("{}: {} by {}", both, share < 0 ? "falls" : "rises",
                     percent(share < 0 ? -share : share));
}

}  // namespace

FactsBlock carbon_block(const Verdict& verdict) {
  const SiteRow &home = verdict.home_row(), &away = *verdict.best_row();
  FactsBlock block{.caption = Words(fmt::format("Carbon of running it in {} instead", away.site->name),
                                    fmt::format("改在{}运行的碳排放", away.site->name_zh)),
                   .facts = {}};
  block.facts.emplace_back(Words("location: the grid's average", "电网平均"),
                           change(home.location, away.location));
  block.facts.emplace_back(Words("market: what contracts leave", "合同剩余电量"),
                           change(home.market, away.market));
  block.facts.emplace_back(Words("marginal: one more kWh", "边际"),
                           home.marginal && away.marginal ? change(*home.marginal, *away.marginal)
                                                          : "not known: no source gives it for both");
  block.facts.emplace_back(
      Words("embodied: in the servers", "服务器隐含碳"),
      away.embodied.value > 0
          ? change(home.embodied, away.embodied)
          : fmt::format("{} kg at home; nothing is bought there: those servers were made already",
                        compact(home.embodied.value)));
  const SiteTerms &at_home = home.quote.terms, &there = away.quote.terms;
  const auto kwh = [](double at, double other) {
    return fmt::format(
        "{:.4f} kg at home, {:.4f} kg there{}", at, other,
        at > 0 ? fmt::format(": {}{}", other < at ? "-" : "+", percent(std::abs(other / at - 1))) : "");
  };
  block.facts.emplace_back(Words("a kWh at the meter, location", "每千瓦时市电（电网平均）"),
                           kwh(at_home.location.value, there.location.value));
  block.facts.emplace_back(Words("a kWh of IT, location", "每千瓦时 IT（电网平均）"),
                           kwh(at_home.pue * at_home.location.value, there.pue * there.location.value));
  const bool disagree = (away.location < home.location) != (away.market < home.market);
  if (disagree) {
    block.facts.emplace_back(
        "", "The two grid counts disagree: whoever calls this move cleaner or dirtier must say by which.");
  }
  return block;
}

}  // namespace hinterland
