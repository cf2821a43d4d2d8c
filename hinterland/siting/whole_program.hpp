// A siting problem as one linear program with every arc and hour in it, for any other solver: hubs as columns to a
// site's hub and from it, fixed costs as choices, and for each group that must be survived, in each hour, a flow of the
// critical demands to the sites that are left. Large: a year has millions of columns.
#pragma once
#include "hinterland/siting/linear_program.hpp"
#include "hinterland/siting/survival.hpp"

namespace hinterland {

// About how many non-zeros the program has.
std::size_t program_size(const SitingProblem& problem, const Survival& survival = {});

// Demand that no site outside a group may serve (beyond_saving()) makes it infeasible.
LinearProgram whole_program(const SitingProblem& problem, const Survival& survival = {});

}  // namespace hinterland
