#include <nlohmann/json.hpp>

#include "hinterland/impact/pipeline.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json band(const Band& one) { return {{"low", one.low}, {"median", one.median}, {"high", one.high}}; }

Json learnt(const LearntBand& one) {
  return {{"prior", band(one.prior)}, {"posterior", band(one.posterior)}};
}

Json forecast(const DealForecast& one) {
  return {{"year", one.year},
          {"signed", one.signed_deals},
          {"waiting", band(one.waiting)},
          {"building", band(one.building)},
          {"operating", band(one.operating)},
          {"dropped", band(one.dropped)}};
}

}  // namespace

std::string pipeline_json(const Pipeline& result) {
  Json out{{"programme", result.programme}, {"name", result.name}, {"region", result.region}};
  Json& counts = out["counts"] = Json::array();
  for (std::size_t i = 0; i < result.counts.size(); ++i) {
    const DealCount& one = result.counts[i];
    counts.push_back({{"date", one.date},
                      {"year", result.question.counts[i].year},
                      {"signed", one.signed_deals},
                      {"building", or_null(one.building)},
                      {"operating", or_null(one.operating)},
                      {"dropped", or_null(one.dropped)}});
  }
  out["worth"] = nullptr;
  if (result.worth)
    out["worth"] = {{"amount", result.worth->worth},
                    {"currency", result.worth->currency},
                    {"per_deal", result.worth->per_deal()},
                    {"per_operating", or_null(result.worth->per_operating())}};
  out["level"] = result.question.level;
  out["draws"] = result.question.draws;
  out["seed"] = result.question.seed;
  out["effective_draws"] = result.fit.effective_draws;
  out["signing_per_year"] = result.question.signing_per_year;
  out["start_years"] = learnt(result.fit.start_years);
  out["build_years"] = learnt(result.fit.build_years);
  out["dropped_per_year"] = learnt(result.fit.drop);
  out["since_year"] = learnt(result.fit.since);
  out["operating_in_the_end"] = learnt(result.fit.operating_in_the_end);
  out["now"] = forecast(result.fit.now);
  Json& ahead = out["ahead"] = Json::array();
  for (const DealForecast& one : result.fit.ahead) ahead.push_back(forecast(one));
  return out.dump(2) + "\n";
}

}  // namespace hinterland
