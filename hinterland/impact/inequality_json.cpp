#include <nlohmann/json.hpp>

#include "hinterland/impact/place_table.hpp"
#include "hinterland/impact/regional_inequality.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

Json measures(const Inequality& one) {
  return {{"mean", one.mean},
          {"theil_t", one.theil_t},
          {"theil_l", or_null(one.theil_l)},
          {"gini", one.gini},
          {"cv", one.cv}};
}

Json decomposed(const Decomposition& parts) {
  Json out = measures(parts.all);
  out.update({{"between_t", parts.between_t},
              {"within_t", parts.within_t},
              {"between_l", or_null(parts.between_l)},
              {"within_l", or_null(parts.within_l)}});
  return out;
}

Json group_json(const std::string& id, const GroupPart& part) {
  Json out{{"id", id}, {"weight_share", part.weight_share}, {"total_share", part.total_share}};
  out.update(measures(part.own));
  return out;
}

Json interval_json(const Interval& one) {
  return {{"value", one.value}, {"low", one.low}, {"high", one.high}};
}

Json beside_json(const BesideNation& one) {
  return {{"own", one.own}, {"nation", one.nation}, {"ratio", one.ratio()}, {"gap", one.gap()}};
}

Json courses_json(const std::vector<Course>& courses) {
  Json out = Json::array();
  for (const Course& one : courses)
    out.push_back({{"id", one.id},
                   {"name", one.name},
                   {"from", one.from},
                   {"to", one.to},
                   {"first", beside_json(one.first)},
                   {"last", beside_json(one.last)},
                   {"growth", one.growth()},
                   {"nation_growth", one.nation_growth()},
                   {"ratio_rises", one.ratio_rises()},
                   {"gap_opens", one.gap_opens()}});
  return out;
}

Json curve_json(const std::vector<std::pair<double, double>>& curve) {
  Json out = Json::array();
  for (const auto& [weight, total] : curve) out.push_back({weight, total});
  return out;
}

Json year_json(const RegionalInequality& result, const InequalityYear& year) {
  Json out{{"year", year.year}, {"people", year.parts.all.weight}};
  out.update(decomposed(year.parts));
  out["sigma"] = year.sigma;
  Json& groups = out["groups"] = Json::array();
  for (std::size_t g = 0; g < result.groups.size(); ++g)
    groups.push_back(group_json(result.groups[g].id.text, year.parts.groups[g]));
  return out;
}

Json convergence_json(const RegionalInequality& result) {
  if (!result.beta || !result.sigma) return nullptr;
  Json out{{"from", result.first().year}, {"to", result.last().year}, {"level", result.level}};
  out["slope"] = interval_json(result.beta->slope);
  out["beta"] = result.beta->beta ? interval_json(*result.beta->beta) : Json();
  out["r_squared"] = result.beta->r_squared;
  out["sigma_first"] = result.sigma->first;
  out["sigma_last"] = result.sigma->last;
  out["sigma_ratio"] = interval_json(result.sigma->ratio);
  return out;
}

Json changed_json(const RegionalInequality& result) {
  if (!result.changed) return nullptr;
  Json out{{"year", result.last().year}};
  Json& changes = out["changes"] = Json::array();
  for (const RegionChange& one : result.changed->changes)
    changes.push_back({{"region", one.region.text},
                       {"low", one.gdp.low},
                       {"central", one.gdp.central},
                       {"high", one.gdp.high}});
  out["low"] = decomposed(result.changed->low);
  out["central"] = decomposed(result.changed->central);
  out["high"] = decomposed(result.changed->high);
  return out;
}

Json places_json(const PlaceInequality& result) {
  Json out{{"file", result.table.file},
           {"value", result.table.columns.value},
           {"weight", result.table.columns.weight},
           {"group", result.table.columns.group},
           {"places", result.table.places.size()},
           {"empty_places", result.table.empty_places()}};
  out.update(decomposed(result.parts));
  Json& groups = out["groups"] = Json::array();
  for (std::size_t g = 0; g < result.table.groups.size(); ++g)
    groups.push_back(group_json(result.table.groups[g], result.parts.groups[g]));
  return out;
}

}  // namespace

std::string inequality_json(const Atlas& atlas, const RegionalInequality& result,
                            const PlaceInequality* counties) {
  Json out{{"atlas", atlas.country().id.text},
           {"currency", atlas.country().currency},
           {"grouping", result.grouping}};
  Json& years = out["years"] = Json::array();
  for (const InequalityYear& year : result.years) years.push_back(year_json(result, year));
  out["convergence"] = convergence_json(result);
  out["groups"] = courses_json(result.group_courses);
  out["regions"] = courses_json(result.region_courses);
  out["incomes"] = courses_json(income_courses(atlas));
  out["lorenz"] = {{"first", curve_json(result.lorenz_first)}, {"last", curve_json(result.lorenz_last)}};
  out["changed"] = changed_json(result);
  Json& breaks = out["breaks"] = Json::array();
  for (const SeriesBreak& one : result.breaks)
    breaks.push_back(
        {{"before", one.before}, {"from", one.from}, {"rise", one.rise}, {"even_theil_t", one.even_theil_t}});
  out["counties"] = counties != nullptr ? places_json(*counties) : Json();
  return out.dump(2) + "\n";
}

std::string place_inequality_json(const PlaceInequality& result) {
  return places_json(result).dump(2) + "\n";
}

}  // namespace hinterland
