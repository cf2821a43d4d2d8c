// The jobs of a scenario: traces and models read, what they do not say filled in from the class.
#pragma once
#include <optional>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/progress.hpp"
#include "hinterland/sim/scenario_world.hpp"
#include "hinterland/work/trace.hpp"

namespace hinterland {

// One job as it will be simulated, before its times count from the start of the run.
struct RawJob {
  Instant submit;
  Duration run, request;
  Size size;
  std::uint16_t group = 0;
};

struct RawJobs {
  std::vector<RawJob>
      jobs;            // in the order of submission; of equals in that of the groups, then of their files
  Instant begin;       // the whole hour of the first, by the atlas's clock where they are dated
  bool dated = false;  // begin is a real instant (of the first group that has dates)
  std::int64_t left_out = 0;  // jobs of which neither trace nor class knows how long they run
};

// `workloads` by group; `offset` of the atlas's standard time from UTC. GPUs are counted in eighths.
Expected<RawJobs> scenario_jobs(const Scenario& scenario, const std::vector<Workload>& workloads,
                                const WorkFolders& folders, Hours offset, Progress& progress);

}  // namespace hinterland
