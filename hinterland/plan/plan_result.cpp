#include "hinterland/plan/plan_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hinterland/plan/plan_figures.hpp"
#include "hinterland/plan/study_rules.hpp"

namespace hinterland {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kWindowNames[] = {"day", "kept", "relaxed", "both"};

Json names_of(const StudyPlan& plan, const std::vector<SiteIndex>& sites) {
  Json out = Json::array();
  for (const SiteIndex s : sites) out.push_back(plan.setup.sites[s]->id.text);
  return out;
}

Json site_json(const StudyPlan& plan, const SiteFigures& figures, SiteIndex s) {
  Json out{{"id", plan.setup.sites[s]->id.text}};
  for (std::size_t kind = 0; kind < 3; ++kind)
    out[kCapacityFields[kind]] = capacity_at(plan, s, static_cast<ColumnKind>(kind));
  out["idle_kw"] = figures.idle_kw;
  out["peak_kw"] = figures.peak_kw;
  out["served_kwh"] = figures.served_kwh;
  out["worth_per_kw"] = figures.worth;
  return out;
}

Json cut_json(const Study& study, const StudyPlan& plan, const SurvivalCut& cut, double price) {
  return {{"hazard", plan.setup.hazard(cut.group).id.text},
          {"hour", cut.hour},
          {"sites", names_of(plan, cut.sites)},
          {"limited", names_of(plan, cut.limited)},
          {"kw", cut.kw},
          {"price_per_kw", price},
          {"text", in_words(study, plan, cut)}};
}

Json prices_json(const StudyPlan& plan, const std::vector<double>& cells) {
  Json out = Json::object();
  if (cells.empty()) return out;
  for (SiteIndex s = 0; s < plan.setup.sites.size(); ++s) {
    Json& hours = out[plan.setup.sites[s]->id.text] = Json::array();
    for (std::uint32_t t = 0; t < plan.setup.numbers.hours; ++t)
      hours.push_back(cells[plan.setup.numbers.at(t, s)]);
  }
  return out;
}

Json limits_json(const StudyPlan& plan) {
  Json out = Json::array();
  for (std::size_t r = 0; r < plan.setup.limits.size(); ++r) {
    const LimitRow& row = plan.setup.limits[r];
    out.push_back({{"id", row.limit.key},
                   {"rule", row.rule},
                   {"asked", row.asked},
                   {"has", limit_use(plan.setup, row, plan.plan.columns)},
                   {"price_per_kw", plan.plan.prices.rows[r]}});
  }
  return out;
}

Json relaxed_json(const StudyPlan& plan) {
  const SitingPrices& prices = plan.relaxed->prices;
  return {{"bound", plan.relaxed->bound},
          {"bracket", plan.bracket()},
          {"prices",
           {{"capacity", prices_json(plan, prices.capacity)},
            {"power", prices_json(plan, prices.power)},
            {"rows", prices.rows},
            {"caps", prices.caps}}}};
}

// Prices of another solve, and what they say any capacity leaves to pay.
Json more_prices_json(const StudyPlan& plan, const SitingPrices& prices) {
  const ValueCut cut = value_cut(plan.setup.numbers, prices);
  Json less = Json::object(), once_open = Json::object(), free = Json::array();
  Json capacity = prices_json(plan, prices.capacity);
  for (SiteIndex s = 0; s < plan.setup.sites.size(); ++s) {
    const std::string& site = plan.setup.sites[s]->id.text;
    less[site] = cut.worth[s];
    once_open[site] = cut.opening[s];
    if (prices.free_once_open.empty() || !prices.free_once_open[s]) continue;
    free.push_back(site);
    capacity.erase(site);
  }
  return {{"leaves_to_pay", cut.constant[0]},
          {"less_per_kw", std::move(less)},
          {"less_once_open", std::move(once_open)},
          {"free_once_open", std::move(free)},
          {"capacity", std::move(capacity)},
          {"power", prices_json(plan, prices.power)},
          {"caps", prices.caps}};
}

Json cost_json(const StudyPlan& plan) {
  const PlanCost cost = cost_of(plan);
  return {{"kept", cost.kept},         {"filled", cost.filled}, {"new", cost.built},
          {"opening", cost.opening},   {"energy", cost.energy}, {"network", cost.network},
          {"unserved", cost.unserved}, {"people", cost.people}};
}

Json whole(const Study& study, const Atlas& atlas, const Charges& charges, const StudyPlan& plan) {
  const SitingProblem& numbers = plan.setup.numbers;
  Json out{{"study", study.file},
           {"name", study.name},
           {"assignments", study.assignments},
           {"carbon_price_per_kg", charges.carbon.value},
           {"water_price_per_litre", charges.water.value},
           {"currency", atlas.country().currency},
           {"hours", numbers.hours},
           {"windows", kWindowNames[static_cast<int>(study.windows)]}};
  const bool is_plan = !plan.plan.columns.empty();
  out["feasible"] = plan.feasible();
  out["because"] = because(study, plan);
  out["conflicts"] = plan.conflicts;
  out["unserved_by_choice"] = plan.unserved_by_choice;
  out["stopped"] = plan.stopped;
  out["objective"] = is_plan ? Json(plan.objective()) : Json();
  out["bound"] = is_plan ? Json(plan.bound()) : Json();
  out["gap"] = is_plan ? Json(plan.gap()) : Json();
  if (!is_plan) return out;
  const PlanFigures figures = figures_of(plan);
  out["cost"] = cost_json(plan);
  out["dispatch"] = plan.plan.quick ? "quick" : "exact";
  out["demand_kwh"] = plan.setup.demand_kwh;
  out["demand_peak_kw"] = plan.setup.demand_peak_kw;
  out["unserved_kwh"] = plan.plan.dispatch.unserved_kwh;
  out["away_kwh"] = figures.away_kwh;
  out["clusters_kwh"] = figures.clusters_kwh;
  out["carbon_kg"] = figures.carbon_kg;
  out["water_litres"] = figures.water_litres;
  out["facility_kwh"] = figures.facility_kwh;
  out["carried_kwh"] = figures.carried_kwh;
  Json& sites = out["sites"] = Json::array();
  for (SiteIndex s = 0; s < plan.setup.sites.size(); ++s)
    sites.push_back(site_json(plan, figures.sites[s], s));
  Json& hazards = out["hazards"] = Json::array();
  for (std::size_t g = 0; g < plan.setup.hazards.size(); ++g)
    hazards.push_back({{"id", plan.setup.hazards[g]->id.text}, {"beyond_saving_kw", plan.beyond[g]}});
  Json& cuts = out["cuts"] = Json::array();
  for (std::size_t r = 0; r < plan.cuts.size(); ++r)
    cuts.push_back(cut_json(study, plan, plan.cuts[r], plan.plan.prices.rows[plan.row_of(r)]));
  out["limits"] = limits_json(plan);
  Json& caps = out["caps"] = Json::array();
  for (std::size_t c = 0; c < numbers.caps.size(); ++c)
    caps.push_back({{"id", plan.setup.caps[c].key},
                    {"most", numbers.caps[c].most},
                    {"use", plan.plan.dispatch.cap_use[c]},
                    {"price", plan.plan.prices.caps[c]}});
  out["prices"] = {{"bound", lower_bound(numbers, plan.plan.prices) + plan.setup.people_cost},
                   {"capacity", prices_json(plan, plan.plan.prices.capacity)},
                   {"power", prices_json(plan, plan.plan.prices.power)}};
  Json& more = out["more_prices"] = Json::array();
  for (const SitingPrices& prices : plan.plan.more_prices) more.push_back(more_prices_json(plan, prices));
  out["carried"] = plan.plan.carried;
  if (plan.relaxed) out["relaxed"] = relaxed_json(plan);
  return out;
}

}  // namespace

std::string plan_json(const Study& study, const Atlas& atlas, const Charges& charges, const StudyPlan& plan) {
  return whole(study, atlas, charges, plan).dump() + "\n";
}

}  // namespace hinterland
