#include "hinterland/plan/plan_figures.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "hinterland/plan/study_plan.hpp"
#include "tests/small_study.hpp"

namespace hinterland {

namespace {

const std::vector<std::string> kHedge = {"scenarios.half.demand=0.5", "scenarios.half.probability=0.5",
                                         "hedge=yes"};

}  // namespace

TEST_CASE("the parts of the cost add up to it") {
  std::vector<std::vector<std::string>> studies = {
      {},
      kHedge,
      {"caps.co2.kind=carbon", "caps.co2.most=20000"},
      {"fixed_per_year=1e9", "days=1"},
      {"demand_mw=20000", "largest_new_mw=0", "unserved_per_kwh=3"},
      {"windows=kept", "people.share=0.1", "people.to=guangdong", "people.cost_per_person_year=10"}};
  for (const auto& assignments : studies) {
    CAPTURE(assignments.empty() ? "plain" : assignments.front());
    const StudyPlan plan = solve_study(numbers_of(small_study(assignments)).value(), {.gap = 1e-3});
    const PlanCost cost = cost_of(plan);
    CHECK(cost.kept + cost.filled + cost.built + cost.opening + cost.energy + cost.network + cost.unserved +
              cost.people ==
          doctest::Approx(plan.objective()).epsilon(1e-9));
    CHECK(cost.energy > 0);
    CHECK((cost.network > 0) == (figures_of(plan).away_kwh > 0));
    CHECK((cost.unserved > 0) == (plan.plan.dispatch.unserved_kwh > 0));
  }
}

TEST_CASE("a hedge asks for the mean of its years, and serves it") {
  // Besides half: double at 0.1, and 0.4 in all of what the study asks for.
  const StudyPlan plan = solve_study(numbers_of(small_study(kHedge)).value(), {.gap = 1e-4});
  const StudyPlan alone = solve_study(numbers_of(small_study()).value(), {.gap = 1e-4});
  CHECK(plan.setup.demand_kwh == doctest::Approx(0.85 * alone.setup.demand_kwh).epsilon(1e-9));
  double served = 0;
  for (const SiteFigures& site : figures_of(plan).sites) served += site.served_kwh;
  CHECK(served + plan.plan.dispatch.unserved_kwh == doctest::Approx(plan.setup.demand_kwh).epsilon(1e-9));
}

}  // namespace hinterland
