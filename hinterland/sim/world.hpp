// What is simulated: pools of servers, kinds of work, the jobs of a trace, the network between, and what goes wrong.
//
// Everything is given before the run and nothing in it changes: a run is a pure function of its World.
// Time counts from the start of the run, in milliseconds.
#pragma once
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "hinterland/base/id.hpp"
#include "hinterland/policy/policies.hpp"
#include "hinterland/sim/network.hpp"
#include "hinterland/sim/pool_change.hpp"

namespace hinterland {

enum class Discipline : std::uint8_t { fcfs, easy, priority, fair };

// A size that jobs of the trace have, on the server type of their pools.
struct JobSize {
  Size size;
  std::int64_t units = 0;
};

// Servers of one type at one site.
struct SimPool {
  SiteId site;
  ServerId server;
  Size server_size;
  std::int64_t servers = 0;
  std::int64_t units_per_server = 1;
  std::int64_t background_servers = 0;  // always busy with work that is not in the trace
  // What an attempt holds its place for beside its run: until it begins, and until somebody hears that it has ended. Nobody is
  // billed for it.
  Duration start_up;
  double speed = 1;              // of what runs here, beside that of other pools; above 0
  double input_bytes_per_s = 0;  // Mode::held: of the path that inputs take, all together; 0: it has none

  [[nodiscard]] Size size() const { return (servers - background_servers) * server_size; }
  [[nodiscard]] std::int64_t units() const { return (servers - background_servers) * units_per_server; }
  [[nodiscard]] std::int64_t background_units() const { return background_servers * units_per_server; }
};

// Jobs that are alike: a class of work, or the tasks of one job of a broker.
struct SimGroup {
  // Its options are those of that place in the list of options; its own, unless others share them.
  static constexpr std::uint32_t kOwnOptions = UINT32_MAX;

  std::string name;
  Duration deadline;  // from arrival until all is done and delivered
  Duration may_wait;  // how long its start may be put off
  bool interruptible = false;
  double late_per_hour =
      0;  // millionths of money for each hour past the deadline: what policies fear; never billed
  std::uint8_t priority = 0;
  int retries = 10;  // how often a job is begun again after a fault before it is given up

  // Work is kept at checkpoints, every `checkpoint` of work; 0: a job that is stopped begins anew. Writing one takes
  // `checkpoint_write`, beginning again takes `restore`; a run of r takes r + write x (ceil(r / checkpoint) - 1).
  Duration checkpoint, checkpoint_write, restore;

  double gb_in_per_unit_hour = 0,
         gb_out_per_unit_hour = 0;  // of the job's own data, by how long it really runs
  double gb_in = 0, gb_out = 0;     // of it, however long it runs
  // All jobs of the class and home read this much more that is the same; a site keeps it (Staging::cache_gb).
  double shared_gb = 0;
  // Mode::held: what of `gb_in` is the same for all its jobs, and moves to a pool with a path once. `moves_gb`, by pool: how
  // much of that had to move there, where somebody measured it, else below 0; empty: all of it.
  double inputs_gb = 0;
  std::vector<double> moves_gb;

  std::uint32_t project = 0;  // SimWorld::shares
  std::uint32_t options = kOwnOptions;
};

// The longest run, and the latest arrival: a hundred years. Two of them still fit the keys of tournament.hpp.
inline constexpr Duration kMostSimulated{3'200'000'000'000};

// 32 bytes a job, in the order of arrival. What is scanned lies in columns.
struct SimJobs {
  std::vector<Instant> arrival;
  std::vector<Duration> run;      // as it really runs, >= 1 ms
  std::vector<Duration> request;  // as asked for, >= 1 ms; a job is ended when it is used up
  std::vector<SizeIndex> size;
  std::vector<GroupIndex> group;
  std::vector<PoolIndex> home;
  std::vector<PoolIndex> measured;  // where it ran so long; empty: as at speed 1

