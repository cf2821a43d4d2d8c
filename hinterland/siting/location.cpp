#include "hinterland/siting/location.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "hinterland/base/stopwatch.hpp"
#include "hinterland/siting/median_search.hpp"

namespace hinterland {

namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

LocationAnswer answer(const ProgramSolution& solution, const std::vector<LinearProgram::Column>& sites) {
  LocationAnswer out{
      .end = solution.end, .objective = solution.objective, .bound = solution.bound, .open = {}};
  if (solution.columns.empty()) return out;
  for (std::size_t j = 0; j < sites.size(); ++j)
    if (solution.columns[static_cast<std::size_t>(sites[j])] > 0.5) out.open.push_back(j);
  return out;
}

}  // namespace
LocationAnswer solve(const Warehouses& problem, double gap, double seconds) {
  const Stopwatch clock;
  LinearProgram program;
  const std::size_t sites = problem.capacity.size();
  std::vector<LinearProgram::Column> open;
  std::vector<LinearProgram::Row> capacity;
  for (std::size_t j = 0; j < sites; ++j) {
    open.push_back(program.add_column(problem.fixed[j], 0, 1, true));
    capacity.push_back(program.add_row(-kFar, 0));
    program.put(capacity[j], open[j], -problem.capacity[j]);
  }
  // All that is open together must carry all there is: it follows from the rest, and helps to branch.
  double all = 0;
  for (const double demand : problem.demand) all += demand;
  const auto enough = program.add_row(all, kFar);
  for (std::size_t j = 0; j < sites; ++j) program.put(enough, open[j], problem.capacity[j]);
  for (std::size_t i = 0; i < problem.demand.size(); ++i) {
    const auto served = program.add_row(1, 1);
    for (std::size_t j = 0; j < sites; ++j) {
      const auto x = program.add_column(problem.cost[i * sites + j], 0, 1);
      program.put(served, x, 1);
      program.put(capacity[j], x, problem.demand[i]);
      const auto linked = program.add_row(-kFar, 0);
      program.put(linked, x, 1);
      program.put(linked, open[j], -1);
    }
  }
  return answer(program.solve(gap, std::max(0.0, seconds - clock.seconds())), open);
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
