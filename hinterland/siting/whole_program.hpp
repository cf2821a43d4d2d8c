// A siting problem as one linear program with every arc and hour in it, for any other solver: hubs as columns to a
// site's hub and from it, fixed costs as choices. Large: a year has millions of columns.
#pragma once
#include "hinterland/siting/linear_program.hpp"
#include "hinterland/siting/problem.hpp"

namespace hinterland {

// Non-zeros that the program has.
std::size_t program_size(const SitingProblem& problem);

LinearProgram whole_program(const SitingProblem& problem);

}  // namespace hinterland
