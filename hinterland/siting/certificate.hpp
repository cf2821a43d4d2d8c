// A plan and its certificate: what it costs, what no plan can cost less than, and that it keeps every rule.
//
// All three are computed from capacities and prices alone, by bound.hpp, cut_master.hpp and dispatch.hpp; whoever found
// them, and how, is not asked. So a result can be checked by anyone who has the problem.
#pragma once
#include <functional>
#include <vector>

#include "hinterland/siting/bound.hpp"
#include "hinterland/siting/carry.hpp"
#include "hinterland/siting/dispatch.hpp"

namespace hinterland {

struct SitingPlan {
  std::vector<double> columns;            // [capacity column] kW
  SitingPrices prices;                    // what the bound is computed from
  std::vector<SitingPrices> more_prices;  // and, where opening costs something, from these
  Carried carried;                        // over the cuts; empty: windows are dispatched whole
  bool quick = false;  // dispatched by quick_dispatch.hpp: somebody had no time; nothing is carried

  double objective = kNoLimit;  // of these columns, dispatched as cheaply as can be
  double bound = -kNoLimit;
  Dispatch dispatch;
  std::vector<double> row_lacks;  // [row] kW short of its least; 0: kept

  double gap() const { return relative_gap(objective, bound); }
  bool keeps_rows() const;
};

// Objective, bound, dispatch and rules of a plan's columns at its prices, worked out anew: of `given` only what comes
// before them above is looked at.
SitingPlan certify(const SitingProblem& problem, SitingPlan given);

// The same without the bound, for whoever asks of other numbers what columns cost there: prices of capacity and caps are
// where the dispatch begins. `go_on` is asked now and then; false: the objective is infinite.
SitingPlan dispatched(const SitingProblem& problem, SitingPlan given,
                      const std::function<bool()>& go_on = {});

// Objective and rows of a plan from its columns and its dispatch.
void add_up(const SitingProblem& problem, SitingPlan& plan);

}  // namespace hinterland
