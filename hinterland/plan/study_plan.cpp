#include "hinterland/plan/study_plan.hpp"

#include <algorithm>

#include "hinterland/siting/cheapest_columns.hpp"

namespace hinterland {

namespace {

constexpr double kNothing = 1e-5;  // share of what is asked: less is the gap's, not a rule's
constexpr int kMostRounds = 10;

void add_rows(StudyProblem& setup, const std::vector<SurvivalCut>& cuts) {
  for (const SurvivalCut& cut : cuts) setup.numbers.rows.push_back(cut.row);
}

// What follows from the plan's capacities and prices, and whether it survives.
void work_out(StudyPlan& out) {
  out.plan = certify(out.setup.numbers, std::move(out.plan));
  if (out.setup.survival.groups.empty()) return;
  out.beyond = beyond_saving(out.setup.numbers, out.setup.survival);
  out.open =
      broken_cuts(out.setup.numbers, out.setup.survival, capacity_of(out.setup.numbers, out.plan.columns));
}

class Watcher {
 public:
  Watcher(const StudyOptions& options, double give_up_above, std::vector<StudyProgress>& steps)
      : options_(options), give_up_above_(give_up_above), steps_(steps) {}

  [[nodiscard]] bool gives_up(double bound) const { return bound > give_up_above_; }

  bool tell(StudyProgress step) {
    const bool go_on = !options_.watch || options_.watch(step);
    steps_.push_back(step);
    return go_on;
  }
  SitingOptions continuous() {
    return {.gap = options_.gap,
            .give_up_above = give_up_above_,
            .watch = [this](const SitingOptions::Progress& progress) {
              return tell({.plan = progress.plan, .bound = progress.bound, .estimate = progress.estimate});
            }};
  }
  FixedCostsOptions whole() {
    return {.gap = options_.gap, .watch = [this](const FixedCostsOptions::Progress& progress) {
              return tell({.plan = progress.plan, .bound = progress.bound}) && !gives_up(progress.bound);
            }};
  }

