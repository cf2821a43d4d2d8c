// Counterfactuals: what else could be done, each with its certificate, and how each would fare in other years.
//
//   stay    demand is served at its home; there, anything may be bought
//   fill    demand may move, and nothing is bought: what stands idle must do
//   build   demand may move to new buildings in the clusters, as if nothing stood idle there
//   people  people and firms move to one region, and their demand with them; it is served at home
//   free    all of that at once: never dearer than any other
//
// regret    in a scenario, what a choice's capacities cost when dispatched as well as can be, less what no plan that
//           knew the scenario could cost less than (the certified bound of its free plan). Never negative. What stands idle
//           and costs nothing to keep is among the capacities, also where the plan had no use for it.
// CVaR      the mean cost over the dearest tenth of the years, by the scenarios' probabilities (Rockafellar & Uryasev
//           2000, Journal of Risk 2, 21)
// waiting   what this year would cost with nothing bought, against with what the free plan buys, both at today's demand
//
// Within a scenario, what is carried over midnight is as planned; so regret is at most what is said.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/plan/study_plan.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

inline constexpr double kDearestYears = 0.1;

struct Counterfactual {
  Choice choice = Choice::free;
  StudyPlan plan;
  bool with_people = false;              // free: moving people was the cheaper half
  std::vector<double> regret;            // [scenario]; fewer when stopped
  std::optional<double> expected, cvar;  // where the scenarios have probabilities
};

struct Counterfactuals {
  std::vector<Counterfactual> rows;  // free first
  std::vector<const StudyScenario*> scenarios;
  std::vector<double> best_bound;       // [scenario] no plan that knew it costs less
  std::optional<double> waiting_saves;  // money this year; negative: waiting costs
  bool stopped = false;

  [[nodiscard]] const Counterfactual& free() const { return rows.front(); }
};

const char* name_of(Choice choice);

// `problem` gives the study's numbers for a case. The people choice is left out where the study says nothing of them.
Expected<Counterfactuals> counterfactuals(
    const Study& study, const std::function<Expected<StudyProblem>(const StudyCase&)>& problem,
    const StudyOptions& options);

// The mean over the dearest share of years. `costs` and their probabilities, which sum to 1.
double conditional_value_at_risk(std::vector<std::pair<double, double>> costs, double share);

Page counterfactuals_page(const Study& study, const Atlas& atlas, const Counterfactuals& all);

// All of that page but its headline: the table of choices, what they mean, waiting, regrets. For a plan's own page too.
void add_counterfactuals(const Atlas& atlas, const Counterfactuals& all, Page& page);

std::string counterfactuals_json(const Study& study, const Atlas& atlas, const Counterfactuals& all);

}  // namespace hinterland
