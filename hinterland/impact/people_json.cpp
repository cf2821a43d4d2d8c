#include <nlohmann/json.hpp>

#include "hinterland/impact/people_study.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json band(const Band& one) { return {{"low", one.low}, {"median", one.median}, {"high", one.high}}; }

Json figures(const PeopleCase& one) {
  return {{"output", one.output}, {"welfare", one.welfare},     {"coast_people", one.moved},
          {"ratio", one.ratio},   {"between_t", one.between_t}, {"within_t", one.within_t}};
}

Json way(const PeopleStudy& study, const PeopleWay& one) {
  Json out{{"id", one.id},
           {"name", one.name},
           {"central", figures(one.central)},
           {"bands",
            {{"output", band(one.bands.output)},
             {"welfare", band(one.bands.welfare)},
             {"coast_people", band(one.bands.moved)},
             {"ratio", band(one.bands.ratio)},
             {"between_t", band(one.bands.between_t)},
             {"within_t", band(one.bands.within_t)}}},
           {"rounds", one.central.outcome.rounds}};
  Json& regions = out["regions"] = Json::array();
  for (std::size_t r = 0; r < study.regions.size(); ++r)
    regions.push_back({{"id", study.regions[r].id},
                       {"coast", static_cast<bool>(study.coast[r])},
                       {"people_share_before", study.before.outcome.people[r]},
                       {"people_share", one.central.outcome.people[r]},
                       {"income", one.central.outcome.income[r]}});
  return out;
}

}  // namespace

std::string people_json(const PeopleStudy& study) {
  Json out{{"year", study.year},
           {"model", study.question.grouping},
           {"coast", study.question.coast},
           {"share", study.question.share},
           {"level", study.question.level},
           {"draws_asked", study.question.draws},
           {"draws", study.draws},
           {"draws_left_out", study.left_out},
           {"interrupted", study.interrupted},
           {"seed", study.question.seed},
           {"before", figures(study.before)},
           {"ways", Json::array({way(study, study.capital), way(study, study.people)})},
           {"of_the_draws",
            {{"people_give_more_output", study.people_output},
             {"people_give_more_welfare", study.people_welfare},
             {"people_raise_welfare", study.people_gain},
             {"capital_raises_welfare", study.capital_gain},
             {"neither_raises_welfare", study.neither}}},
           {"lead", study.lead}};
  Json& drivers = out["drivers"] = Json::array();
  for (const FigureSwing& one : study.drivers)
    drivers.push_back({{"column", one.column},
                       {"low", one.low},
                       {"high", one.high},
                       {"lead_at_low", one.at_low},
                       {"lead_at_high", one.at_high}});
  return out.dump(2) + "\n";
}

}  // namespace hinterland
