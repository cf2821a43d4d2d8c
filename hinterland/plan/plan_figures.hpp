// What a plan comes to: sums over its dispatch that its file, its page and its sentences show.
#pragma once
#include <string>
#include <vector>

#include "hinterland/plan/study_plan.hpp"

namespace hinterland {

struct SiteFigures {
  double idle_kw = 0;  // servers that stand there and are not kept
  double peak_kw = 0;  // of the load, scenarios each at their own size
  double served_kwh = 0;
  double worth = 0;  // worth_of()
};

// Demand of one home that one other site serves, of all classes and regions.
struct AwayFlow {
  const Site* home = nullptr;
  SiteIndex to = 0;
  double kwh = 0;
  std::vector<const Region*> regions;  // whose demand it is, each once
};

struct PlanFigures {
  std::vector<SiteFigures> sites;
  std::vector<AwayFlow> away;  // the largest first; no pair twice, none of nothing
  double away_kwh = 0;         // their sum: served elsewhere than at its home
  double clusters_kwh = 0;     // served at sites that are no metros
  double carbon_kg = 0, water_litres = 0, facility_kwh = 0, carried_kwh = 0;
};

// What the plan's cost is made of, in money; the sum is the objective but for rounding.
struct PlanCost {
  double kept = 0, filled = 0, built = 0;  // columns x cost, by what they are
  double opening = 0;                      // fixed costs of what is there
  double energy = 0;                       // load x price of a busy kWh, carbon and water at their charges
  double network = 0;                      // kWh served at each site x network price of their class
  double unserved = 0;
  double people = 0;  // moving them
};

PlanCost cost_of(const StudyPlan& plan);

// "7.2 GW", "36 MW"; "28.1 TWh"; "1.76 Mt"; "3.2 million m3". What is none to a reader is 0.
std::string power_text(double kw);
std::string energy_text(double kwh);
std::string mass_text(double kg);
std::string volume_text(double litres);

double total_kw(const StudyPlan& plan, ColumnKind kind);

// What of capacity the gap leaves: less is none to a reader. kW
double least_told_kw(const StudyPlan& plan);

// What is bought, in kW, but for what the gap leaves of it: less than 1e-5 of the highest demand is nothing.
double bought_kw(const StudyPlan& plan);

PlanFigures figures_of(const StudyPlan& plan);

// What one more kW of capacity at a site would save: by its scarcity, and by the losses it helps to survive.
double worth_of(const StudyPlan& plan, SiteIndex site);

}  // namespace hinterland
