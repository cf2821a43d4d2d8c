#include "hinterland/siting/solve_siting.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "hinterland/siting/cheapest_columns.hpp"
#include "hinterland/siting/fitted_plan.hpp"
#include "hinterland/siting/interior_point.hpp"

namespace hinterland {

namespace {

// What the interior point says of itself is 6 to 20 times what a certificate finds: ask for that much less, and if it
// was not enough for a third.
constexpr double kModesty = 8, kNextTime = 3, kFinest = 1e-8;
constexpr double kPoor = 0.01;  // a gap at which a plan that was stopped may be worse than doing nothing

// Nothing is known of scarcity: what cannot be had is infinitely scarce, and nothing else is.
SitingPrices no_prices(const SitingProblem& problem, const std::vector<bool>& open) {
  std::vector<double> scarcity(problem.sites, kNoLimit);
  for (std::size_t k = 0; k < problem.columns.size(); ++k)
    if (open[k] && problem.columns[k].most > 0) scarcity[problem.columns[k].site] = 0;
  SitingPrices out{.capacity = std::vector<double>(problem.energy.size()),
                   .power = std::vector<double>(problem.power_limit.size()),
                   .rows = std::vector<double>(problem.rows.size()),
                   .caps = std::vector<double>(problem.caps.size())};
  for (std::size_t c = 0; c < out.capacity.size(); ++c) out.capacity[c] = scarcity[c % problem.sites];
  return out;
}

// With nothing to build there is nothing to decide, and nobody is served.
SitingPlan nobody_served(const SitingProblem& problem, const std::vector<bool>& open) {
  SitingPlan none;
  none.columns.resize(problem.columns.size());
  none.prices = tightened(problem, no_prices(problem, open));
  return certify(problem, std::move(none));
}

// A bound is cheap; a dispatch at prices far from the end is not.
SitingPlan bound_alone(const SitingProblem& problem, const InteriorAnswer& answer) {
  SitingPlan out{.columns = answer.columns,
                 .prices = tightened(problem, answer.prices),
                 .more_prices = {},
                 .carried = {},
                 .objective = kNoLimit,
                 .dispatch = {},
                 .row_lacks = {}};
  out.bound = lower_bound(problem, out.prices);
  return out;
}

bool crosses_cuts(const SitingProblem& problem) {
  const std::uint32_t spacing = cut_spacing(problem);
  return std::ranges::any_of(problem.hubs, [&](const Hub& hub) { return cut_in(hub, spacing) > 0; });
}

// Who has no time for a solver still has what costs nothing to have, or as little else as the rows ask for.
SitingPlan standing(const SitingProblem& problem, const std::vector<bool>& open) {
  std::vector<double> columns(problem.columns.size()), needs(problem.sites);
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const CapacityColumn& column = problem.columns[k];
    if (!open[k] || column.cost > 0 || column.fixed > 0) continue;
    columns[k] = column.most;
    needs[column.site] += column.most;
  }
  if (!problem.rows.empty())
    if (std::vector<double> kept = cheapest_columns(problem, open, needs); !kept.empty())
      columns = std::move(kept);
  SitingPlan out;
  out.columns = std::move(columns);
  out.prices = tightened(problem, no_prices(problem, open));
  out.quick = true;
  return certify(problem, std::move(out));
}

// Dispatched exactly, or quickly where the time is up.
SitingPlan fitted_in_time(const SitingProblem& problem, const std::vector<bool>& open,
                          const InteriorAnswer& answer, Carried carried, const std::function<bool()>& go_on) {
  if (go_on()) {
    SitingPlan exact = fitted(problem, open, answer.columns, answer.prices, std::move(carried), go_on);
    if (exact.objective < kNoLimit) return exact;
  }
  return fitted_quickly(problem, open, answer.columns, answer.prices);
}

// Bound and plan may be the best of different rounds.
void keep_the_best(SitingPlan& best, SitingPlan plan, bool first) {
  const bool keeps = plan.keeps_rows(), kept = !first && best.keeps_rows();
  const bool better_plan = first || (keeps == kept ? plan.objective <= best.objective : keeps);
  const bool better_bound = first || plan.bound > best.bound;
  if (better_plan != better_bound) {
    std::swap(plan.bound, best.bound);
    std::swap(plan.prices, best.prices);
  }
  if (better_plan) best = std::move(plan);
}

// Where nothing can be had, or there is no time for a first step: `stopped` then.
std::optional<SitingPlan> without_solver(const SitingProblem& problem, const std::vector<bool>& open,
                                         const SitingOptions& options, bool& stopped) {
  double most = 0;
  for (std::size_t k = 0; k < open.size(); ++k) most += open[k] ? problem.columns[k].most : 0;
  stopped = most > 0 && options.watch && !options.watch({});
  if (most == 0 || (stopped && options.bound_only)) return nobody_served(problem, open);
  if (stopped) return standing(problem, open);
  return std::nullopt;
}

}  // namespace

SitingAnswer solve_siting(const SitingProblem& problem, const SitingOptions& options) {
  const std::vector<bool> open =
      options.open.empty() ? std::vector<bool>(problem.columns.size(), true) : options.open;
  SitingOptions::Progress so_far;
  SitingAnswer out;
  if (auto plan = without_solver(problem, open, options, out.stopped)) {
    out.plan = std::move(*plan);
    return out;
  }
  InteriorOptions interior{.gap = options.bound_only ? options.gap : kModesty * options.gap,
                           .give_up_above = options.give_up_above,
                           .watch = {}};
  interior.watch = [&](int iteration, double gap) {
    so_far.iteration = iteration;
    so_far.estimate = gap;
    out.stopped = options.watch && !options.watch(so_far);
    return !out.stopped;
  };
  InteriorSolver solver(problem, open);
  const bool crosses = crosses_cuts(problem);
  for (bool first = true;;) {
    const double before = so_far.bound;
    const InteriorAnswer& answer = solver.solve(interior);
    if (answer.columns.empty())
      throw std::runtime_error("the interior point found no start");  // check() would have said
    out.iterations = answer.iterations;
    if (options.bound_only || options.give_up_above < kNoLimit) {
      SitingPlan bounded = bound_alone(problem, answer);
      if (options.bound_only || bounded.bound > options.give_up_above) {
        out.plan = std::move(bounded);
        return out;
      }
      if (answer.solved && answer.gap > interior.gap) {  // it looked as if, and was not so: go on to the end
        interior.give_up_above = kNoLimit;
        continue;
      }
    }
    const auto go_on = [&] {
      out.stopped = out.stopped || (options.watch && !options.watch(so_far));
      return !out.stopped;
    };
    SitingPlan next = fitted_in_time(problem, open, answer, crosses ? solver.carried() : Carried{}, go_on);
    keep_the_best(out.plan, std::move(next), first);
    if (out.plan.quick && out.plan.gap() > kPoor) keep_the_best(out.plan, standing(problem, open), false);
    so_far.plan = out.plan.objective;
    so_far.bound = out.plan.bound;
    const bool enough =
        (out.plan.gap() <= options.gap && out.plan.keeps_rows()) || so_far.bound > options.give_up_above;
    const bool no_better = !answer.solved || interior.gap < kFinest || (!first && so_far.bound <= before);
    out.stopped = out.stopped && !enough;
    if (enough || no_better || !go_on()) return out;
    first = false;
    interior.gap = std::min(interior.gap, answer.gap) / kNextTime;
  }
}

}  // namespace hinterland
