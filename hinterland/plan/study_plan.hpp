// The plan of a study: what to keep, fill and build where, with its certificate, or why no plan can do what was asked.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/plan/study_problem.hpp"
#include "hinterland/siting/fixed_costs.hpp"

namespace hinterland {

struct StudyProgress {
  double plan = kNoLimit, bound = -kNoLimit, estimate = kNoLimit;
  double seconds = 0;  // left to whoever has a clock
};

// What no plan costs less than, however finely windows are cut: Lagrange's bound of the relaxed windows at these
// prices.
struct RelaxedBound {
  SitingPrices prices;
  double bound = 0;
  bool stopped = false;  // before it was as high as it can be
};

struct StudyPlan {
  StudyProblem setup;             // the rows of `cuts` among its numbers
  std::vector<SurvivalCut> cuts;  // in the order of the rows
  SitingPlan plan;
  std::vector<double> beyond;     // [group] the most critical kW of an hour that no site outside it may serve
  std::vector<SurvivalCut> open;  // cuts that the plan still breaks
  // explain(), where somebody asked: rules that cannot be kept together, each set apart from the others (a set of none:
  // whatever the rules, not all can be served); or that leaving work unserved is cheaper than serving it.
  std::vector<std::vector<std::string>> conflicts;
  bool unserved_by_choice = false;
  std::optional<RelaxedBound> relaxed;  // where the study asks for both windows
  double asked_gap = 0;
  bool stopped = false;              // before the gap was reached
  std::vector<StudyProgress> steps;  // for the picture of bound and plan against time

  [[nodiscard]] double objective() const { return plan.objective + setup.people_cost; }
  [[nodiscard]] double bound() const { return plan.bound + setup.people_cost; }
  [[nodiscard]] double gap() const { return relative_gap(objective(), bound()); }
  // To what the relaxed windows bound it by.
  [[nodiscard]] double bracket() const { return relative_gap(objective(), relaxed->bound); }
  // Of a cut among the rows; limits come before cuts.
  [[nodiscard]] std::size_t row_of(std::size_t cut) const { return setup.limits.size() + cut; }
  [[nodiscard]] bool survives() const;
  // The rows and the caps are kept, and every hazard is survived.
  [[nodiscard]] bool keeps_rules() const;
  [[nodiscard]] bool serves_all() const;
  // Rules are kept and all is served that is worth it.
  [[nodiscard]] bool feasible() const { return keeps_rules() && (serves_all() || unserved_by_choice); }
  // Feasible; or stopped before anybody knew whether all could be served.
  [[nodiscard]] bool answers() const { return keeps_rules() && conflicts.empty(); }
};

struct StudyOptions {
  double gap = 1e-4;
  double give_up_above = kNoLimit;  // stop once no plan can cost less: then there is a bound, and no columns
  // Told after each iteration and each certificate of each solve; false: stop with the best so far.
  std::function<bool(StudyProgress&)> watch;
};

// Without columns where no capacity keeps every limit.
StudyPlan solve_study(StudyProblem setup, const StudyOptions& options);

// For a plan of a study with both windows: its `relaxed`. No dispatch: a bound takes the prices alone.
RelaxedBound solve_relaxed(const StudyPlan& plan, const StudyOptions& options);

// The same from prices that somebody found.
RelaxedBound bound_relaxed(const StudyPlan& plan, SitingPrices prices);

// The same from capacities and prices that somebody found: objective, bound and rules worked out anew (certify()).
StudyPlan certify_study(StudyProblem setup, std::vector<SurvivalCut> cuts, SitingPlan given);

// What a site has by kind, in kW.
double capacity_at(const StudyPlan& plan, SiteIndex site, ColumnKind kind);

}  // namespace hinterland
