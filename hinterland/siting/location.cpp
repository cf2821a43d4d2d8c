#include "hinterland/siting/location.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "hinterland/base/stopwatch.hpp"
#include "hinterland/siting/median_search.hpp"
#include "hinterland/siting/warehouse_search.hpp"

namespace hinterland {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

}  // namespace

LocationAnswer solve(const Warehouses& problem, double gap, double seconds) {
  const Stopwatch clock;
  return search_warehouses(problem, gap, [&] { return clock.seconds() < seconds; });
}

LocationAnswer solve(const Medians& problem, double gap, double seconds) {
  const Stopwatch clock;
  // Where there is no way, longer than all the ways of any choice together.
  double longest = 0;
  for (const double distance : problem.distance)
    if (std::isfinite(distance)) longest = std::max(longest, distance);
  const double no_way = std::floor(longest * static_cast<double>(problem.nodes)) + 1;
  Medians joined = problem;
  for (double& distance : joined.distance)
    if (std::isinf(distance)) distance = no_way;
  MedianChoice found = search_medians(joined, gap, [&] { return clock.seconds() < seconds; });
  if (found.bound >= no_way)
    return {.end = ProgramEnd::infeasible, .objective = kFar, .bound = kFar, .open = {}};
  return {.end = found.cost - found.bound > gap * found.cost ? ProgramEnd::out_of_time : ProgramEnd::solved,
          .objective = found.cost,
          .bound = found.bound,
          .open = std::move(found.medians)};
}

}  // namespace hinterland