 private:
  const StudyOptions& options_;
  const double give_up_above_;  // without what moving people costs
  std::vector<StudyProgress>& steps_;
};

// Rows in turn; opening counts in the objective alone.
void solve_with_rows(StudyPlan& out, Watcher& watcher) {
  SurvivingAnswer answer =
      solve_surviving(std::move(out.setup.numbers), out.setup.survival, watcher.continuous());
  out.setup.numbers = std::move(answer.problem);
  out.cuts = std::move(answer.cuts);
  out.plan = std::move(answer.answer.plan);
  out.stopped = answer.answer.stopped;
}

// Rows and choices in turn: what survives is separated from the plan with its choices made.
void solve_with_choices(StudyPlan& out, Watcher& watcher) {
  for (int round = 0;; ++round) {
    FixedCostsAnswer answer = solve_fixed_costs(out.setup.numbers, watcher.whole());
    out.plan = std::move(answer.plan);
    const bool gave_up = watcher.gives_up(out.plan.bound);
    out.stopped = answer.stopped && !gave_up;
    if (out.setup.survival.groups.empty() || out.stopped || gave_up || out.plan.columns.empty()) return;
    if (round == kMostRounds) return;  // what is still broken is said
    std::vector<SurvivalCut> broken =
        broken_cuts(out.setup.numbers, out.setup.survival, capacity_of(out.setup.numbers, out.plan.columns));
    if (broken.empty()) return;
    add_rows(out.setup, broken);
    std::ranges::move(broken, std::back_inserter(out.cuts));
  }
}

// Whether any capacity at all keeps the limits; a solver that is asked to find out would wander.
bool limits_can_be_kept(const SitingProblem& problem) {
  if (problem.rows.empty() || problem.columns.empty()) return true;
  const std::vector<bool> open(problem.columns.size(), true);
  return !cheapest_columns(problem, open, std::vector<double>(problem.sites)).empty();
}

SitingProblem relaxed_numbers(const StudyProblem& setup) {
  SitingProblem out = setup.numbers;
  out.hubs = setup.relaxed_hubs;
  return out;
}

}  // namespace

bool StudyPlan::survives() const {
  return open.empty() && std::ranges::all_of(beyond, [](double kw) { return kw == 0; });
}

bool StudyPlan::serves_all() const { return plan.dispatch.unserved_kwh <= kNothing * setup.demand_kwh; }

bool StudyPlan::keeps_rules() const {
  if (plan.columns.empty() || !plan.keeps_rows() || !survives()) return false;
  for (std::size_t c = 0; c < setup.numbers.caps.size(); ++c) {
    const double most = setup.numbers.caps[c].most;
    if (plan.dispatch.cap_use[c] > most + kNothing * (most + 1)) return false;
  }
  return true;
}

StudyPlan solve_study(StudyProblem setup, const StudyOptions& options) {
  StudyPlan out;
  out.asked_gap = options.gap;
  out.setup = std::move(setup);
  if (!limits_can_be_kept(out.setup.numbers)) return out;
  Watcher watcher(options, options.give_up_above - out.setup.people_cost, out.steps);
  if (has_fixed_costs(out.setup.numbers)) {
    solve_with_choices(out, watcher);
    // What no choice survives is named by the plan that comes nearest.
    if (out.plan.columns.empty() && !out.cuts.empty() && !watcher.gives_up(out.plan.bound)) {
      out.setup.numbers.rows.resize(out.setup.limits.size());
      out.cuts.clear();
      solve_with_rows(out, watcher);
    }
  } else if (!out.setup.survival.groups.empty() && !out.setup.survival.critical.empty()) {
    solve_with_rows(out, watcher);
  } else {
    SitingAnswer answer = solve_siting(out.setup.numbers, watcher.continuous());
    out.plan = std::move(answer.plan);
    out.stopped = answer.stopped;
  }
  if (watcher.gives_up(out.plan.bound)) out.plan.columns.clear();
  if (out.plan.columns.empty()) return out;
  // What is printed is what anybody works out from the capacities and prices.
  work_out(out);
  return out;
}

StudyPlan certify_study(StudyProblem setup, std::vector<SurvivalCut> cuts, SitingPlan given) {
  StudyPlan out;
  out.setup = std::move(setup);
  out.cuts = std::move(cuts);
  add_rows(out.setup, out.cuts);
  out.plan = std::move(given);
  work_out(out);
  return out;
}

RelaxedBound solve_relaxed(const StudyPlan& plan, const StudyOptions& options) {
  SitingProblem relaxed = relaxed_numbers(plan.setup);
  // Prices that know of fixed costs as the bound does: spread over the largest size.
  for (CapacityColumn& column : relaxed.columns)
    if (column.most > 0) column.cost += column.fixed / column.most;
  const SitingAnswer answer = solve_siting(
      relaxed,
      {.gap = options.gap, .bound_only = true, .watch = [&](const SitingOptions::Progress& progress) {
         StudyProgress step{.plan = plan.objective(), .bound = plan.bound(), .estimate = progress.estimate};
         return !options.watch || options.watch(step);
       }});
  RelaxedBound out = bound_relaxed(plan, answer.plan.prices);
  out.stopped = answer.stopped;
  return out;
}

RelaxedBound bound_relaxed(const StudyPlan& plan, SitingPrices prices) {
  const double bound = lower_bound(relaxed_numbers(plan.setup), prices) + plan.setup.people_cost;
  return {.prices = std::move(prices), .bound = bound};
}

double capacity_at(const StudyPlan& plan, SiteIndex site, ColumnKind kind) {
  double kw = 0;
  for (std::size_t k = 0; k < plan.setup.kinds.size(); ++k)
    if (plan.setup.numbers.columns[k].site == site && plan.setup.kinds[k] == kind) kw += plan.plan.columns[k];
  return kw;
}

}  // namespace hinterland