  [[nodiscard]] std::size_t count() const { return arrival.size(); }
};

// How bytes move. `line`: each alone, at the option's ms_per_gb. `shared`: as max-min fair flows over the links. Both before
// a job joins its queue. `held`: as a broker moves inputs, once a job has its place (held_inputs.hpp); its own data take no time.
struct Staging {
  enum class Mode : std::uint8_t { none, line, shared, held };
  Mode mode = Mode::none;
  double cache_gb = 0;                // of shared data that each site keeps; least recently used goes first
  Network network;                    // shared mode only
  std::vector<FlowClass> flow_class;  // [(group x pools + from) x pools + to]; shared mode only
};

enum class FaultKind : std::uint8_t { server, site, hub, hazard, curtailment, link, price };
inline constexpr std::array kFaultNames = {"server", "site", "hub", "hazard", "curtailment", "link", "price"};
inline const char* name_of(FaultKind kind) { return kFaultNames.at(static_cast<std::size_t>(kind)); }

// Price spikes are no faults of this list: they stand in the rates that are billed (UnitRates::spikes).
inline constexpr std::size_t kFaultKinds = 6;
struct Fault {
  FaultKind kind = FaultKind::site;
  std::string cause;    // "ice-storm-2008"
  Instant from, until;  // until kNever: for good
  std::vector<PoolIndex> pools;
  std::int64_t servers = 0;  // kind server: how many of each pool break
  double left = 0;           // kinds curtailment and link: the share of capacity that is left
  std::vector<LinkIndex> links;
};

// An attempt that ends, and after which its job is placed anew: it failed by itself, or was lost with its machine.
struct Try {
  Duration run;
  PoolIndex measured;  // where it took so long
  Duration wait;       // until the job is placed anew
  bool billed = true;
};

struct SimWorld {
  std::vector<SimPool> pools;
  std::vector<SimGroup> groups;
  std::vector<JobSize> sizes;
  SimJobs jobs;
  std::vector<std::vector<Option>>
      options;  // [group x pools + home]: where its jobs may run, in the order of the pools (SimGroup::options)
  std::vector<UnitRates> forecast;            // by pool: what policies see
  std::vector<UnitRates> actual;              // by pool: what is billed
  std::vector<std::vector<double>> scarcity;  // by pool, or empty (policy shadow)
  Discipline discipline = Discipline::fcfs;
  Staging staging;
  std::vector<Fault> faults;  // by the time at which they begin
  // Discipline fair: the share of each project.
  std::vector<std::int64_t> shares;
  // What jobs went through before the attempt that `jobs` speaks of, in order. Nothing is kept of an attempt.
  std::unordered_map<std::uint32_t, std::vector<Try>> tries;
  std::vector<PoolChange> changes;  // in the order of time
  std::uint64_t seed = 1;           // whom a broken server takes along

  [[nodiscard]] const std::vector<Option>& options_of(GroupIndex group, PoolIndex home) const {
    const std::uint32_t list = groups[group].options;
    return options[(list == SimGroup::kOwnOptions ? group.value : list) * pools.size() + home];
  }
  // How fast the job runs there, beside where its run was measured.
  [[nodiscard]] double speed_of(JobIndex job, PoolIndex pool) const {
    const double there = pools[pool].speed;
    return jobs.measured.empty() ? there : there / pools[jobs.measured[job]].speed;
  }
  [[nodiscard]] double gb_in(JobIndex job) const {
    const SimGroup& group = groups[jobs.group[job]];
    return group.gb_in + gb_of(group.gb_in_per_unit_hour, job);
  }
  // Of it, what the job moves for itself alone.
  [[nodiscard]] double own_gb_in(JobIndex job, PoolIndex pool) const {
    const double all = gb_in(job);
    const bool comes_with_others = staging.mode == Staging::Mode::held && pools[pool].input_bytes_per_s > 0;
    return comes_with_others ? std::max(0.0, all - groups[jobs.group[job]].inputs_gb) : all;
  }
  [[nodiscard]] double gb_out(JobIndex job) const {
    const SimGroup& group = groups[jobs.group[job]];
    return group.gb_out + gb_of(group.gb_out_per_unit_hour, job);
  }
  // The option of the job that leads to the pool; requires that there is one.
  [[nodiscard]] const Option& option_to(PoolIndex pool, JobIndex job) const;

 private:
  [[nodiscard]] double gb_of(double per_unit_hour, JobIndex job) const {
    if (per_unit_hour <= 0) return 0;
    return per_unit_hour * static_cast<double>(sizes[jobs.size[job]].units) *
           (static_cast<double>(jobs.run[job].ms) * kPerHour);
  }
};

// A run at that speed, of what takes so long at speed 1.
inline Duration at_speed(Duration run, double speed) {
  if (speed == 1) return run;
  return {std::max<std::int64_t>(1, std::llround(static_cast<double>(run.ms) / speed))};
}

}  // namespace hinterland
