#include "hinterland/plan/plan_figures.hpp"

#include <algorithm>

namespace hinterland {

namespace {

double served_away(const StudyProblem& setup, const std::vector<DemandOf>& demands,
                   const std::vector<double>& kwh) {
  double out = 0;
  for (std::size_t i = 0; i < demands.size(); ++i)
    for (std::size_t s = 0; s < setup.sites.size(); ++s)
      if (setup.sites[s] != demands[i].home) out += kwh[i * setup.sites.size() + s];
  return out;
}

}  // namespace

double worth_of(const StudyPlan& plan, SiteIndex site) {
  const SitingProblem& numbers = plan.setup.numbers;
  double worth = 0;
  for (std::uint32_t t = 0; t < numbers.hours; ++t) {
    const std::size_t cell = numbers.at(t, site);
    worth += numbers.availability[cell] * plan.plan.prices.capacity[cell];
  }
  for (std::size_t r = 0; r < numbers.rows.size(); ++r)
    worth += plan.plan.prices.rows[r] * numbers.rows[r].factor[site];
  return worth;
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
      out.carbon_kg += load * setup.carbon[cell];
      out.water_litres += load * setup.water[cell];
      out.facility_kwh += load * setup.pue[cell];
    }
  for (SiteIndex s = 0; s < setup.sites.size(); ++s) out.sites[s].worth = worth_of(plan, s);
  out.away_kwh = served_away(setup, setup.prompt, dispatched.prompt_kwh) +
                 served_away(setup, setup.deferrable, dispatched.deferrable_kwh);
  for (std::size_t b = 0; b < plan.plan.carried.size(); ++b)
    for (std::size_t j = 0; j < plan.plan.carried[b].size(); ++j)
      out.carried_kwh += plan.plan.carried[b][j] * setup.numbers.hubs[b].deferrals[j].kwh;
  return out;
}

}  // namespace hinterland
