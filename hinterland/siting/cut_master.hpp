// What no plan can cost less than, given the prices of several solves, where opening costs something.
//
// The prices of one solve say what any capacity C leaves to pay (value_cut in bound.hpp). Those of several say it together,
// in a program whose optimum no plan goes below, whatever the prices are:
//
//     min   sum_k (cost_k v_k + fixed_k y_k) + sum_b theta_b
//     s.t.  theta_b >= constant[l,b] - sum_s worth[l,b,s] C_s     for the cut of each solve l, block b
//           v_k <= most_k y_k,  0 <= v_k <= most_k,  y_k whole    C_s = sum of s's columns v_k
//           the problem's rows
//
// (Benders 1962, Numerische Mathematik 4, 238). HiGHS solves it; the cuts come from bound.hpp, which knows no solver, and
// nothing here knows how the prices were found. What a solver has decided on the way need not be known either: a column
// that was shown to be open, because the others alone cost more than the best plan, was so by prices; with their cut the
// master says the same of every choice without it.
#pragma once
#include <vector>

#include "hinterland/siting/bound.hpp"

namespace hinterland {

// A cut as it enters a master: in weeks, where neither windows nor caps tie them together, for several parts say more than
// their sum.
ValueCut master_cut(const SitingProblem& problem, const SitingPrices& prices);

// [column] what is not asked any more; empty: all is.
struct DecidedColumns {
  std::vector<bool> open, closed;
};

struct MasterAnswer {
  double bound;  // no plan costs less; infinite: the rows cannot be kept
  std::vector<double>
      columns;  // [column] kW at which the bound is nearly attained; empty: the rows cannot be kept
  std::vector<bool> open;  // [column]
};

// The master's optimum, bounded from below to within `gap` of itself. Requires a cut at least, each a master_cut().
MasterAnswer solve_master(const SitingProblem& problem, const std::vector<ValueCut>& cuts, double gap = 0,
                          const DecidedColumns& decided = {});

// Indices of cuts, `first` first, with which alone the master's optimum is within `tolerance` (of itself) of what it is
// with all: cutting planes, the one that its solution breaks most at a time. Requires `first` to be one of them.
std::vector<std::size_t> enough_cuts(const SitingProblem& problem, const std::vector<ValueCut>& cuts,
                                     std::size_t first, double tolerance);

// Those of `chosen`, the first always, without which the optimum falls by more than `tolerance`: half as many, in twice
// the time.
std::vector<std::size_t> without_idle(const SitingProblem& problem, const std::vector<ValueCut>& cuts,
                                      std::vector<std::size_t> chosen, double tolerance);

// What no plan can cost less than, by these prices and by as many more. Without fixed costs: by the first alone.
double bound_of(const SitingProblem& problem, const SitingPrices& prices,
                const std::vector<SitingPrices>& more);

}  // namespace hinterland
