#include "hinterland/plan/counterfactual.hpp"

#include <algorithm>
#include <functional>

namespace hinterland {

namespace {

// Servers whose keeping costs nothing stand there in any year, whether the plan had a use for them or not: that it has none
// tells them from no others that cost as much. Only a limit that says "at most" takes them away.
void keep_what_costs_nothing(const StudyProblem& problem, std::vector<double>& columns) {
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const CapacityColumn& column = problem.numbers.columns[k];
    if (problem.kinds[k] != ColumnKind::kept || column.cost > 0 || column.fixed > 0) continue;
    double more = column.most - columns[k];
    for (const CapacityRow& row : problem.numbers.rows)
      if (row.weight[k] < 0) more = std::min(more, (row.sum(columns) - row.least) / -row.weight[k]);
    columns[k] += std::max(0.0, more);
  }
}

class Comparison {
 public:
  Comparison(const Study& study, const std::function<Expected<StudyProblem>(const StudyCase&)>& problem,
             const StudyOptions& options)
      : study_(study), problem_(problem), options_(options), watch_(options.watch) {
    options_.watch = [this](StudyProgress& step) {
      const bool go_on = !watch_ || watch_(step);
      out_.stopped = out_.stopped || !go_on;
      return go_on;
    };
  }

  Expected<Counterfactuals> run() {
    for (const StudyScenario& scenario : study_.scenarios) out_.scenarios.push_back(&scenario);
    for (const Choice choice : {Choice::free, Choice::stay, Choice::fill, Choice::build, Choice::people}) {
      if (choice == Choice::people && !study_.people) continue;
      if (!out_.stopped && !add(choice)) return std::unexpected(errors_);
    }
    for (const StudyScenario* scenario : out_.scenarios)
      if (!out_.stopped && !know(*scenario)) return std::unexpected(errors_);
    for (Counterfactual& row : out_.rows)
      if (!out_.stopped && !meet_years(row)) return std::unexpected(errors_);
    if (!out_.stopped && !wait()) return std::unexpected(errors_);
    return std::move(out_);
  }

 private:
  std::optional<StudyPlan> solved(const StudyCase& which) {
    auto problem = problem_(which);
    if (!problem) {
      errors_ = problem.error();
      return std::nullopt;
    }
    return solve_study(std::move(*problem), options_);
  }

  // The cheaper of people staying where they are and moving.
  bool better_half(StudyPlan& plan, StudyCase which, bool& with_people) {
    if (which.choice != Choice::free || !study_.people || out_.stopped) return true;
    which.with_people = true;
    auto other = solved(which);
    if (!other) return false;
    with_people = other->objective() < plan.objective();
    if (with_people) {
      other->plan.bound = std::min(other->bound(), plan.bound()) - other->setup.people_cost;
      plan = std::move(*other);
    } else {
      plan.plan.bound = std::min(other->bound(), plan.bound());
    }
    return true;
  }

  bool add(Choice choice) {
    const StudyCase which{.choice = choice};
    auto plan = solved(which);
    if (!plan) return false;
    Counterfactual row{.choice = choice, .plan = std::move(*plan)};
    if (!better_half(row.plan, which, row.with_people)) return false;
    out_.rows.push_back(std::move(row));
    return true;
  }

  // What no plan that knew the scenario could cost less than.
  bool know(const StudyScenario& scenario) {
    const StudyCase which{.choice = Choice::free, .scenario = &scenario};
    auto plan = solved(which);
    bool with_people = false;
    if (!plan || !better_half(*plan, which, with_people)) return false;
    out_.best_bound.push_back(plan->bound());
    return true;
  }

