#include "hinterland/sim/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

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

// Not in the header: inlined into the engine it crowds out what is hotter.
const Option& SimWorld::option_to(PoolIndex pool, JobIndex job) const {
  return *std::ranges::lower_bound(options_of(jobs.group[job], jobs.home[job]), pool, {}, &Option::pool);
}

namespace {

// Work that is not in the trace is on the meter as well, from the beginning to the end.
void meter_background(const SimWorld& world, SimRun& run) {
  for (std::size_t pool = 0; pool < world.pools.size(); ++pool) {
    const std::int64_t units = world.pools[pool].background_units();
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
    case Discipline::fair: return Engine<SimFairQueue>(world, policy).run(progress);
  }
  return {};
}

}  // namespace

SimRun simulate(const SimWorld& world, Policy policy, Progress& progress) {
  SimRun run = run_world(world, policy, progress);
  meter_background(world, run);
  return run;
}

namespace {

// What check_world() finds, part by part.
struct WorldCheck {
  const SimWorld& world;
  Errors errors = {};

  void complain(std::string what, std::string mend) {
    add_error(errors, {.what = std::move(what), .where = {}, .mend = std::move(mend)});
  }

  void check_pools() {
    const std::size_t pools = world.pools.size();
    if (world.forecast.size() != pools || world.actual.size() != pools)
      complain("rates are not one a pool", "Give forecast and actual rates for each pool.");
    for (const SimPool& pool : world.pools) {
      if (pool.servers < 1 || pool.background_servers < 0 || pool.background_servers >= pool.servers)
        complain(pool.site.text + ": no server is left for jobs", "Give more servers, or less background.");
      if (!(pool.speed > 0) || !std::isfinite(pool.speed) || pool.start_up.ms < 0 ||
          pool.start_up > kMostSimulated || !(pool.input_bytes_per_s >= 0))
        complain(pool.site.text + ": its speed, start_up or path is out of range", "Give a speed above 0.");
      // A pool has no more runners than cores, nor than there are jobs.
      const auto runners = std::min(pool.size().cores, static_cast<std::int64_t>(world.jobs.count()));
      if (runners > static_cast<std::int64_t>(Tournament::kMostLeaves) || pool.units() > 10'000'000'000)
        complain(pool.site.text + ": the pool is too large",
                 "Split it into pools of a million cores at most.");
    }
  }

  void check_options() {
    const auto there = [&](std::size_t group) {
      const std::uint32_t list = world.groups[group].options;
      return (list == SimGroup::kOwnOptions ? group : list) + 1;
    };
    for (std::size_t group = 0; group < world.groups.size(); ++group) {
      if (there(group) * world.pools.size() <= world.options.size()) continue;
      complain("options are not one list for each group and home",
               "Give an empty list where nothing may run.");
      break;
    }
    for (const std::vector<Option>& options : world.options) {
      if (!std::ranges::is_sorted(options, {}, &Option::pool))
        complain("options are out of order", "List them by pool.");
      if (std::ranges::any_of(options,
                              [&](const Option& option) { return option.pool >= world.pools.size(); }))
        complain("an option names no pool", "Name pools that are there.");
    }
  }

  void check_jobs() {
    const SimJobs& jobs = world.jobs;
    for (std::size_t job = 0; job < jobs.count(); ++job) {
      const bool known = jobs.size[job] < world.sizes.size() && jobs.group[job] < world.groups.size() &&
                         jobs.home[job] < world.pools.size();
      const bool timed = jobs.run[job].ms >= 1 && jobs.request[job].ms >= 1 && jobs.arrival[job].ms >= 0 &&
                         (job == 0 || jobs.arrival[job - 1] <= jobs.arrival[job]);
      if (std::max(jobs.run[job].ms, jobs.arrival[job].ms) > kMostSimulated.ms)
        complain("job " + std::to_string(job + 1) + " runs for, or comes after, more than a hundred years",
                 "Check the unit of its times.");
      if (!known)
        complain("job " + std::to_string(job + 1) + " names no size, group or pool",
                 "Name those that are there.");
      if (!timed)
        complain("job " + std::to_string(job + 1) + " has no time, or comes before the one above",
                 "Runs and requests are 1 ms at least; jobs stand in the order of arrival.");
    }
  }

  void check_projects() {
    if (world.discipline != Discipline::fair) return;
    for (const SimGroup& group : world.groups) {
      if (group.project < world.shares.size() && world.shares[group.project] >= 1) continue;
      complain(group.name + ": no project with a share pays for it",
               "Give each project a share of 1 or more.");
      return;
    }
  }

  void check_record() {
    const auto pool = [&](PoolIndex one) { return one < world.pools.size(); };
    if (!world.changes.empty() && !world.faults.empty())
      complain("a day that is run again has both faults and what came of them", "Give one of the two.");
    if (!std::ranges::is_sorted(world.changes, {}, &PoolChange::at))
      complain("what happened is out of order", "List it by time.");
    if (!std::ranges::all_of(world.changes, pool, &PoolChange::pool))
      complain("something happened to no pool", "Name pools that are there.");
    const auto measured = [&](const auto& tries) {
      return std::ranges::all_of(tries.second, [&](const Try& one) {
        return pool(one.measured) && one.run.ms >= 1 && one.run <= kMostSimulated && one.wait.ms >= 0 &&
               one.wait <= kMostSimulated;
      });
    };
    const SimJobs& jobs = world.jobs;
    if (!std::ranges::all_of(world.tries, measured) || !std::ranges::all_of(jobs.measured, pool) ||
        (!jobs.measured.empty() && jobs.measured.size() != jobs.count()))
      complain("a run was measured in no pool, or for no time", "Name pools that are there.");
  }

  void check_faults() {
    for (const Fault& fault : world.faults) {
      if (fault.until <= fault.from)
        complain(fault.cause + " ends before it begins", "Give `until` after `from`.");
      if (std::ranges::any_of(fault.pools, [&](PoolIndex pool) { return pool >= world.pools.size(); }))
        complain(fault.cause + " names no pool", "Name pools that are there.");
    }
  }

  void check_network() {
    if (world.staging.mode != Staging::Mode::shared) return;
    const std::size_t pools = world.pools.size();
    if (world.staging.flow_class.size() != world.groups.size() * pools * pools)
      return complain("no class of flows for each group and pair of pools",
                      "Give one for each (group, from, to), row by row.");
    for (std::size_t pair = 0; pair < world.staging.flow_class.size(); ++pair) {
      const SiteId &from = world.pools[pair / pools % pools].site, &to = world.pools[pair % pools].site;
      if (from != to && world.staging.flow_class[pair] >= world.staging.network.classes())
        complain(fmt::format("{} and {} are not connected", from.text, to.text),
                 "Give the network a class of flows between them.");
    }
  }
};

}  // namespace

Expected<void> check_world(const SimWorld& world) {
  WorldCheck check{.world = world};
  check.check_pools();
  check.check_options();
  check.check_jobs();
  check.check_faults();
  check.check_projects();
  check.check_record();
  check.check_network();
  if (!check.errors.empty()) return std::unexpected(std::move(check.errors));
  return {};
}

}  // namespace hinterland
