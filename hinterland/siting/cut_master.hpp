// What no plan can cost less than, given the prices of several solves, where opening costs something.
//
// The prices of one solve say what any capacity C leaves to pay (value_cut in bound.hpp). Those of several say it
// together, in a program whose optimum no plan goes below, whatever the prices are:
//
//     min   sum_k (cost_k v_k + fixed_k y_k) + sum_b theta_b
//     s.t.  theta_b >= constant[l,b] - sum_s (worth[l,b,s] C_s + opening[l,b,s] y_s)   for each cut l, block b
//           v_k <= most_k y_k,  0 <= v_k <= most_k,  y_k whole    C_s = sum of s's columns v_k
//           the problem's rows
//
// (Benders 1962, Numerische Mathematik 4, 238), y_s being that of s's column, or 1 where s need not be opened. HiGHS
// solves it; the cuts come from bound.hpp, which knows no solver, and nothing here knows how the prices were found.
// What a solver has decided on the way need not be known either: a column that was shown to be open, because the others
// alone cost more than the best plan, was so by prices; with their cut the master says the same of every choice without
// it.
#pragma once
#include <vector>

#include "hinterland/siting/bound.hpp"

namespace hinterland {

// A cut as it enters a master: in weeks, where neither windows nor caps tie them together, for several parts say more
// than their sum.
ValueCut master_cut(const SitingProblem& problem, const SitingPrices& prices);

struct MasterAnswer {
  double bound;  // no plan costs less; infinite: the rows cannot be kept
  std::vector<double>
      columns;  // [column] kW at which the bound is nearly attained; empty: the rows cannot be kept
  std::vector<double> open;  // [column] 1: open; 0: closed
};

// The master's optimum, bounded from below to within `gap` and a ten-millionth (HiGHS's rounding) of itself. Requires a
// cut at least, each a master_cut().
MasterAnswer solve_master(const SitingProblem& problem, const std::vector<ValueCut>& cuts, double gap = 0);

// More cuts than HiGHS should be given: it gets those that its answers break, with y_k whole and without.
class CutPool {
 public:
  explicit CutPool(const SitingProblem& problem) : problem_(problem) {}

  void add(const SitingPrices& prices);

  // solve_master() with cuts of the pool: all that the relaxed master asks for, and of the others what answers so far
  // broke. Asked again until its bound stands still, it says what all say. Requires a cut.
  MasterAnswer solve(double gap = 0);
  // Indices, in the order of add(): what the last answer's bound follows from.
  const std::vector<std::size_t>& proven_by() const { return proven_by_; }

 private:
  bool choose_broken(const MasterAnswer& answer, double tolerance);

  const SitingProblem& problem_;
  std::vector<ValueCut> cuts_;
  std::vector<std::size_t> taken_;  // that HiGHS can take
  std::vector<std::size_t> chosen_, proven_by_;
};

// What no plan can cost less than, by these prices and by as many more. Without fixed costs: by the first alone.
double bound_of(const SitingProblem& problem, const SitingPrices& prices,
                const std::vector<SitingPrices>& more);

}  // namespace hinterland
