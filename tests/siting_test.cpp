// The planner's solvers against HiGHS, which is given the same problem in another form (direct_arcs.hpp).
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "hinterland/siting/capped_dispatch.hpp"
#include "hinterland/siting/cheapest_columns.hpp"
#include "hinterland/siting/cut_master.hpp"
#include "hinterland/siting/fitted_plan.hpp"
#include "hinterland/siting/fixed_costs.hpp"
#include "hinterland/siting/interior_point.hpp"
#include "hinterland/siting/survival.hpp"
#include "hinterland/siting/whole_program.hpp"
#include "tests/direct_arcs.hpp"
#include "tests/seeds.hpp"

namespace hinterland {

namespace {

std::vector<double> any_capacity(const SitingProblem& problem, std::uint64_t seed) {
  std::vector<double> capacity(problem.sites);
  for (const CapacityColumn& column : problem.columns)
    capacity[column.site] += column.most * static_cast<double>((seed += 7) % 10) / 20;
  return capacity;
}

}  // namespace

TEST_CASE("the dispatch is HiGHS's optimum, and its prices prove it") {
  for (std::uint64_t seed = 0; seed < seeds(100); ++seed) {
    CAPTURE(seed);
    const SitingProblem problem =
        small_problem(seed, {.power_limits = seed % 2 == 1, .over_midnight = seed % 3 == 1});
    REQUIRE(check(problem).empty());
    const std::vector<double> capacity = any_capacity(problem, seed);
    const Dispatch ours = dispatch(problem, capacity);
    const DirectAnswer theirs = solve_direct(problem, capacity);
    CHECK(ours.cost == doctest::Approx(theirs.objective).epsilon(1e-9));
    // From its own prices there is nothing left to do, and from wrong ones it comes to the same.
    CHECK(dispatch(problem, capacity, {.scarcity = ours.scarcity}).cost ==
          doctest::Approx(ours.cost).epsilon(1e-12));
    std::vector<double> wrong = ours.scarcity;
    for (std::size_t c = 0; c < wrong.size(); ++c) wrong[c] += 0.1 * static_cast<double>(c * 7919 % 13);
    CHECK(dispatch(problem, capacity, {.scarcity = wrong}).cost == doctest::Approx(ours.cost).epsilon(1e-11));
  }
}

TEST_CASE("no prices bound more than the optimum") {
  for (std::uint64_t seed = 0; seed < seeds(60); ++seed) {
    CAPTURE(seed);
    const SitingProblem problem = small_problem(seed, {.power_limits = seed % 2 == 1,
                                                       .over_midnight = seed % 3 == 1,
                                                       .capped = seed % 5 < 2,
                                                       .basin = seed % 4 == 3,
                                                       .limited = seed % 4 < 2});
    const DirectAnswer best = solve_direct(problem);
    if (best.end == ProgramEnd::infeasible) continue;
    SitingPrices prices{.capacity = dispatch(problem, best.capacity).scarcity,
                        .power = std::vector<double>(problem.power_limit.size()),
                        .rows = std::vector<double>(problem.rows.size()),
                        .caps = std::vector<double>(problem.caps.size())};
    const double bound = lower_bound(problem, prices),
                 tight = lower_bound(problem, tightened(problem, prices));
    CHECK(bound <= best.objective * (1 + 1e-9));
    CHECK(tight <= best.objective * (1 + 1e-9));
    CHECK(bound <= tight + 1e-9 * best.objective);
    // Any others too.
    for (std::size_t c = 0; c < prices.capacity.size(); ++c)
      prices.capacity[c] = 0.01 * static_cast<double>(c * 7919 % 17);
    for (double& price : prices.power) price = 0.05;
    for (double& price : prices.rows) price = 0.7;
    for (double& price : prices.caps) price = 0.02;
    CHECK(lower_bound(problem, prices) <= best.objective * (1 + 1e-9));
    CHECK(lower_bound(problem, tightened(problem, prices)) <= best.objective * (1 + 1e-9));
  }
}

TEST_CASE("closed sites serve nobody: no capacity leaves less to pay than any prices say") {
  std::size_t closings = 0;
  for (std::uint64_t seed = 0; seed < seeds(60); ++seed) {
    CAPTURE(seed);
    const SitingProblem problem =
        small_problem(seed, {.power_limits = seed % 2 == 1, .over_midnight = seed % 3 == 1, .fixed = 300});
    std::vector<double> capacity(problem.sites), others(problem.sites);
    for (SiteIndex s = 0; s < problem.sites; ++s) {
      capacity[s] = 40.0 * static_cast<double>((seed + s) % 3);
      others[s] = 25.0 * static_cast<double>((seed + s) % 4);
    }
    std::vector<bool> free;
    for (SiteIndex s = 0; seed % 5 > 0 && s < problem.sites; ++s) free.push_back((7 * seed + s) % 5 < 2);
    const SitingPrices prices{.capacity = dispatch(problem, others).scarcity,
                              .power = std::vector<double>(problem.power_limit.size(), 0.01),
                              .rows = {},
                              .caps = {},
                              .free_once_open = free};
    const ValueCut cut = value_cut(problem, prices);
    double least = cut.constant[0];
    for (SiteIndex s = 0; s < problem.sites; ++s) {
      CHECK(cut.opening[s] >= 0);
      if (capacity[s] > 0) least -= cut.worth[s] * capacity[s] + cut.opening[s];
      closings += static_cast<std::size_t>(capacity[s] == 0 && cut.opening[s] > 0);
    }
    CHECK(dispatch(problem, capacity).cost >= least * (1 - 1e-9));
  }
  CHECK(closings > (kSanitized ? 1 : 20));
}

TEST_CASE("bound <= HiGHS's optimum <= plan, within a millionth") {
  int further_off = 0;
  for (std::uint64_t seed = 0; seed < seeds(300); ++seed) {
    CAPTURE(seed);
    const SitingProblem problem = small_problem(seed, {.power_limits = seed % 2 == 1,
                                                       .over_midnight = seed % 3 == 1,
                                                       .capped = seed % 5 < 2,
                                                       .basin = seed % 10 == 3 || seed % 10 == 1,
                                                       .limited = seed % 7 < 3});
    REQUIRE(check(problem).empty());
    const DirectAnswer best = solve_direct(problem);
    const std::vector<bool> open(problem.columns.size(), true);
    const bool rows_can_be_kept =
        !cheapest_columns(problem, open, std::vector<double>(problem.sites)).empty();
    CHECK(rows_can_be_kept == (best.end == ProgramEnd::solved));
    if (!rows_can_be_kept) continue;
    InteriorSolver solver(problem, open);
    const InteriorAnswer answer = solver.solve({.gap = 1e-7});
    const SitingPlan plan = fitted(problem, open, answer.columns, answer.prices);
    CHECK(plan.keeps_rows());
    CHECK(plan.bound <= best.objective * (1 + 1e-9));
    const bool limited = seed % 7 < 3;
    CHECK(plan.objective >= best.objective * (1 - (limited ? 1e-8 : 1e-9)));  // rows are kept to 1e-7
    CHECK(plan.bound == doctest::Approx(best.objective).epsilon(1e-6));
    CHECK(plan.objective <= best.objective * (1 + 2e-6));
    further_off += plan.objective > best.objective * (1 + 1e-6) ? 1 : 0;
    if (seed % 3 == 1) {
      // What is carried over midnight costs next to nothing, and never less than nothing.
      SitingPlan carrying = plan;
      carrying.carried = solver.carried();
      const SitingPlan days = certify(problem, carrying);
      // Under caps either may be 2e-7 too dear.
      CHECK(days.objective >= plan.objective * (1 - (problem.caps.empty() ? 1e-9 : 4e-7)));
      CHECK(days.objective <= plan.objective * (1 + 1e-4));
    }
    for (const CapacityRow& row : problem.rows)
      CHECK(row.sum(plan.columns) >= row.least - 1e-7 * row.size(plan.columns));
    for (std::size_t k = 0; k < problem.caps.size(); ++k)
      CHECK(plan.dispatch.cap_use[k] <= problem.caps[k].most * (1 + 1e-12));
  }
  CHECK(further_off <= 1);
}

TEST_CASE("surviving costs what it costs HiGHS with a dispatch for every loss written out") {
  int survived = 0;
  for (std::uint64_t seed = 0; seed < seeds(60); ++seed) {
    CAPTURE(seed);
    SitingProblem problem = small_problem(seed, {.power_limits = seed % 4 == 1,
                                                 .over_midnight = seed % 3 == 1,
                                                 .capped = seed % 7 < 2,
                                                 .limited = seed % 11 < 2});
    if (seed % 5 != 0) {  // so that most can survive
      for (CapacityColumn& column : problem.columns) column.most *= 10;
      for (double& share : problem.availability) share = std::max(share, 0.3);
    }
    Survival survival{.groups = {}, .critical = {}};
    for (SiteIndex s = 0; s < problem.sites; ++s) survival.groups.push_back({s});
    if (problem.sites > 2) survival.groups.push_back({0, problem.sites - 1});
    for (std::uint32_t i = 0; i < problem.prompt.size(); i += 2) survival.critical.push_back(i);
    const DirectAnswer best = solve_direct(problem, survival);
    const SurvivingAnswer ours = solve_surviving(problem, survival, {.gap = 1e-6});
    CHECK(ours.survives == (best.end == ProgramEnd::solved));
    if (seed % 4 == 0) {
      // What is exported says the same, and is the stricter where demand is beyond saving.
      const bool all_can_be_saved = std::ranges::max(beyond_saving(problem, survival)) == 0;
      const ProgramSolution exported = whole_program(problem, survival).solve();
      CHECK((exported.end == ProgramEnd::solved) == (ours.survives && all_can_be_saved));
      if (exported.end == ProgramEnd::solved)
        CHECK(exported.objective == doctest::Approx(best.objective).epsilon(1e-9));
    }
    if (!ours.survives) continue;
    ++survived;
    CHECK(ours.answer.plan.objective == doctest::Approx(best.objective).epsilon(1e-6));
    CHECK(ours.answer.plan.bound <= best.objective * (1 + 1e-9));
    CHECK(ours.answer.plan.objective >= best.objective * (1 - 1e-6));  // cuts are kept to a millionth
  }
  CHECK(survived > static_cast<int>(seeds(60)) / 2);
}

TEST_CASE("cuts of a pool bound the optimum as all of them do") {
  for (std::uint64_t seed = 0; seed < seeds(20); ++seed) {
    CAPTURE(seed);
    const SitingProblem problem = small_problem(seed, {.power_limits = seed % 2 == 1,
                                                       .over_midnight = seed % 3 == 1,
                                                       .capped = seed % 5 < 2,
                                                       .fixed = 300});
    const DirectAnswer best = solve_direct(problem);
    std::vector<ValueCut> cuts;
    CutPool pool(problem);
    for (std::size_t k = 0; k < problem.columns.size(); ++k) {
      if (problem.columns[k].fixed <= 0) continue;
      // Fixed costs are spread over the largest sizes, but column k cannot be had; then it is paid for.
      for (const bool paid : {false, true}) {
        SitingProblem spread = problem;
        for (CapacityColumn& column : spread.columns) {
          if (column.most > 0) column.cost += column.fixed / column.most;
          column.fixed = 0;
        }
        spread.columns[k].cost = problem.columns[k].cost;
        if (!paid) spread.columns[k].most = 0;
        const SitingPlan probe = solve_siting(spread, {.gap = 1e-4, .bound_only = true}).plan;
        cuts.push_back(master_cut(problem, probe.prices));
        pool.add(probe.prices);
        // What the probe decides follows from its cut. Who pays next to nothing has paid apart.
        SitingProblem decided = problem;
        if (paid) decided.columns[k].fixed = 1e-9;
        if (!paid) decided.columns[k].most = 0;
        CHECK(solve_master(decided, {cuts.back()}).bound >= probe.bound * (1 - 1e-6));
      }
    }
    if (cuts.empty()) continue;
    // All together bound the optimum, and so do those that are enough, as closely as HiGHS keeps rows.
    const double all = solve_master(problem, cuts).bound;
    int rounds = 0;
    CHECK(all <= best.objective * (1 + 1e-9));
    while (pool.solve().bound < all * (1 - 1e-7)) REQUIRE(++rounds < 100);
    std::vector<ValueCut> needed;
    for (const std::size_t l : pool.proven_by()) needed.push_back(cuts[l]);
    CHECK(solve_master(problem, needed).bound == doctest::Approx(all).epsilon(2e-7));
  }
}

TEST_CASE("fixed costs: HiGHS's optimum lies between bound and plan") {
  int tried = 0, close = 0;
  for (std::uint64_t seed = 0; seed < seeds(24); ++seed) {
    CAPTURE(seed);
    const SitingProblem problem = small_problem(seed, {.power_limits = seed % 4 == 3,
                                                       .over_midnight = seed % 3 == 1,
                                                       .capped = seed % 6 == 2,
                                                       .fixed = 300,
                                                       .limited = seed % 4 == 1});
    const DirectAnswer best = solve_direct(problem);
    const FixedCostsAnswer ours = solve_fixed_costs(problem, {.gap = 1e-4});
    CHECK(ours.plan.columns.empty() == (best.end == ProgramEnd::infeasible));
    if (ours.plan.columns.empty()) continue;
    ++tried;
    CHECK(ours.plan.bound <= best.objective * (1 + 1e-9));
    CHECK(ours.plan.objective >= best.objective * (1 - 1e-6));
    CHECK(ours.plan.objective <= best.objective * (1 + 1e-3));
    // Whoever has the problem works the same out from the prices in the plan, and those are fewer than the solves.
    CHECK(certify(problem, ours.plan).bound == doctest::Approx(ours.plan.bound).epsilon(1e-12));
    CHECK(ours.plan.more_prices.size() < static_cast<std::size_t>(ours.solves));
    close += ours.plan.gap() <= 1e-4 ? 1 : 0;
    if (ours.plan.gap() > 1e-4)
      MESSAGE(fmt::format("gap {:.1e} after {} solves", ours.plan.gap(), ours.solves));
  }
  CHECK(close >= tried - 2);
}

}  // namespace hinterland
