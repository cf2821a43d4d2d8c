#include "hinterland/sim/pinned.hpp"

#include <algorithm>

#include "hinterland/sim/tournament.hpp"

namespace hinterland {

bool can_run_pinned(const SimWorld& world, Policy policy) {
  if (policy != stay || world.discipline != Discipline::fcfs || !world.faults.empty()) return false;
  if (world.jobs.count() == 0) return false;
  if (!world.changes.empty() || !world.tries.empty() || world.staging.mode == Staging::Mode::held)
    return false;
  if (std::ranges::any_of(world.pools,
                          [](const SimPool& pool) { return pool.start_up.ms > 0 || pool.speed != 1; }))
    return false;
  std::vector<const Size*> only(world.pools.size());
  for (std::size_t job = 0; job < world.jobs.count(); ++job) {
    const Size& size = world.sizes[world.jobs.size[job]].size;
    const Size*& seen = only[world.jobs.home[job]];
    if (seen != nullptr && seen != &size) return false;
    seen = &size;
  }
  for (std::size_t group = 0; group < world.groups.size(); ++group) {
    if (world.groups[group].checkpoint_write.ms > 0) return false;
    for (std::size_t home = 0; home < world.pools.size(); ++home) {
      if (only[home] == nullptr) continue;
      const auto& options = world.options_of(GroupIndex{group}, PoolIndex{home});
      if (std::ranges::any_of(options, [&](const Option& o) { return o.at_home && o.pool != home; }))
        return false;
      if (std::ranges::find(options, PoolIndex{home}, &Option::pool) == options.end()) return false;
      if (!only[home]->fits_into(world.pools[home].size())) return false;
    }
  }
  return true;
}

namespace {

// How many jobs of that size run at once.
std::size_t places(const Size& pool, const Size& job) {
  std::int64_t most = Tournament::kMostLeaves;
  if (job.cores > 0) most = std::min(most, pool.cores / job.cores);
  if (job.gpus > 0) most = std::min(most, pool.gpus / job.gpus);
  if (job.memory_gb > 0) most = std::min(most, pool.memory_gb / job.memory_gb);
  return static_cast<std::size_t>(most);
}

}  // namespace

SimRun run_pinned(const SimWorld& world, Progress& progress) {
  static constexpr std::size_t kBlock = 1 << 18;
  const SimJobs& jobs = world.jobs;
  SimRun run;
  run.meters.resize(world.pools.size());
  SimOutcome& out = run.outcome;
  out.start.assign(jobs.count(), kNever);
  out.pool.assign(jobs.count(), {});
  out.end.assign(jobs.count(), JobEnd::not_reached);
  out.several.assign(jobs.count(), false);
  std::vector<std::int64_t> units(world.pools.size());
  std::vector<Tournament> free_at(world.pools.size(), Tournament(1));
  std::vector<bool> begun(world.pools.size());
  for (std::size_t begin = 0; begin < jobs.count(); begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, jobs.count());
    for (std::size_t job = begin; job < end; ++job) {
      const PoolIndex pool = jobs.home[job];
      Tournament& servers = free_at[pool];
      if (!begun[pool]) {
        begun[pool] = true;
        const JobSize& size = world.sizes[jobs.size[job]];
        units[pool] = size.units;
        servers = Tournament(places(world.pools[pool].size(), size.size));
        for (std::size_t place = 0; place < servers.leaves(); ++place) servers.set(place, Instant{0});
      }
      const Duration takes = std::min(jobs.run[job], jobs.request[job]);
      const Instant start = std::max(jobs.arrival[job], servers.first()), ends = start + takes;
      servers.set(servers.winner(), ends);
      out.start[job] = start;
      out.pool[job] = pool;
      out.end[job] = jobs.run[job] > jobs.request[job] ? JobEnd::cut : JobEnd::done;
      run.meters[pool].change(start, units[pool]);
      run.meters[pool].change(ends, -units[pool]);
      run.end = std::max(run.end, ends);
    }
    run.reached = static_cast<std::int64_t>(end);
    if (!progress.step("jobs", run.reached, static_cast<std::int64_t>(jobs.count()))) {
      run.interrupted = true;
      break;
    }
  }
  run.events = 2 * run.reached;
  run.moved_gb.resize(world.pools.size() * world.pools.size());
  run.network_metered.resize(world.pools.size());
  return run;
}

}  // namespace hinterland
