#include "hinterland/siting/warehouse_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hinterland/base/random.hpp"

namespace hinterland {

namespace {

// Points in the plane; `tight` is all demand by all capacity.
Warehouses points(std::size_t sites, std::size_t customers, double tight, double fixed, std::uint64_t seed) {
  RandomStream random(seed, "points");
  Warehouses out;
  std::vector<double> x, y;
  for (std::size_t k = 0; k < sites + customers; ++k) {
    x.push_back(random.uniform());
    y.push_back(random.uniform());
  }
  for (std::size_t i = 0; i < customers; ++i)
    out.demand.push_back(seed % 4 == 0 && i == 0 ? 0 : 1 + 9 * random.uniform());
  const double all = std::accumulate(out.demand.begin(), out.demand.end(), 0.0);
  double capacity = 0;
  for (std::size_t j = 0; j < sites; ++j) {
    out.capacity.push_back(seed % 3 == 0 && j == 0 ? 0 : 0.5 + random.uniform());
    capacity += out.capacity.back();
    out.fixed.push_back(fixed * random.uniform());
  }
  for (double& one : out.capacity) one *= all / capacity / tight;
  for (std::size_t i = 0; i < customers; ++i)
    for (std::size_t j = 0; j < sites; ++j)
      out.cost.push_back(out.demand[i] * std::hypot(x[j] - x[sites + i], y[j] - y[sites + i]));
  return out;
}

// The formulation of the textbooks, by HiGHS. `open` [site]: those alone, all of them paid for.
double optimum(const Warehouses& problem, const std::vector<std::size_t>* open = nullptr) {
  LinearProgram program;
  const std::size_t sites = problem.capacity.size();
  std::vector<LinearProgram::Column> y;
  std::vector<LinearProgram::Row> capacity;
  for (std::size_t j = 0; j < sites; ++j) {
    const bool is_open = open != nullptr && std::ranges::find(*open, j) != open->end();
    y.push_back(
        program.add_column(problem.fixed[j], is_open ? 1 : 0, open == nullptr || is_open ? 1 : 0, true));
    capacity.push_back(program.add_row(-1e9, 0));
    program.put(capacity[j], y[j], -problem.capacity[j]);
  }
  for (std::size_t i = 0; i < problem.demand.size(); ++i) {
    const auto served = program.add_row(1, 1);
    for (std::size_t j = 0; j < sites; ++j) {
      const auto x = program.add_column(problem.cost[i * sites + j], 0, 1);
      const auto linked = program.add_row(-1, 0);
      program.put(served, x, 1);
      program.put(capacity[j], x, problem.demand[i]);
      program.put(linked, x, 1);
      program.put(linked, y[j], -1);
    }
  }
  return program.solve().objective;
}

const auto kGoOn = [] { return true; };

}  // namespace

TEST_CASE("warehouses found are HiGHS's optimum, and proven") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const Warehouses problem = points(6 + seed % 7, 15 + seed % 11, 0.2 + 0.1 * static_cast<double>(seed % 8),
                                      seed % 5 == 0 ? 0 : 4.0 * static_cast<double>(seed % 6), seed);
    const LocationAnswer found = search_warehouses(problem, 0, kGoOn);
    CHECK(found.end == ProgramEnd::solved);
    CHECK(found.objective == doctest::Approx(optimum(problem)).epsilon(1e-7));
    CHECK(found.bound == doctest::Approx(found.objective).epsilon(1e-9));
    CHECK(found.bound <= found.objective);
    CHECK(optimum(problem, &found.open) == doctest::Approx(found.objective).epsilon(1e-7));
  }
}

TEST_CASE("stopped anywhere, or content with less: the bound is no more than the optimum, the cost no less") {
  const Warehouses problem = points(14, 40, 0.35, 12, 5);
  const double best = search_warehouses(problem, 0, kGoOn).objective;
  for (int most = 0; most < 300; most += 11) {
    CAPTURE(most);
    int asked = 0;
    const LocationAnswer stopped = search_warehouses(problem, 0, [&] { return ++asked <= most; });
    CHECK(stopped.bound <= best * (1 + 1e-7));
    CHECK(stopped.objective >= best * (1 - 1e-7));
  }
  for (const double gap : {0.3, 0.1, 0.03, 0.01, 0.001}) {
    CAPTURE(gap);
    const LocationAnswer content = search_warehouses(problem, gap, kGoOn);
    CHECK(content.bound <= best * (1 + 1e-7));
    CHECK(content.objective - content.bound <= gap * content.objective * (1 + 1e-9));
  }
}

TEST_CASE("too little capacity is infeasible, just enough is not") {
  Warehouses problem = points(5, 12, 1, 3, 2);
  CHECK(search_warehouses(problem, 0, kGoOn).open.size() == 5);
  problem.demand[3] *= 1.01;
  CHECK(search_warehouses(problem, 0, kGoOn).end == ProgramEnd::infeasible);
}

}  // namespace hinterland
