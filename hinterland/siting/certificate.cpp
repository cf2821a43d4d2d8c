#include "hinterland/siting/certificate.hpp"

#include <algorithm>
#include <utility>

#include "hinterland/siting/capped_dispatch.hpp"
#include "hinterland/siting/cut_master.hpp"
#include "hinterland/siting/quick_dispatch.hpp"

namespace hinterland {

namespace {

constexpr double kRounding = 1e-7;  // to which HiGHS keeps rows

}  // namespace

bool SitingPlan::keeps_rows() const {
  return std::ranges::all_of(row_lacks, [](double lacks) { return lacks == 0; });
}

void add_up(const SitingProblem& problem, SitingPlan& plan) {
  plan.objective = plan.dispatch.cost;
  for (std::size_t k = 0; k < plan.columns.size(); ++k)
    plan.objective +=
        plan.columns[k] * problem.columns[k].cost + (plan.columns[k] > 0 ? problem.columns[k].fixed : 0);
  plan.row_lacks.clear();
  for (const CapacityRow& row : problem.rows) {
    const double lacks = row.least - row.sum(plan.columns);
    plan.row_lacks.push_back(lacks <= kRounding * row.size(plan.columns) ? 0 : lacks);
  }
}

SitingPlan dispatched(const SitingProblem& problem, SitingPlan given, const std::function<bool()>& go_on) {
  const std::vector<double> capacity = capacity_of(problem, given.columns);
  if (given.quick) given.carried.clear();
  given.dispatch = given.quick ? dispatch_quickly(problem, capacity, given.prices)
                               : capped_dispatch(problem, capacity, given.prices, given.carried, go_on);
  add_up(problem, given);
  return given;
}

SitingPlan certify(const SitingProblem& problem, SitingPlan given) {
  given = dispatched(problem, std::move(given));
  given.bound = bound_of(problem, given.prices, given.more_prices);
  return given;
}

}  // namespace hinterland
