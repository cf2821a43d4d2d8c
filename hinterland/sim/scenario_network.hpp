// The lines between the sites of a scenario, and who may use how much of them (staging = "shared").
//
//   each site     a line out and a line in, of `site_gbps`; between any two sites nothing is narrower
//   weight        where transfers wait for one line, one of weight 2 gets twice the rate of one of weight 1
//   most_gbps     a class of work that may not have all of a line has two narrower ones of its own at each site, which its
//                 transfers pass as well
#pragma once
#include <map>
#include <vector>

#include "hinterland/sim/scenario.hpp"
#include "hinterland/sim/world.hpp"

namespace hinterland {

// By site: the lines that all share.
using SiteLines = std::map<SiteId, std::vector<LinkIndex>>;

// Adds links, and a class of flows for each class of work and pair of pools. Requires that the world has its pools.
SiteLines add_network(const Scenario& scenario, SimWorld& world);

}  // namespace hinterland
