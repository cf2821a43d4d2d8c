#include "hinterland/siting/location.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/siting/median_search.hpp"
#include "hinterland/siting/problem.hpp"
#include "hinterland/siting/warehouse_search.hpp"

namespace hinterland {

namespace {

bool always() { return true; }

// Parts of the graph with no way from one to another.
std::size_t pieces(const Medians& problem) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < problem.nodes; ++i) {
    const double* row = &problem.distance[i * problem.nodes];
    out += static_cast<std::size_t>(
        std::none_of(row, row + i, [](double distance) { return std::isfinite(distance); }));
  }
  return out;
}

}  // namespace

LocationAnswer solve(const Warehouses& problem, double gap, const std::function<bool()>& go_on) {
  return search_warehouses(problem, gap, go_on ? go_on : always);
}

LocationAnswer solve(const Medians& problem, double gap, const std::function<bool()>& go_on) {
  if (pieces(problem) > problem.medians)
    return {.end = ProgramEnd::infeasible, .objective = kNoLimit, .bound = kNoLimit, .open = {}};
  // Where there is no way, longer than all the ways of any choice together.
  double longest = 0;
  for (const double distance : problem.distance)
    if (std::isfinite(distance)) longest = std::max(longest, distance);
  const double no_way = std::floor(longest * static_cast<double>(problem.nodes)) + 1;
  Medians joined = problem;
  for (double& distance : joined.distance)
    if (std::isinf(distance)) distance = no_way;
  const auto search = [&](double to) { return search_medians(joined, to, go_on ? go_on : always); };
  LocationAnswer out = search(gap);
  if (out.objective >= no_way && out.end == ProgramEnd::solved) out = search(0);
  if (out.objective < no_way) return out;
  return {.end = ProgramEnd::out_of_time, .objective = kNoLimit, .bound = out.bound, .open = {}};
}

}  // namespace hinterland
