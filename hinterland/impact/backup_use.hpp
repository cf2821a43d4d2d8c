// How much of a backup zone to switch on in a shock, and what loss that avoids.
//
// Capacity that stands in takes inputs that are then missed elsewhere, where a unit of them may have carried more value added:
// whole use can make a loss larger (in 11 of 4,000 random economies with three losses of capacity each it did, by 1.2 % of a
// year's value added at most). Whoever keeps a zone need not use it: where whole use would cost more than it saves, the best of
// 75, 50, 25 and 0 % is used, with hindsight. So a zone never makes a loss larger.
#pragma once
#include "hinterland/impact/shock_run.hpp"

namespace hinterland {

struct BackupUse {
  double used = 1;     // share of the zone
  double avoided = 0;  // value added, at least 0
};

// `lost`: value added lost without it.
BackupUse best_use(const MultiregionalTable& table, const ArioParameters& parameters, PlacedShock shock,
                   const StandIn& zone, double lost);

}  // namespace hinterland