  // What the capacities of a plan cost in another case; infinite when stopped on the way.
  std::optional<double> cost_in(const Counterfactual& row, StudyCase which) {
    which.with_people = row.with_people;
    auto problem = problem_(which);
    if (!problem) {
      errors_ = problem.error();
      return std::nullopt;
    }
    const SitingProblem& numbers = problem->numbers;
    // Of a hedge, what it carries and pays in that year of its own.
    const std::vector<PlannedYear>& years = row.plan.setup.years;
    const auto same = std::ranges::find(years, which.scenario, &PlannedYear::scenario);
    const auto year = same == years.end() ? 0 : same - years.begin();
    const auto of_year = [&](auto& to, const auto& from, std::size_t size) {
      if (from.empty()) return;
      const auto first = from.begin() + year * static_cast<std::ptrdiff_t>(size);
      to.assign(first, first + static_cast<std::ptrdiff_t>(size));
    };
    const SitingPlan& plan = row.plan.plan;
    SitingPlan there;
    there.columns = plan.columns;
    keep_what_costs_nothing(*problem, there.columns);
    of_year(there.carried, plan.carried, numbers.hubs.size());
    of_year(there.prices.capacity, plan.prices.capacity, numbers.energy.size());
    there.prices.caps = plan.prices.caps;
    StudyProgress step;
    return dispatched(numbers, std::move(there), [&] { return options_.watch(step); }).objective +
           problem->people_cost;
  }

  // In the year as planned.
  std::optional<double> planned_cost(const Counterfactual& row) {
    if (row.plan.setup.years.size() == 1) return row.plan.objective();
    return cost_in(row, {.choice = row.choice, .hedged = false});
  }

  bool meet_years(Counterfactual& row) {
    std::vector<std::pair<double, double>> years;
    double chances = 0;
    if (row.plan.plan.columns.empty()) return true;  // impossible in any year
    for (std::size_t w = 0; w < out_.scenarios.size(); ++w) {
      const auto cost = cost_in(row, {.choice = row.choice, .scenario = out_.scenarios[w]});
      if (!cost) return false;
      if (out_.stopped) return true;
      row.regret.push_back(*cost - out_.best_bound[w]);
      years.emplace_back(*cost, out_.scenarios[w]->probability);
      chances += out_.scenarios[w]->probability;
    }
    if (chances == 0) return true;
    const auto planned = planned_cost(row);
    if (!planned) return false;
    if (out_.stopped) return true;
    years.emplace_back(*planned, std::max(0.0, 1 - chances));
    double expected = 0;
    for (const auto& [cost, chance] : years) expected += cost * chance;
    row.expected = expected;
    row.cvar = conditional_value_at_risk(std::move(years), kDearestYears);
    return true;
  }

  bool wait() {
    auto nothing_bought = solved({.choice = Choice::fill, .today = true});
    if (!nothing_bought) return false;
    if (nothing_bought->plan.columns.empty() || out_.free().plan.plan.columns.empty()) return true;
    if (out_.stopped) return true;
    const auto with_it = cost_in(out_.free(), {.choice = Choice::free, .today = true});
    if (!with_it) return false;
    if (!out_.stopped) out_.waiting_saves = *with_it - nothing_bought->objective();
    return true;
  }

  const Study& study_;
  const std::function<Expected<StudyProblem>(const StudyCase&)>& problem_;
  StudyOptions options_;
  std::function<bool(StudyProgress&)> watch_;
  Counterfactuals out_;
  Errors errors_;
};

}  // namespace

const char* name_of(Choice choice) {
  static constexpr const char* kNames[] = {"free", "stay", "fill", "build", "people"};
  return kNames[static_cast<int>(choice)];
}

double conditional_value_at_risk(std::vector<std::pair<double, double>> costs, double share) {
  std::ranges::sort(costs, std::greater{});
  double left = share, sum = 0;
  for (const auto& [cost, chance] : costs) {
    const double taken = std::min(left, chance);
    sum += taken * cost;
    left -= taken;
  }
  return sum / (share - left);
}

Expected<Counterfactuals> counterfactuals(
    const Study& study, const std::function<Expected<StudyProblem>(const StudyCase&)>& problem,
    const StudyOptions& options) {
  return Comparison(study, problem, options).run();
}

}  // namespace hinterland
