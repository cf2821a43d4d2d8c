#include "hinterland/plan/plan_figures.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <initializer_list>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kNothing = 1e-3, kOfTheGap = 1e-5;

void add_away(const StudyProblem& setup, const std::vector<DemandOf>& demands, const std::vector<double>& kwh,
              std::vector<AwayFlow>& flows) {
  for (std::size_t i = 0; i < demands.size(); ++i)
    for (SiteIndex s = 0; s < setup.sites.size(); ++s) {
      const double served = kwh[i * setup.sites.size() + s];
      if (setup.sites[s] == demands[i].home || served <= 0) continue;
      auto flow = std::ranges::find_if(
          flows, [&](const AwayFlow& one) { return one.home == demands[i].home && one.to == s; });
      if (flow == flows.end()) flow = flows.insert(flow, {.home = demands[i].home, .to = s, .regions = {}});
      flow->kwh += served;
      if (std::ranges::find(flow->regions, demands[i].region) == flow->regions.end())
        flow->regions.push_back(demands[i].region);
    }
}

std::vector<AwayFlow> away_flows(const StudyProblem& setup, const Dispatch& dispatched) {
  std::vector<AwayFlow> flows;
  add_away(setup, setup.prompt, dispatched.prompt_kwh, flows);
  add_away(setup, setup.deferrable, dispatched.deferrable_kwh, flows);
  std::ranges::stable_sort(flows, std::greater{}, &AwayFlow::kwh);
  return flows;
}

struct Unit {
  double size;
  const char* name;
};

// In the largest of `units`, which are in order, of which there is at least one.
std::string in_units(double value, std::initializer_list<Unit> units) {
  Unit best = *units.begin();
  for (const Unit& unit : units)
    if (value >= unit.size) best = unit;
  return compact(value < kNothing * best.size ? 0 : value / best.size) + " " + best.name;
}

}  // namespace

std::string power_text(double kw) { return in_units(kw, {{1e3, "MW"}, {1e6, "GW"}, {1e9, "TW"}}); }
std::string energy_text(double kwh) { return in_units(kwh, {{1e3, "MWh"}, {1e6, "GWh"}, {1e9, "TWh"}}); }
std::string mass_text(double kg) { return in_units(kg, {{1e3, "t"}, {1e6, "kt"}, {1e9, "Mt"}}); }
std::string volume_text(double litres) {
  return in_units(litres, {{1e3, "m3"}, {1e6, "thousand m3"}, {1e9, "million m3"}});
}

double total_kw(const StudyPlan& plan, ColumnKind kind) {
  double kw = 0;
  for (SiteIndex s = 0; s < plan.setup.sites.size(); ++s) kw += capacity_at(plan, s, kind);
  return kw;
}

double least_told_kw(const StudyPlan& plan) { return std::max(1.0, kOfTheGap * plan.setup.demand_peak_kw); }

double bought_kw(const StudyPlan& plan) {
  double kw = 0;
  for (std::size_t k = 0; k < plan.plan.columns.size(); ++k)
    if (plan.setup.kinds[k] != ColumnKind::kept) kw += plan.plan.columns[k];
  return kw < least_told_kw(plan) ? 0 : kw;
}

double worth_of(const StudyPlan& plan, SiteIndex site) {
  const SitingProblem& numbers = plan.setup.numbers;
  double worth = 0;
  for (std::uint32_t t = 0; t < numbers.hours; ++t) {
    const std::size_t cell = numbers.at(t, site);
    worth += numbers.availability[cell] * plan.plan.prices.capacity[cell];
  }
  for (std::size_t r = 0; r < plan.cuts.size(); ++r)
    worth += plan.plan.prices.rows[plan.row_of(r)] * counts_for(numbers, plan.cuts[r], site);
  return worth;
}

PlanCost cost_of(const StudyPlan& plan) {
  const SitingProblem& numbers = plan.setup.numbers;
  const Dispatch& dispatched = plan.plan.dispatch;
  PlanCost out{.people = plan.setup.people_cost};
  double* const by_kind[] = {&out.kept, &out.filled, &out.built};
  for (std::size_t k = 0; k < plan.plan.columns.size(); ++k) {
    *by_kind[static_cast<std::size_t>(plan.setup.kinds[k])] += plan.plan.columns[k] * numbers.columns[k].cost;
    if (plan.plan.columns[k] > 0) out.opening += numbers.columns[k].fixed;
  }
  for (std::size_t cell = 0; cell < dispatched.load.size(); ++cell)
    out.energy += dispatched.load[cell] * numbers.energy[cell];
  for (std::size_t i = 0; i < numbers.prompt.size(); ++i) {
    const PromptDemand& demand = numbers.prompt[i];
    for (std::size_t k = 0; k < demand.sites.size(); ++k)
      out.network += dispatched.prompt_kwh[i * numbers.sites + demand.sites[k]] * demand.network[k];
  }
  for (std::size_t j = 0; j < numbers.deferrable.size(); ++j)
    for (SiteIndex s = 0; s < numbers.sites; ++s)
      out.network += dispatched.deferrable_kwh[j * numbers.sites + s] * numbers.deferrable[j].network[s];
  out.unserved = dispatched.unserved_kwh * plan.setup.unserved_price;
  return out;
}

PlanFigures figures_of(const StudyPlan& plan) {
  const StudyProblem& setup = plan.setup;
  const Dispatch& dispatched = plan.plan.dispatch;
  PlanFigures out{.sites = std::vector<SiteFigures>(setup.sites.size())};
  for (std::size_t k = 0; k < setup.kinds.size(); ++k)
    if (setup.kinds[k] == ColumnKind::kept)
      out.sites[setup.numbers.columns[k].site].idle_kw +=
          std::max(0.0, setup.numbers.columns[k].most - plan.plan.columns[k]);
  const std::vector<double> capacity = capacity_of(setup.numbers, plan.plan.columns);
  for (std::uint32_t t = 0; t < setup.numbers.hours; ++t)
    for (SiteIndex s = 0; s < setup.sites.size(); ++s) {
      const std::size_t cell = setup.numbers.at(t, s);
      const double load = dispatched.load[cell], available = setup.numbers.availability[cell];
      SiteFigures& site = out.sites[s];
      if (available > 0) site.peak_kw = std::max(site.peak_kw, load / available);
      site.served_kwh += load;
      if (setup.sites[s]->kind != SiteKind::metro) out.clusters_kwh += load;
      out.carbon_kg += load * setup.carbon[cell];
      out.water_litres += load * setup.water[cell];
      out.facility_kwh += load * setup.pue[cell];
    }
  for (SiteIndex s = 0; s < setup.sites.size(); ++s) out.sites[s].worth = worth_of(plan, s);
  out.away = away_flows(setup, dispatched);
  for (const AwayFlow& flow : out.away) out.away_kwh += flow.kwh;
  for (std::size_t b = 0; b < plan.plan.carried.size(); ++b)
    for (std::size_t j = 0; j < plan.plan.carried[b].size(); ++j)
      out.carried_kwh += plan.plan.carried[b][j] * setup.numbers.hubs[b].deferrals[j].kwh;
  return out;
}

}  // namespace hinterland
