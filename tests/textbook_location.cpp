#include "tests/textbook_location.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "hinterland/base/random.hpp"

namespace hinterland {

Medians medians_in_plane(std::size_t nodes, std::size_t medians, std::uint64_t seed, bool whole) {
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

Warehouses warehouses_in_plane(std::size_t sites, std::size_t customers, double tight, double fixed,
                               std::uint64_t seed) {
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

ProgramSolution by_textbook(const Medians& problem, double seconds) {
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
  return program.solve(0, seconds);
}

ProgramSolution by_textbook(const Warehouses& problem, double seconds, const std::vector<std::size_t>* open) {
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
  return program.solve(0, seconds);
}

}  // namespace hinterland
