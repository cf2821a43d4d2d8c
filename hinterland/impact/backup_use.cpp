#include "hinterland/impact/backup_use.hpp"

namespace hinterland {

BackupUse best_use(const MultiregionalTable& table, const ArioParameters& parameters, PlacedShock shock,
                   const StandIn& zone, double lost) {
  const auto avoided = [&](double used) {
    shock.standing_in = zone.scaled(used);
    return lost - run_shock(table, parameters, shock).lost;
  };
  BackupUse best{.used = 1, .avoided = avoided(1)};
  if (best.avoided >= 0) return best;
  best = {.used = 0, .avoided = 0};
  for (const double used : {0.75, 0.5, 0.25}) {
    if (const double less = avoided(used); less > best.avoided) best = {.used = used, .avoided = less};
  }
  return best;
}

}  // namespace hinterland
