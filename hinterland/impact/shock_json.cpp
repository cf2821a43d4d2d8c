#include <nlohmann/json.hpp>

#include "hinterland/impact/drivers_page.hpp"
#include "hinterland/impact/shock_page.hpp"
#include "hinterland/impact/shock_words.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

class ShockJson {
 public:
  ShockJson(const Atlas& atlas, const ShockStudy& study)
      : atlas_(atlas), study_(study), drawn_(study.draws > 0) {}

  Json json() {
    const ShockCourse& course = study_.course;
    const IoSource& source = *study_.economy->source;
    Json out{{"scenario", study_.shock.file},
             {"name", study_.shock.name},
             {"currency", atlas_.country().currency},
             {"table", source.id.text},
             {"table_year", static_cast<int>(source.year)},
             {"grouping", study_.shock.grouping},
             {"days", static_cast<int>(study_.shock.days)},
             {"per_year", study_.shock.per_year},
             {"level", study_.options.level},
             {"seed", study_.options.seed},
             {"draws_asked", study_.options.draws},
             {"draws", study_.draws},
             {"left_out", study_.left_out},
             {"drawn_figures", study_.drawn_figures},
             {"interrupted", study_.interrupted},
             {"value_added_per_year", study_.added()},
             {"lost", figure(course.lost, study_.lost)},
             {"worst_day", figure(course.worst_day(), study_.worst_day)},
             {"final_use_unmet", figure(course.final_unmet, study_.final_unmet)},
             {"exports_unmet", figure(course.exports_unmet, study_.exports_unmet)},
             {"damage", course.damage},
             {"left_damage", course.left_damage}};
    Json& regions = out["regions"] = Json::array();
    for (std::size_t r = 0; r < study_.regions.size(); ++r)
      regions.push_back({{"id", study_.regions[r].id},
                         {"value_added_per_year", study_.region_added[r]},
                         {"lost", figure(course.by_region[r], at(study_.by_region, r))}});
    Json& industries = out["industries"] = Json::array();
    for (std::size_t k = 0; k < study_.industry_added.size(); ++k)
      industries.push_back({{"id", study_.economy->table.industries[k].code},
                            {"value_added_per_year", study_.industry_added[k]},
                            {"lost", figure(course.by_industry[k], at(study_.by_industry, k))}});
    Json& daily = out["daily"] = Json::array();
    for (std::size_t day = 0; day < course.daily.size(); ++day)
      daily.push_back(figure(course.daily[day], at(study_.daily, day)));
    Json& kept = out["kept"] = Json::array();
    for (const KeptValue& one : study_.kept) kept.push_back(kept_json(one));
    out["drivers"] = drivers_json(study_.drivers);
    return out;
  }

 private:
  // As the figures stand, and its band; null where nothing was drawn.
  [[nodiscard]] Json figure(double value, const Band& band) const {
    Json out{{"value", value}};
    out["low"] = drawn_ ? Json(band.low) : Json();
    out["median"] = drawn_ ? Json(band.median) : Json();
    out["high"] = drawn_ ? Json(band.high) : Json();
    return out;
  }

  [[nodiscard]] Band at(const std::vector<Band>& bands, std::size_t i) const {
    return drawn_ ? bands[i] : Band{};
  }

  [[nodiscard]] Json kept_json(const KeptValue& kept) const {
    const double times = study_.shock.per_year;
    Json parts = Json::object();
    for (const CostPart& part : kept.cost) parts[name_of(part.of)] = part.per_year;
    return {{"id", kept.key},
            {"kind", kept.zone ? "zone" : "reserve"},
            {"used", kept.used},
            {"avoided", figure(kept.avoided, kept.avoided_band)},
            {"avoided_per_year", figure(times * kept.avoided, kept.yearly_band)},
            {"cost_per_year", figure(total(kept.cost), kept.cost_band)},
            {"cost_parts", std::move(parts)},
            {"worth_per_year", figure(kept.worth(times), kept.worth_band)},
            {"worth_share", drawn_ ? Json(kept.worth_share) : Json()},
            {"unused_share", drawn_ ? Json(kept.unused_share) : Json()}};
  }

  const Atlas& atlas_;
  const ShockStudy& study_;
  bool drawn_;
};

}  // namespace

std::string shock_json(const Atlas& atlas, const ShockStudy& study) {
  return ShockJson(atlas, study).json().dump(2) + "\n";
}

}  // namespace hinterland
