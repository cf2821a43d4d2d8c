// Siting where opening costs something: which columns to use at all, with a bound that proves how good that is.
//
// The continuous problem with fixed costs spread over the largest size gives a first bound and a first guess. Then
//   slope scaling   fixed costs spread over what the last solution used, a few times (Balinski 1961, Naval Research
//                   Logistics Quarterly 8, 41): a good open set
//   drop and add    one column out of the set or into it, while that helps; a trial ends as soon as its bound says it will not
//   probing         one column closed, or paid for, the others relaxed: if that bound exceeds the best plan, the opposite holds
//                   in every better plan
//   a master        cut_master.hpp, over the prices of every solve so far; its optimum bounds all plans, its choice is tried next
// The prices that the best master was given are the certificate. What probing decides is not told to a master: it
// follows from their cuts.
#pragma once
#include <functional>
#include <vector>

#include "hinterland/siting/solve_siting.hpp"

namespace hinterland {

struct FixedCostsOptions {
  double gap = 1e-3;  // (plan - bound) / plan at which it stops
  struct Progress {
    int solves = 0;
    double plan = kNoLimit, bound = -kNoLimit;
  };
  // Told after each solve and master; false: stop with the best so far.
  std::function<bool(const Progress&)> watch;
};

struct FixedCostsAnswer {
  SitingPlan plan;  // the best found, with the prices that prove its bound
  int solves = 0;
  bool stopped = false;
};

FixedCostsAnswer solve_fixed_costs(const SitingProblem& problem, const FixedCostsOptions& options = {});

}  // namespace hinterland
