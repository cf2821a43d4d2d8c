#include "hinterland/siting/solve_siting.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace hinterland {

namespace {

// Two sites over a day, one region each that both may serve, one deferrable demand. The west is cheap by night.
SitingProblem two_sites() {
  SitingProblem out;
  out.sites = 2;
  out.hours = 24;
  for (std::uint32_t t = 0; t < 24; ++t) {
    out.energy.insert(out.energy.end(), {0.6, t < 8 ? 0.2 : 0.5});
    out.availability.insert(out.availability.end(), {1, 1});
    out.prompt_kw.insert(out.prompt_kw.end(), {t < 12 ? 50.0 : 100.0, 40});
  }
  out.prompt = {{.sites = {0, 1}, .network = {0, 0.05}, .unserved = 20},
                {.sites = {0, 1}, .network = {0.05, 0}, .unserved = 20}};
  out.deferrable = {{.network = {0, 0.01}, .unserved = 20}};
  out.hubs = {{.first_hour = 0, .past_hour = 24, .sites = {0, 1}, .deferrals = {{.demand = 0, .kwh = 480}}}};
  out.columns = {{.site = 0, .cost = 3, .most = 500}, {.site = 1, .cost = 2, .most = 500}};
  return out;
}

double optimum(const SitingProblem& problem) { return solve_siting(problem, {.gap = 1e-6}).plan.objective; }

}  // namespace

TEST_CASE("a plan that can be worked out by hand") {
  // All goes west: 0.05 for the network of the first is less than its dearer energy and capacity. The deferrable 480
  // kWh run by night at 60 kW beside 90: the 10 kW above the peak of noon cost 20, and save 0.3 on 80 kWh.
  const SitingProblem problem = two_sites();
  const SitingAnswer answer = solve_siting(problem, {.gap = 1e-7});
  const double prompt = 8 * 90 * 0.2 + 4 * 90 * 0.5 + 12 * 140 * 0.5 + 0.05 * (12 * 50 + 12 * 100);
  const double wanted = 150 * 2 + prompt + 480 * (0.2 + 0.01);
  CHECK(answer.plan.objective == doctest::Approx(wanted).epsilon(1e-6));
  CHECK(answer.plan.bound == doctest::Approx(wanted).epsilon(1e-6));
  CHECK(answer.plan.columns[0] == doctest::Approx(0).epsilon(1e-3));
  CHECK(answer.plan.columns[1] == doctest::Approx(150).epsilon(1e-5));
  CHECK(answer.plan.dispatch.unserved_kwh == doctest::Approx(0));
}

TEST_CASE("where power and capacity cost nothing, a plan costs what moving costs, or nothing") {
  SitingProblem problem = two_sites();
  problem.energy.assign(problem.energy.size(), 0);
  for (CapacityColumn& column : problem.columns) column.cost = 0;
  SUBCASE("work stays where it is") {
    const SitingPlan plan = solve_siting(problem, {.gap = 1e-6}).plan;
    CHECK(plan.objective == doctest::Approx(0).epsilon(1e-6));
    CHECK(plan.dispatch.unserved_kwh == doctest::Approx(0));
  }
  SUBCASE(
      "unless there is no room: 50 kW of the second region's have to move, and by day 10 of the first's") {
    problem.columns[0].most = 90;
    problem.columns[1].most = 1000;
    problem.hubs.front().deferrals.front().kwh = 0;
    const SitingPlan plan = solve_siting(problem, {.gap = 1e-6}).plan;
    CHECK(plan.objective == doctest::Approx(12 * 10 * 0.05).epsilon(1e-4));
    CHECK(plan.bound == doctest::Approx(plan.objective).epsilon(1e-4));
  }
  SUBCASE("and free moving leaves nothing to pay for") {
    for (PromptDemand& demand : problem.prompt) demand.network = {0, 0};
    problem.deferrable.front().network = {0, 0};
    const SitingPlan plan = solve_siting(problem, {.gap = 1e-6}).plan;
    CHECK(plan.objective == doctest::Approx(0).epsilon(1e-6));
    CHECK(plan.dispatch.unserved_kwh == doctest::Approx(0));
  }
}

