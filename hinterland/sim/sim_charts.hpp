// The pictures of a run: what each pool costs and how its load goes, for every page; bytes on the map and a Gantt chart of one
// pool, for whoever would rather look (`--report`).
#pragma once
#include "hinterland/sim/sim_result.hpp"

namespace hinterland {

void add_sim_bars(const SimResult& result, Page& page);
void add_sim_pictures(const SimResult& result, Page& page);

}  // namespace hinterland
