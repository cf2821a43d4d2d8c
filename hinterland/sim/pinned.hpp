// The short way through the simplest world: every job stays, first come first served, one size of job in each pool, nothing
// breaks. Then a pool is so many places, a job takes the place that falls free first, and its end is known at once: no
// queue and no events. The result is the same as the engine's, to the millisecond (simulate_test.cpp).
#pragma once
#include "hinterland/sim/simulate.hpp"

namespace hinterland {

bool can_run_pinned(const SimWorld& world, Policy policy);
// Requires that.
SimRun run_pinned(const SimWorld& world, Progress& progress);

}  // namespace hinterland
