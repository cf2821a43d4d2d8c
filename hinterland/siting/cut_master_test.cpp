#include "hinterland/siting/cut_master.hpp"

#include <doctest/doctest.h>

namespace hinterland {

namespace {

// One site, 10 kW in each of four hours at 1 a kWh, or 5 unserved; a kW costs 6, and 30 to have any. So 10 kW are
// built: 60 + 30 + 40 = 130. None would cost 200.
SitingProblem one_site() {
  SitingProblem out;
  out.sites = 1;
  out.hours = 4;
  out.energy = out.availability = {1, 1, 1, 1};
  out.prompt = {{.sites = {0}, .network = {0}, .unserved = 5}};
  out.prompt_kw = {10, 10, 10, 10};
  out.columns = {{.site = 0, .cost = 6, .most = 20, .fixed = 30}};
  return out;
}

SitingPrices scarcity(const SitingProblem& problem, double price) {
  return {.capacity = std::vector<double>(problem.energy.size(), price), .power = {}, .rows = {}, .caps = {}};
}

// Two weeks with nothing to do in them but what a hub has.
SitingProblem two_weeks(std::uint32_t window_from, std::uint32_t window_to) {
  SitingProblem out;
  out.sites = 1;
  out.hours = 336;
  out.energy = out.availability = std::vector<double>(336, 1);
  out.deferrable = {{.network = {0}, .unserved = 5}};
  out.hubs = {{.first_hour = window_from,
               .past_hour = window_to,
               .sites = {0},
               .deferrals = {{.demand = 0, .kwh = 10}}}};
  out.columns = {{.site = 0, .cost = 1, .most = 20, .fixed = 1}};
  return out;
}

}  // namespace

TEST_CASE("prices that prove little alone prove all together") {
  const SitingProblem problem = one_site();
  // At 1 an hour a kW is worth 4, less than it costs, and without any all goes unserved; at 4 it is worth having at any
  // cost.
  const SitingPrices fair = scarcity(problem, 1), dear = scarcity(problem, 4), none = scarcity(problem, 0);
  CHECK(value_cut(problem, fair).opening[0] == doctest::Approx(40 * (5 - 2)));
  CHECK(bound_of(problem, fair, {}) == doctest::Approx(80 + 30));
  CHECK(bound_of(problem, fair, {}) == doctest::Approx(lower_bound(problem, fair)));
  CHECK(bound_of(problem, dear, {}) == doctest::Approx(30));
  CHECK(bound_of(problem, dear, {}) == doctest::Approx(lower_bound(problem, dear)));
  CHECK(bound_of(problem, fair, {dear}) == doctest::Approx(130));
  CHECK(bound_of(problem, none, {dear, fair}) == doctest::Approx(130));
  const MasterAnswer answer = solve_master(problem, {master_cut(problem, fair), master_cut(problem, dear)});
  CHECK(answer.columns[0] == doctest::Approx(10));
  CHECK(answer.open[0] == 1);
}

TEST_CASE("what cannot be had, and rows, raise the bound") {
  SitingProblem problem = one_site();
  const std::vector<ValueCut> cuts{master_cut(problem, scarcity(problem, 1)),
                                   master_cut(problem, scarcity(problem, 4))};
  CHECK(solve_master(problem, {cuts[0]}).bound == doctest::Approx(110));
  SitingProblem closed = problem;
  closed.columns[0].most = 0;
  CHECK(solve_master(closed, cuts).bound == doctest::Approx(200));
  problem.rows = {{.weight = {1}, .least = 15}};
  CHECK(solve_master(problem, cuts).bound == doctest::Approx(15 * 6 + 30 + (80 - 4 * 15)));
  problem.rows[0].least = 25;
  const MasterAnswer never = solve_master(problem, cuts);
  CHECK(never.bound == kNoLimit);
  CHECK(never.columns.empty());
}

TEST_CASE("cuts that say nothing more are left out") {
  const SitingProblem problem = one_site();
  CutPool pool(problem);
  for (const double price : {0.0, 1.0, 0.9, 4.0, 3.9}) pool.add(scarcity(problem, price));
  MasterAnswer answer = pool.solve();
  for (int again = 0; again < 4; ++again) answer = pool.solve();
  CHECK(answer.bound == doctest::Approx(130).epsilon(2e-7));
  CHECK(pool.proven_by().size() < 5);
}

TEST_CASE("a cut is in weeks only where nothing ties them together") {
  const auto blocks = [](const SitingProblem& problem) {
    SitingPrices prices = scarcity(problem, 0.1);
    prices.caps.resize(problem.caps.size());
    return master_cut(problem, prices).constant.size();
  };
  CHECK(blocks(two_weeks(144, 168)) == 2);
  CHECK(blocks(two_weeks(160, 184)) == 1);
  SitingProblem capped = two_weeks(0, 24);
  capped.caps = {{.intensity = std::vector<double>(336, 1), .most = 5}};
  CHECK(blocks(capped) == 1);
  CHECK(blocks(one_site()) == 1);
}

}  // namespace hinterland
