#include "hinterland/siting/survival.hpp"

#include <doctest/doctest.h>

#include <cmath>

namespace hinterland {

namespace {

// Four hours, three sites, critical demands of 60 kW (sites 0 and 1) and 50 kW (sites 1 and 2).
SitingProblem three_sites() {
  SitingProblem out;
  out.sites = 3;
  out.hours = 4;
  for (int t = 0; t < 4; ++t) {
    out.energy.insert(out.energy.end(), {0.5, 0.6, 0.4});
    out.availability.insert(out.availability.end(), {1, 1, 0.5});
    out.prompt_kw.insert(out.prompt_kw.end(), {60, 50});
  }
  out.prompt = {{.sites = {0, 1}, .network = {0, 0}, .unserved = 100},
                {.sites = {1, 2}, .network = {0, 0}, .unserved = 100}};
  out.columns = {{.site = 0, .cost = 1, .most = 500},
                 {.site = 1, .cost = 1, .most = 500},
                 {.site = 2, .cost = 1, .most = 500}};
  return out;
}

}  // namespace

TEST_CASE("the cut that lacks") {
  const SitingProblem problem = three_sites();
  const Survival survival{.groups = {{0}, {2}, {0, 2}}, .critical = {0, 1}};
  CHECK(broken_cuts(problem, survival, {0, 110, 0}).empty());
  // Without 0 its 60 must go to 1, with 45 there; the other's 50 find 0.5 x 100 at 2.
  auto cuts = broken_cuts(problem, survival, {60, 45, 100});
  REQUIRE(cuts.size() == 3);
  CHECK(cuts[0].sites == std::vector<SiteIndex>{1});
  CHECK(cuts[0].demands == std::vector<std::uint32_t>{0});
  CHECK(cuts[0].lacks == doctest::Approx(15));
  CHECK(cuts[1].demands.size() >= 1);  // without 2: 110 for 0 and 1, which have 105
  CHECK(cuts[1].lacks == doctest::Approx(5));
  CHECK(cuts[2].kw == doctest::Approx(110));
  CHECK(cuts[2].row.weight == std::vector<double>{0, 1, 0});
  CHECK(cuts[2].row.least == doctest::Approx(110));
}

TEST_CASE("what no site may take over is said, and asked of nobody") {
  const SitingProblem problem = three_sites();
  const Survival survival{.groups = {{0, 1}, {2}}, .critical = {0, 1}};
  CHECK(beyond_saving(problem, survival) == std::vector<double>{60, 0});
  for (const SurvivalCut& cut : broken_cuts(problem, survival, {0, 0, 0}))
    if (cut.group == 0) CHECK(cut.demands == std::vector<std::uint32_t>{1});
}

TEST_CASE("a power limit counts for what it lets through") {
  SitingProblem problem = three_sites();
  problem.power_limit.assign(12, 40);
  const auto cuts = broken_cuts(problem, {.groups = {{2}}, .critical = {0, 1}}, {100, 100, 0});
  REQUIRE(cuts.size() == 1);
  CHECK(cuts[0].lacks == doctest::Approx(30));
  CHECK(cuts[0].row.weight == std::vector<double>{0, 0, 0});  // no capacity helps
  CHECK(cuts[0].row.least == doctest::Approx(30));
}

TEST_CASE("the cheapest plan that survives, by hand, and no cheaper than without") {
  const SitingProblem problem = three_sites();
  const double free = solve_siting(problem, {.gap = 1e-6}).plan.objective;
  const SurvivingAnswer answer =
      solve_surviving(problem, {.groups = {{0}, {2}}, .critical = {0, 1}}, {.gap = 1e-6});
  CHECK(answer.survives);
  CHECK(answer.answer.plan.objective >= free);
  CHECK_FALSE(answer.cuts.empty());
  // Every subset of demands, hour by hour: Hall's condition itself.
  const std::vector<double> capacity = capacity_of(problem, answer.answer.plan.columns);
  CHECK(capacity[1] + 0.5 * capacity[2] >= 110 * (1 - 1e-5));
  CHECK(capacity[1] >= 60 * (1 - 1e-5));
  CHECK(capacity[0] + capacity[1] >= 110 * (1 - 1e-5));
}

TEST_CASE("what cannot survive says so") {
  SitingProblem problem = three_sites();
  for (CapacityColumn& column : problem.columns) column.most = 70;
  const SurvivingAnswer answer =
      solve_surviving(problem, {.groups = {{0, 2}}, .critical = {0, 1}}, {.gap = 1e-4});
  CHECK_FALSE(answer.survives);
  CHECK_FALSE(answer.cuts.empty());
}

}  // namespace hinterland
