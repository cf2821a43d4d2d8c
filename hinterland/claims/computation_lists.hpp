// The closed set, in the order in which the reference prints it. A new computation is one entry in one of these.
#pragma once
#include <vector>

#include "hinterland/claims/computation.hpp"

namespace hinterland {

using Operands = std::vector<Operand>;

void add_arithmetic(std::vector<Computation>& all);  // on numbers, and on what is published of a cell
void add_regional_computations(
    std::vector<Computation>& all);  // accounts, inequality, where people and capital go
void add_place_computations(std::vector<Computation>& all);  // distances, climate, hazards

}  // namespace hinterland
