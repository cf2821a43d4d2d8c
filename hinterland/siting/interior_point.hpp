// The continuous siting problem by a primal-dual interior point that knows its structure.
//
// Mehrotra's predictor-corrector (1992, SIAM J. Optimization 2, 575). Newton's system is never formed; what it couples
// is eliminated in this order, a file each:
//   1 demand_step   prompt demand rows: a division, each hour on its own
//   2 hour_step     prices of an hour: one matrix of sites x sites per hour, formed without cancellation and inverted
//   3 hub_step      prices of the hubs: block-banded, sites x sites, as wide as windows overlap
//   4 border_step   capacity columns, rows and caps: one small dense system
// Only x and its step are kept for the arcs; reduced costs are recomputed from prices, so that prices are dual feasible
// by construction and the bound needs no repair. Infeasible starts are fine: rows are met as steps reach 1.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "hinterland/siting/bound.hpp"
#include "hinterland/siting/carry.hpp"
#include "hinterland/siting/problem.hpp"

namespace hinterland {

struct InteriorOptions {
  double gap = 1e-4;  // (plan - bound) / plan at which it stops, as the iterates estimate it: 6 to 20 times
                      // what a certificate then finds. Below 1e-7 doubles may not do.
  double give_up_above = kNoLimit;  // stop once no plan can cost less than this
  // Called with the iteration and its gap; false: stop here.
  std::function<bool(int iteration, double gap)> watch;
};

struct InteriorAnswer {
  bool solved = false;  // the gap was reached, or `give_up_above`
  // Of the best iterate, by its own estimate: no certificate.
  int iterations = 0;
  double gap = kNoLimit;
  std::vector<double> columns;  // [capacity column] kW
  SitingPrices prices;          // of the problem's cells; infinite at sites that were not open
};

// Can be asked for more after an answer.
class InteriorSolver {
 public:
  // `open` [capacity column]: those that may be used. The problem must outlive it. Throws std::length_error
  // beyond kMostSites (problem.hpp) open sites.
  InteriorSolver(const SitingProblem& problem, const std::vector<bool>& open);
  ~InteriorSolver();
  InteriorSolver(const InteriorSolver&) = delete;
  InteriorSolver& operator=(const InteriorSolver&) = delete;

  // From where it stands to the gap asked for; the best so far. A start that does not get going is tried again from
  // another centre.
  const InteriorAnswer& solve(const InteriorOptions& options);

  // How its flows, where they stand, cross the cuts of carry.hpp.
  Carried carried() const;

 private:
  class Path;
  std::unique_ptr<Path> path_;
};

}  // namespace hinterland
