// The siting problem written down a second time, for HiGHS, in another form than the product solves: no hubs, each
// deferrable demand has a way to every hour and site of its window; binaries for fixed costs.
#pragma once
#include <optional>
#include <vector>

#include "hinterland/siting/linear_program.hpp"
#include "hinterland/siting/problem.hpp"
#include "hinterland/siting/survival.hpp"

namespace hinterland {

struct DirectAnswer {
  ProgramEnd end;
  double objective, bound;
  std::vector<double> capacity;  // [site] kW
};

// With `capacity` [site], that is given and costs nothing: the dispatch alone.
DirectAnswer solve_direct(const SitingProblem& problem,
                          const std::optional<std::vector<double>>& capacity = std::nullopt);

// The same with a dispatch of the critical demands for each group and hour that must find room without it.
DirectAnswer solve_direct(const SitingProblem& problem, const Survival& survival);

// A small problem of any kind: restricted classes, availability, existing capacity, one or two days, rows; and what is
// asked for.
struct SmallKind {
  bool power_limits = false;
  bool over_midnight = false;
  bool capped = false;
  double fixed = 0;
  bool basin = false;    // a cap of two sites alone
  bool limited = false;  // rows that say "at most", and rows of shares
};
SitingProblem small_problem(std::uint64_t seed, const SmallKind& kind);

}  // namespace hinterland