TEST_CASE("laws: demand, sites, existing racks, rows, caps") {
  const SitingProblem base = two_sites();
  const double cost = optimum(base);
  SUBCASE("more demand never costs less") {
    SitingProblem more = base;
    for (double& kw : more.prompt_kw) kw *= 1.1;
    CHECK(optimum(more) >= cost);
  }
  SUBCASE("a site less never costs less") {
    CHECK(solve_siting(base, {.gap = 1e-6, .open = {true, false}}).plan.objective >= cost);
  }
  SUBCASE("idle racks never cost more, and are filled before any are built") {
    SitingProblem idle = base;
    idle.columns.push_back({.site = 1, .cost = 0.1, .most = 60});
    const SitingAnswer answer = solve_siting(idle, {.gap = 1e-6});
    CHECK(answer.plan.objective <= cost);
    CHECK(answer.plan.columns[2] == doctest::Approx(60));
    CHECK(answer.plan.columns[1] == doctest::Approx(90).epsilon(1e-4));
  }
  SUBCASE("surviving never costs less") {
    SitingProblem safe = base;
    safe.rows.push_back({.weight = {1, 0}, .least = 30});
    const SitingAnswer answer = solve_siting(safe, {.gap = 1e-6});
    CHECK(answer.plan.keeps_rows());
    CHECK(answer.plan.objective >= cost);
    CHECK(answer.plan.columns[0] >= 30 * (1 - 1e-6));
  }
  SUBCASE("\"at most\" as a row is \"at most\" of a column") {
    SitingProblem limited = base, smaller = base;
    limited.rows.push_back({.weight = {0, -1}, .least = -100});
    smaller.columns[1].most = 100;
    const SitingAnswer answer = solve_siting(limited, {.gap = 1e-7});
    CHECK(answer.plan.keeps_rows());
    CHECK(answer.plan.columns[1] <= 100 * (1 + 1e-6));
    CHECK(answer.plan.objective > cost * 1.001);
    CHECK(answer.plan.objective == doctest::Approx(optimum(smaller)).epsilon(2e-6));
  }
  SUBCASE("a share that must be somewhere is there, and its price is what it costs") {
    SitingProblem shared = base;
    shared.rows.push_back({.weight = {0.7, -0.3}, .least = 0});  // at least 30 % at the first
    const SitingAnswer answer = solve_siting(shared, {.gap = 1e-7});
    CHECK(answer.plan.columns[0] == doctest::Approx(0.3 * (answer.plan.columns[0] + answer.plan.columns[1])));
    CHECK(answer.plan.objective > cost * 1.001);
    CHECK(answer.plan.gap() < 1e-6);
  }
  SUBCASE("rows that contradict each other are not kept, and that is said") {
    SitingProblem torn = base;
    torn.rows.push_back({.weight = {1, 1}, .least = 300});
    torn.rows.push_back({.weight = {-1, -1}, .least = -200});
    CHECK_FALSE(solve_siting(torn).plan.keeps_rows());
  }
  SUBCASE("a kWh cheaper by 2 everywhere costs 2 less, below nothing too") {
    SitingProblem paid = base;
    for (double& price : paid.energy) price -= 2;
    const double kwh = 12 * 90 + 12 * 140 + 480;
    const SitingPlan plan = solve_siting(paid, {.gap = 1e-6}).plan;
    CHECK(plan.objective < 0);
    CHECK(plan.objective == doctest::Approx(cost - 2 * kwh).epsilon(2e-6));
    CHECK(plan.gap() <= 1e-6);
    CHECK(plan.bound >= plan.objective * (1 + 2e-6));
  }
  SUBCASE("a power limit that nobody reaches costs nothing, in the bound neither") {
    SitingProblem limited = base;
    limited.power_limit.assign(base.energy.size(), 1e15);
    const SitingAnswer answer = solve_siting(limited, {.gap = 1e-6});
    CHECK(answer.plan.gap() <= 1e-6);
    CHECK(answer.plan.bound == doctest::Approx(cost).epsilon(1e-6));
  }
  SUBCASE("a cap at what the optimum uses costs nothing, and a tighter one something") {
    SitingProblem capped = base;
    capped.caps.push_back({.intensity = {}, .most = kNoLimit});
    for (std::uint32_t t = 0; t < 24; ++t)
      capped.caps[0].intensity.insert(capped.caps[0].intensity.end(), {0.2, 0.9});
    const double free = solve_siting(base, {.gap = 1e-7}).plan.objective;
    double use = 0;
    const SitingAnswer uncapped = solve_siting(base, {.gap = 1e-7});
    for (std::size_t c = 0; c < base.energy.size(); ++c)
      use += uncapped.plan.dispatch.load[c] * capped.caps[0].intensity[c];
    capped.caps[0].most = use * 1.0001;
    CHECK(optimum(capped) == doctest::Approx(free).epsilon(1e-5));
    capped.caps[0].most = 1e15;
    const SitingAnswer loose = solve_siting(capped, {.gap = 1e-6});
    CHECK(loose.plan.gap() <= 1e-6);
    CHECK(loose.plan.prices.caps[0] == 0);
    capped.caps[0].most = use * 0.7;
    const SitingAnswer tight = solve_siting(capped, {.gap = 1e-6});
    CHECK(tight.plan.objective > free * 1.001);
    CHECK(tight.plan.dispatch.cap_use[0] <= use * 0.7 * (1 + 1e-9));
    CHECK(tight.plan.gap() < 1e-5);
  }
}

