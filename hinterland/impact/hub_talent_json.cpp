#include <cmath>
#include <nlohmann/json.hpp>

#include "hinterland/impact/hub_talent.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json band(const Band& one) {
  return {{"low", finite(one.low)}, {"median", finite(one.median)}, {"high", finite(one.high)}};
}

}  // namespace

std::string hub_talent_json(const HubTalent& result) {
  Json out{{"site", result.site->id.text},
           {"region", result.region->id.text},
           {"year", result.year},
           {"people", result.hub.people},
           {"present_kw", result.hub.present.value},
           {"wanted_kw", result.hub.wanted.value},
           {"level", result.question.level},
           {"draws", result.question.draws},
           {"seed", result.question.seed},
           {"inflow_per_year", result.inflow},
           {"needed", result.needed}};
  Json& points = out["points"] = Json::array();
  for (const TalentPoint& one : result.points)
    points.push_back({{"years", one.years},
                      {"stock", band(one.stock)},
                      {"staffed_mw", band(one.staffed_mw)},
                      {"fill", band(one.fill)},
                      {"pay_that_stays", band(one.pay_that_stays)}});
  out["full_after_years"] = band(result.full_after);
  out["never"] = result.never;
  out["plan"] = {{"years", result.question.plan_years},
                 {"mean_fill", band(result.mean_fill)},
                 {"filled_from", band(result.filled_from)},
                 {"mw_per_year", band(result.mw_per_year)}};
  Json& drivers = out["drivers"] = Json::array();
  for (const FigureSwing& one : result.drivers)
    drivers.push_back({{"column", one.column},
                       {"low", one.low},
                       {"high", one.high},
                       {"at_low", one.at_low},
                       {"at_high", one.at_high}});
  return out.dump(2) + "\n";
}

}  // namespace hinterland
