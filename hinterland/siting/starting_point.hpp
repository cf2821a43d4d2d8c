// Where the interior point begins: each row on its own at the centre, for prices that are guessed.
#pragma once
#include "hinterland/siting/newton.hpp"

namespace hinterland {

// Sets prices and amounts: every pair positive, demand rows met, x z = `mu` along them. Capacities are a third above
// the peaks that follow; what does not fit is left to the first steps.
void start(Newton& newton, double mu);

// The mean product of a pair that a start is sensible with: a demand's mean kW times what a kWh costs.
double natural_mu(const InteriorLayout& layout);

}  // namespace hinterland
