// What a plan comes to: sums over its dispatch that its file, its page and its sentences show.
#pragma once
#include <vector>

#include "hinterland/plan/study_plan.hpp"

namespace hinterland {

struct SiteFigures {
  double idle_kw = 0;  // servers that stand there and are not kept
  double peak_kw = 0;  // of the load, scenarios each at their own size
  double served_kwh = 0;
  double worth = 0;  // worth_of()
};

struct PlanFigures {
  std::vector<SiteFigures> sites;
  double away_kwh = 0;  // served elsewhere than at its home
  double carbon_kg = 0, water_litres = 0, facility_kwh = 0, carried_kwh = 0;
};

PlanFigures figures_of(const StudyPlan& plan);

// What one more kW of capacity at a site would save: by its scarcity, and by the losses it helps to survive.
double worth_of(const StudyPlan& plan, SiteIndex site);

}  // namespace hinterland
