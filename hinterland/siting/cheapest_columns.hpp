// The cheapest capacity columns that give each site at least what it needs and keep the rows: a small linear program.
#pragma once
#include <vector>

#include "hinterland/siting/problem.hpp"

namespace hinterland {

// [capacity column] kW, of those that are open; `needs` [site] kW. Empty: there are none. Within HiGHS's 1e-7 of a row.
// `lacking`: money at which a kW that a site needs may lack; then only rows can leave it empty.
std::vector<double> cheapest_columns(const SitingProblem& problem, const std::vector<bool>& open,
                                     const std::vector<double>& needs, double lacking = kNoLimit);

}  // namespace hinterland
