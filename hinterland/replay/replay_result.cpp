#include "hinterland/replay/replay_result.hpp"

namespace hinterland {

std::optional<ReplayResult> replay(const Day& day, const DayWorld& setup, Progress& progress) {
  const SimRun run = simulate(setup.world, setup.policy.choose, progress);
  if (run.interrupted) return std::nullopt;
  ReplayResult result{.day = &day, .setup = &setup};
  result.recorded = recorded_runs(day, setup);
  result.replayed = simulated_runs(setup, run);
  result.fidelity = fidelity_of(day, setup, result.recorded, result.replayed);
  return result;
}

}  // namespace hinterland
