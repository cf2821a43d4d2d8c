#include "hinterland/siting/median_search.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "hinterland/base/random.hpp"

namespace hinterland {

namespace {

// Points in the plane: whole distances, or as they are.
Medians points(std::size_t nodes, std::size_t medians, std::uint64_t seed, bool whole) {
  RandomStream random(seed, "points");
  std::vector<double> x, y;
  for (std::size_t i = 0; i < nodes; ++i) {
    x.push_back(100 * random.uniform());
    y.push_back(100 * random.uniform());
  }
  Medians out{.nodes = nodes, .medians = medians, .distance = {}};
  for (std::size_t i = 0; i < nodes; ++i)
    for (std::size_t j = 0; j < nodes; ++j) {
      const double distance = std::hypot(x[i] - x[j], y[i] - y[j]);
      out.distance.push_back(whole ? std::round(distance) : distance);
    }
  return out;
}

double cost_of(const Medians& problem, const std::vector<std::size_t>& medians) {
  double sum = 0;
  for (std::size_t i = 0; i < problem.nodes; ++i) {
    double least = 1e300;
    for (const std::size_t j : medians) least = std::min(least, problem.distance[i * problem.nodes + j]);
    sum += least;
  }
  return sum;
}

// The formulation of the textbooks, by HiGHS: x_ij <= y_j.
double optimum(const Medians& problem) {
  LinearProgram program;
  std::vector<LinearProgram::Column> open;
  const auto p = static_cast<double>(problem.medians);
  const auto chosen = program.add_row(p, p);
  for (std::size_t j = 0; j < problem.nodes; ++j) {
    open.push_back(program.add_column(0, 0, 1, true));
    program.put(chosen, open[j], 1);
  }
  for (std::size_t i = 0; i < problem.nodes; ++i) {
    const auto served = program.add_row(1, 1);
    for (std::size_t j = 0; j < problem.nodes; ++j) {
      const auto x = program.add_column(problem.distance[i * problem.nodes + j], 0, 1);
      const auto linked = program.add_row(-1, 0);
      program.put(served, x, 1);
      program.put(linked, x, 1);
      program.put(linked, open[j], -1);
    }
  }
  return program.solve().objective;
}

const auto kGoOn = [] { return true; };

}  // namespace

TEST_CASE("medians found are HiGHS's optimum, and proven") {
  for (std::uint64_t seed = 1; seed <= 24; ++seed) {
    CAPTURE(seed);
    const Medians problem = points(20 + 3 * (seed % 5), 2 + seed % 6, seed, seed % 2 == 0);
    const MedianChoice found = search_medians(problem, 0, kGoOn);
    CHECK(found.cost == doctest::Approx(optimum(problem)).epsilon(1e-9));
    CHECK(found.bound == doctest::Approx(found.cost).epsilon(1e-9));
    CHECK(found.bound <= found.cost);
    CHECK(found.medians.size() == problem.medians);
    CHECK(cost_of(problem, found.medians) == doctest::Approx(found.cost).epsilon(1e-12));
  }
}

TEST_CASE("stopped anywhere, or content with less: the bound is no more than the optimum, the cost no less") {
  const Medians problem = points(60, 5, 3, false);
  const double best = search_medians(problem, 0, kGoOn).cost;
  for (int most = 0; most < 400; most += 7) {
    CAPTURE(most);
    int asked = 0;
    const MedianChoice stopped = search_medians(problem, 0, [&] { return ++asked <= most; });
    CHECK(stopped.bound <= best * (1 + 1e-12));
    CHECK(stopped.cost >= best * (1 - 1e-12));
    CHECK(cost_of(problem, stopped.medians) == doctest::Approx(stopped.cost).epsilon(1e-12));
  }
  for (const double gap : {0.3, 0.1, 0.03, 0.01, 0.001}) {
    CAPTURE(gap);
    const MedianChoice content = search_medians(problem, gap, kGoOn);
    CHECK(content.bound <= best * (1 + 1e-12));
    CHECK(content.cost - content.bound <= gap * content.cost * (1 + 1e-9));
  }
}

TEST_CASE("as many medians as nodes, one of one, and nodes on top of each other") {
  CHECK(search_medians(points(7, 7, 1, true), 0, kGoOn).cost == 0);
  CHECK(search_medians(points(1, 1, 1, true), 0, kGoOn).medians == std::vector<std::size_t>{0});
  const Medians same{.nodes = 5, .medians = 2, .distance = std::vector<double>(25)};
  CHECK(search_medians(same, 0, kGoOn).cost == 0);
  CHECK(search_medians(same, 0, kGoOn).medians.size() == 2);
}

}  // namespace hinterland
