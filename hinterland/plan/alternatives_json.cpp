#include <nlohmann/json.hpp>

#include "hinterland/plan/alternatives.hpp"
#include "hinterland/plan/plan_figures.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

Json ids_of_used(const StudyPlan& plan) {
  Json out = Json::array();
  const std::vector<bool> used = used_sites(plan);
  for (std::size_t s = 0; s < used.size(); ++s)
    if (used[s]) out.push_back(plan.setup.sites[s]->id.text);
  return out;
}

Json plan_figures_json(const StudyPlan& plan) {
  return {{"objective", plan.objective()},
          {"sites", ids_of_used(plan)},
          {"largest_site_kw", largest_site_kw(plan)},
          {"kept_kw", total_kw(plan, ColumnKind::kept)},
          {"bought_kw", bought_kw(plan)},
          {"carbon_kg", figures_of(plan).carbon_kg}};
}

}  // namespace

std::string alternatives_json(const Study& study, const Atlas& atlas, const PlanAlternatives& all) {
  Json out{{"study", study.file},  {"name", study.name},     {"currency", atlas.country().currency},
           {"within", all.within}, {"stopped", all.stopped}, {"feasible", all.best.feasible()}};
  out["best"] = all.best.feasible() ? plan_figures_json(all.best) : Json();
  if (all.best.feasible()) out["best"]["bound"] = all.best.bound();
  Json& rows = out["alternatives"] = Json::array();
  for (const PlanAlternative& row : all.rows) {
    Json& json = rows.emplace_back(Json{{"aim", name_of(row.aim)}, {"found", !row.same}});
    json.update(plan_figures_json(row.plan));
    if (row.aim == Aim::least_carbon) json["carbon_price_per_kg"] = row.carbon_price;
  }
  Json& sites = out["drop_outs"] = Json::array();
  for (const DropOut& one : all.drop_outs) {
    Json& json = sites.emplace_back(Json{{"site", all.best.setup.sites[one.site]->id.text},
                                         {"served_kwh", one.served_kwh},
                                         {"capacity_kw", one.capacity_kw},
                                         {"energy_price", one.energy_price},
                                         {"needed", one.needed}});
    if (one.needed) continue;
    json.update({{"closing_costs", one.closing},
                 {"stays_until", one.stays_until},
                 {"leaves_at", one.leaves_at},
                 {"unsure", one.unsure}});
  }
  return out.dump(2) + "\n";
}

}  // namespace hinterland