TEST_CASE("it stops when told to, with what it has") {
  const SitingProblem problem = two_sites();
  int told = 0;
  const SitingAnswer answer = solve_siting(
      problem, {.gap = 1e-9, .watch = [&](const SitingOptions::Progress&) { return ++told < 5; }});
  CHECK(answer.stopped);
  CHECK(told == 5);
  CHECK(answer.plan.bound <= answer.plan.objective);
  CHECK(answer.plan.objective < 1e6);
  const SitingAnswer late =
      solve_siting(problem, {.gap = 1e-9, .watch = [](const SitingOptions::Progress&) { return false; }});
  CHECK(late.stopped);
  CHECK(late.plan.bound <= late.plan.objective);
}

TEST_CASE("more open sites than there is room for are refused; closed ones take no room") {
  SitingProblem problem = two_sites();
  problem.sites = kMostSites + 1;
  problem.energy.assign(std::size_t{24} * problem.sites, 0.5);
  problem.availability.assign(problem.energy.size(), 1);
  problem.deferrable[0].network.assign(problem.sites, 0.01);
  problem.columns.clear();
  for (SiteIndex s = 0; s < problem.sites; ++s) {
    problem.columns.push_back({.site = s, .cost = 2.0 + s, .most = 500});
    if (s > 1) problem.hubs[0].sites.push_back(s);
  }
  CHECK_THROWS_AS(solve_siting(problem), std::length_error);
  std::vector<bool> open(problem.sites, true);
  open.back() = false;
  CHECK(solve_siting(problem, {.open = open}).plan.gap() <= 1e-4);
}

TEST_CASE("nothing to build with") {
  SitingProblem problem = two_sites();
  for (CapacityColumn& column : problem.columns) column.most = 0;
  const SitingAnswer answer = solve_siting(problem);
  CHECK(answer.plan.dispatch.unserved_kwh == doctest::Approx(12 * 90 + 12 * 140 + 480));
}

}  // namespace hinterland
