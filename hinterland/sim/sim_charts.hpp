// The pictures of a run: what each site costs, load over time, work in a site by day, and bytes on the map.
#pragma once
#include "hinterland/sim/sim_result.hpp"

namespace hinterland {

void add_sim_charts(const SimResult& result, Page& page);

}  // namespace hinterland
