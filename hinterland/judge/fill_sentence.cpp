// The answer of `fill` in one sentence.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "hinterland/judge/fill.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

std::string megawatts(Kilowatts power) { return compact(power.value / kKilowattsPerMegawatt) + " MW"; }

std::string an_hour(const FillPair& pair, Money money) {
  return compact((money / pair.amount.server_hours).value);
}

// "Film rendering from Shanghai"
std::string name_of(const FillPair& pair) {
  return fmt::format("{} from {}", pair.workload->name, pair.region->name);
}

std::string pays_sentence(const Atlas& atlas, const Fill& fill) {
  const FillPair& first = fill.steps.front().pair;
  const FillStep& last = fill.steps.back();
  std::string text = fmt::format("{} pays most at {}: up to {} {} a server-hour above your floor of {}",
                                 name_of(first), fill.site->name, an_hour(first, first.room()),
                                 atlas.country().currency, an_hour(first, first.floor));
  if (!fill.steps.front().fits) text += fmt::format(", but wants {}", megawatts(first.power));
  const std::size_t fitting = fill.fitting(), all = fill.steps.size();
  const std::string which =
      fitting != all ? fmt::format("{} of the {} that pay fit at once and use", fitting, all)
      : all == 1
          ? "it alone pays and uses"
          : fmt::format("{} that pay fit at once and use", all == 2 ? "both" : fmt::format("all {}", all));
  return text +
         fmt::format("; {} {} of the {} that stand idle.", which, megawatts(last.used), megawatts(fill.idle));
}

std::string too_big_sentence(const Fill& fill) {
  const auto smallest =
      std::ranges::min_element(fill.steps, {}, [](const FillStep& step) { return step.pair.power.value; });
  return fmt::format(
      "Nothing fits at {}: of {} that pay, the smallest, {}, wants {} of the {} that stand idle.",
      fill.site->name, fill.steps.size(), name_of(smallest->pair), megawatts(smallest->pair.power),
      megawatts(fill.idle));
}

std::string no_room_sentence(const Atlas& atlas, const Fill& fill) {
  const FillPair& nearest = fill.no_room.front();
  return fmt::format(
      "Nothing pays above your floor at {}: the nearest, {}, could give {} {} a server-hour, and the floor "
      "is {}.",
      fill.site->name, name_of(nearest), an_hour(nearest, *nearest.ceiling), atlas.country().currency,
      an_hour(nearest, nearest.floor));
}

std::string refused_sentence(const Fill& fill) {
  std::map<Obstacle, std::size_t> counts;
  for (const FillPair& pair : fill.refused) ++counts[pair.quote.obstacle];
  const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  const auto example = std::ranges::find_if(
      fill.refused, [&](const FillPair& pair) { return pair.quote.obstacle == most->first; });
  return fmt::format("Nothing may come to {}: all {} are refused, {} of them by {} ({}: {}).",
                     fill.site->name, fill.refused.size(), most->second, hinterland::name_of(most->first),
                     name_of(*example), example->reason);
}

}  // namespace

std::string fill_sentence(const Atlas& atlas, const Fill& fill) {
  if (fill.idle <= Kilowatts{})
    return fmt::format("No server stands idle at {}: there is nothing to fill.", fill.site->name);
  if (fill.anything()) return pays_sentence(atlas, fill);
  if (!fill.steps.empty()) return too_big_sentence(fill);
  if (!fill.no_room.empty()) return no_room_sentence(atlas, fill);
  if (!fill.no_ceiling.empty()) {
    return fmt::format(
        "What pays at {} cannot be said: {} may come, but their homes may not run them, so nothing there is "
        "avoided.",
        fill.site->name, fill.no_ceiling.size());
  }
  if (!fill.refused.empty()) return refused_sentence(fill);
  return fmt::format("Nothing could come to {}: {}.", fill.site->name,
                     fill.customers.empty() ? "all the work asked about is there already"
                                            : "no class runs on the servers that stand idle");
}

}  // namespace hinterland
