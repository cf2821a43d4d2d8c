#include "hinterland/sim/simulate.hpp"

#include "hinterland/sim/engine.hpp"
#include "hinterland/sim/pinned.hpp"

namespace hinterland {

const char* name_of(JobEnd end) {
  switch (end) {
    case JobEnd::not_reached: return "not reached";
    case JobEnd::stuck: return "stuck";
    case JobEnd::refused: return "refused";
    case JobEnd::done: return "done";
    case JobEnd::cut: return "cut";
    case JobEnd::lost: return "lost";
  }
  return "";
}

const char* name_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::server: return "server";
    case FaultKind::site: return "site";
    case FaultKind::hub: return "hub";
    case FaultKind::hazard: return "hazard";
    case FaultKind::curtailment: return "curtailment";
    case FaultKind::link: return "link";
  }
  return "";
}

namespace {

// Work that is not in the trace is on the meter as well, from the beginning to the end.
void meter_background(const SimWorld& world, SimRun& run) {
  for (std::size_t pool = 0; pool < world.pools.size(); ++pool) {
    const std::int64_t units = world.pools[pool].background_servers * world.pools[pool].units_per_server;
    if (units == 0) continue;
    run.meters[pool].change(Instant{0}, units);
    run.meters[pool].change(run.end, -units);
  }
}

SimRun run_world(const SimWorld& world, Policy policy, Progress& progress) {
  if (can_run_pinned(world, policy)) return run_pinned(world, progress);
  switch (world.discipline) {
    case Discipline::fcfs: return Engine<FcfsQueue>(world, policy).run(progress);
    case Discipline::easy: return Engine<EasyQueue>(world, policy).run(progress);
    case Discipline::priority: return Engine<PriorityQueue>(world, policy).run(progress);
  }
  return {};
}

}  // namespace

SimRun simulate(const SimWorld& world, Policy policy, Progress& progress) {
  SimRun run = run_world(world, policy, progress);
  meter_background(world, run);
  return run;
}

}  // namespace hinterland
