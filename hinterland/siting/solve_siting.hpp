// A certified plan: the interior point followed until bound and plan, computed apart from it, are close enough.
#pragma once
#include <functional>
#include <vector>

#include "hinterland/siting/certificate.hpp"

namespace hinterland {

struct SitingOptions {
  double gap = 1e-4;  // certified, at which it stops
  // [capacity column] which may be used; empty: all.
  std::vector<bool> open;
  double give_up_above = kNoLimit;  // stop once no plan can cost less: then there is a bound, and no plan
  bool bound_only = false;          // columns, prices and their bound, and no dispatch: objective is infinite
  // Told after each iteration and each certificate; false: stop with the best so far. Whoever has a clock ends it here.
  struct Progress {
    int iteration = 0;
    double plan = kNoLimit, bound = -kNoLimit;  // certified so far
    double estimate = kNoLimit;                 // the solver's own gap
  };
  std::function<bool(const Progress&)> watch;
};

struct SitingAnswer {
  SitingPlan plan;
  int iterations = 0;
  bool stopped = false;  // by the watch, before the gap was reached
};

// The plan costs at most 1 + gap of what any plan costs, or it was stopped, or doubles could do no better: plan.gap()
// says. Where rows cannot be kept by the open columns, plan.keeps_rows() is false. Fixed costs count in the plan's
// objective and, as far as Lagrange's bound sees them, in its bound. Throws std::length_error beyond kMostSites open
// sites, or twice as many of them and caps together.
SitingAnswer solve_siting(const SitingProblem& problem, const SitingOptions& options = {});

}  // namespace hinterland
