#include <nlohmann/json.hpp>

#include "hinterland/judge/doubt_page.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json number(const std::optional<Money>& value) { return value ? Json(value->value) : Json(nullptr); }

Json site_of(const Doubt& doubt, Answer answer, std::size_t destination) {
  return answer == Answer::move ? Json(doubt.parties[destination]->id.text) : Json(nullptr);
}

Json flip_of(const Doubt& doubt, const std::optional<Flip>& flip) {
  if (!flip) return nullptr;
  return {{"at", flip->at},
          {"verdict", name_of(flip->answer)},
          {"site", site_of(doubt, flip->answer, flip->destination)},
          {"in_range", flip->cited}};
}

Json range_of(const Dial& dial) {
  return dial.cited ? Json{{"low", dial.cited->low}, {"high", dial.cited->high}} : Json(nullptr);
}

Json flips_of(const Doubt& doubt) {
  Json list = Json::array();
  for (std::size_t i = 0; i < doubt.flips.size(); ++i) {
    const Flips& flips = doubt.flips[i];
    if (!flips.read) continue;
    const Dial& dial = doubt.dials[i];
    list.push_back({{"field", dial.name},
                    {"value", dial.central},
                    {"kind", dial.kind},
                    {"range", range_of(dial)},
                    {"below", flip_of(doubt, flips.below)},
                    {"above", flip_of(doubt, flips.above)},
                    {"other_site_below", flip_of(doubt, flips.elsewhere_below)},
                    {"other_site_above", flip_of(doubt, flips.elsewhere_above)}});
  }
  return list;
}

Json swings_of(const Doubt& doubt) {
  Json list = Json::array();
  for (const Swing& swing : doubt.swings) {
    const Dial& dial = doubt.dials[swing.dial];
    const auto& share = swing.share;
    list.push_back({{"field", dial.name},
                    {"range", range_of(dial)},
                    {"saving_at_low", number(swing.at_low)},
                    {"saving_at_high", number(swing.at_high)},
                    {"sobol", share ? Json{{"first", share->first},
                                           {"first_error", share->first_error},
                                           {"total", share->total},
                                           {"total_error", share->total_error}}
                                    : Json(nullptr)}});
  }
  return list;
}

Json sureness_of(const Doubt& doubt) {
  const Sureness& sure = doubt.sureness;
  if (sure.draws == 0) return nullptr;
  const auto share = [&](std::int64_t part) {
    return static_cast<double>(part) / static_cast<double>(sure.draws);
  };
  Json destinations = Json::object();
  for (const auto& [party, count] : sure.by_destination)
    destinations[party == 0 ? "stay" : doubt.parties[party]->id.text] = share(count);
  if (sure.refused > 0) destinations["refused"] = share(sure.refused);
  return {{"draws", sure.draws},
          {"agree", share(sure.agree)},
          {"agree_on_site", share(sure.same_place)},
          {"destinations", destinations},
          {"saving",
           {{"p5", number(sure.saving_at(0.05))},
            {"p50", number(sure.saving_at(0.5))},
            {"p95", number(sure.saving_at(0.95))},
            {"share_of_draws", share(static_cast<std::int64_t>(sure.savings.size()))}}}};
}

Json correlations_of(const Doubt& doubt) {
  Json list = Json::array();
  for (std::size_t g = 0; g < doubt.plan.groups.size(); ++g) {
    Json fields = Json::array();
    for (const DrawnQuantity& quantity : doubt.plan.quantities) {
      if (quantity.group == g) fields.push_back(quantity.name);
    }
    list.push_back({{"group", doubt.plan.groups[g].name},
                    {"correlation", doubt.plan.groups[g].correlation},
                    {"fields", std::move(fields)}});
  }
  return list;
}

}  // namespace

std::string doubt_json(const Doubt& doubt) {
  const Json out = {{"seed", doubt.asked.seed},
                    {"interrupted", doubt.interrupted},
                    {"flips", flips_of(doubt)},
                    {"sureness", sureness_of(doubt)},
                    {"drawn_fields", doubt.plan.dials.size()},
                    {"correlations", correlations_of(doubt)},
                    {"swings", swings_of(doubt)},
                    {"sobol_rows", doubt.share_rows}};
  return out.dump();
}

}  // namespace hinterland
