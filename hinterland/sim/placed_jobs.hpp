// Jobs that already have their place: CSV with the header id,arrival_s,duration_s,cores,site, in order of arrival; `site` is
// the place of their pool, from 0. What other simulators read too; whole seconds.
#pragma once
#include <string>

#include "hinterland/base/progress.hpp"
#include "hinterland/sim/world.hpp"

namespace hinterland {

// Appends the jobs to `world.jobs` and their sizes to `world.sizes`; each asks for as long as it runs. Requires the world's
// pools. All problems are listed, located by line: not a number, a site or a size that no pool has, arrivals out of order.
Expected<void> read_placed_jobs(const std::string& path, SimWorld& world, Progress& progress);
Expected<void> parse_placed_jobs(std::string_view text, const std::string& file, SimWorld& world,
                                 Progress& progress);

}  // namespace hinterland
