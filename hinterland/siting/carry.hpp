// What is carried over the cuts: how windows that cross midnight come apart into days that can be dispatched on their
// own.
//
// A hub whose window crosses a cut is split in two, one on each side, and each of its deferrals with it by a share. For
// any shares, a dispatch of the parts is one of the whole; for those of a solution it is nearly the cheapest (a
// millionth dearer on the studies tried), and many times sooner found, for each day then is a problem of its own. The
// shares belong to the plan: with them its objective can be computed again, exactly.
#pragma once
#include <vector>

#include "hinterland/siting/problem.hpp"

namespace hinterland {

// [hub] the shares of its deferrals that run after the cut in its window; empty for a hub without one.
using Carried = std::vector<std::vector<double>>;

// Hours between cuts: days enough that no window crosses two.
std::uint32_t cut_spacing(const SitingProblem& problem);

// The hour of the cut in a hub's window; 0 if there is none.
std::uint32_t cut_in(const Hub& hub, std::uint32_t spacing);

// The problem with its hubs split. Requires a share in [0, 1] for each deferral of a hub with a cut.
SitingProblem cut(const SitingProblem& problem, const Carried& carried);

}  // namespace hinterland
