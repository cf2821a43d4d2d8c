#include "hinterland/siting/location.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/siting/median_search.hpp"
#include "hinterland/siting/problem.hpp"
#include "hinterland/siting/warehouse_search.hpp"

namespace hinterland {

namespace {

bool always() { return true; }

}  // namespace

LocationAnswer solve(const Warehouses& problem, double gap, const std::function<bool()>& go_on) {
  return search_warehouses(problem, gap, go_on ? go_on : always);
}

LocationAnswer solve(const Medians& problem, double gap, const std::function<bool()>& go_on) {
  // Where there is no way, longer than all the ways of any choice together.
  double longest = 0;
  for (const double distance : problem.distance)
    if (std::isfinite(distance)) longest = std::max(longest, distance);
  const double no_way = std::floor(longest * static_cast<double>(problem.nodes)) + 1;
  Medians joined = problem;
  for (double& distance : joined.distance)
    if (std::isinf(distance)) distance = no_way;
  LocationAnswer out = search_medians(joined, gap, go_on ? go_on : always);
  if (out.bound >= no_way)
    return {.end = ProgramEnd::infeasible, .objective = kNoLimit, .bound = kNoLimit, .open = {}};
  return out;
}

}  // namespace hinterland
