#include <nlohmann/json.hpp>

#include "hinterland/plan/counterfactual.hpp"
#include "hinterland/plan/plan_figures.hpp"

namespace hinterland {

std::string counterfactuals_json(const Study& study, const Atlas& atlas, const Counterfactuals& all) {
  using Json = nlohmann::ordered_json;
  Json out{{"study", study.file},
           {"name", study.name},
           {"currency", atlas.country().currency},
           {"stopped", all.stopped}};
  out["waiting_saves"] = all.waiting_saves ? Json(*all.waiting_saves) : Json();
  Json& choices = out["choices"] = Json::array();
  for (const Counterfactual& row : all.rows) {
    const bool is_plan = !row.plan.plan.columns.empty();
    Json regret = Json::object();
    for (std::size_t w = 0; w < row.regret.size(); ++w) regret[all.scenarios[w]->key] = row.regret[w];
    const PlanFigures figures = is_plan ? figures_of(row.plan) : PlanFigures{};
    choices.push_back({{"choice", name_of(row.choice)},
                       {"keeps_rules", row.plan.keeps_rules()},
                       {"serves_all", row.plan.serves_all()},
                       {"objective", is_plan ? Json(row.plan.objective()) : Json()},
                       {"bound", is_plan ? Json(row.plan.bound()) : Json()},
                       {"bought_kw", bought_kw(row.plan)},
                       {"away_kwh", figures.away_kwh},
                       {"clusters_kwh", figures.clusters_kwh},
                       {"facility_kwh", figures.facility_kwh},
                       {"carbon_kg", figures.carbon_kg},
                       {"unserved_kwh", is_plan ? row.plan.plan.dispatch.unserved_kwh : 0},
                       {"people_move", row.with_people || row.choice == Choice::people},
                       {"regret", regret},
                       {"expected", row.expected ? Json(*row.expected) : Json()},
                       {"cvar", row.cvar ? Json(*row.cvar) : Json()}});
  }
  return out.dump(2) + "\n";
}

}  // namespace hinterland
