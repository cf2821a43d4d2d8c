// What is simulated: pools of servers, kinds of work, the jobs of a trace, the network between, and what goes wrong.
//
// Everything is given before the run and nothing in it changes: a run is a pure function of its World.
// Time counts from the start of the run, in milliseconds.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "hinterland/base/id.hpp"
#include "hinterland/policy/policies.hpp"
#include "hinterland/sim/network.hpp"

namespace hinterland {

enum class Discipline : std::uint8_t { fcfs, easy, priority };

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

  [[nodiscard]] Size size() const { return (servers - background_servers) * server_size; }
  [[nodiscard]] std::int64_t units() const { return (servers - background_servers) * units_per_server; }
  [[nodiscard]] std::int64_t background_units() const { return background_servers * units_per_server; }
};

// A class of work, with what the trace does not say.
struct SimGroup {
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
  // All jobs of the class and home read this much more that is the same; a site keeps it (Staging::cache_gb).
  double shared_gb = 0;
};

// The longest run, and the latest arrival: a hundred years. Two of them still fit the keys of tournament.hpp.
inline constexpr Duration kMostSimulated{3'200'000'000'000};

// 30 bytes a job, in the order of arrival. What is scanned lies in columns.
struct SimJobs {
  std::vector<Instant> arrival;
  std::vector<Duration> run;      // as it really runs, >= 1 ms
  std::vector<Duration> request;  // as asked for, >= 1 ms; a job is ended when it is used up
  std::vector<SizeIndex> size;
  std::vector<GroupIndex> group;
  std::vector<PoolIndex> home;

  [[nodiscard]] std::size_t count() const { return arrival.size(); }
};

// How bytes move. `line`: each alone, at the option's ms_per_gb. `shared`: as max-min fair flows over the links.
struct Staging {
  enum class Mode : std::uint8_t { none, line, shared };
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

struct SimWorld {
  std::vector<SimPool> pools;
  std::vector<SimGroup> groups;
  std::vector<JobSize> sizes;
  SimJobs jobs;
  std::vector<std::vector<Option>>
      options;  // [group x pools + home]: where its jobs may run, in the order of the pools
  std::vector<UnitRates> forecast;            // by pool: what policies see
  std::vector<UnitRates> actual;              // by pool: what is billed
  std::vector<std::vector<double>> scarcity;  // by pool, or empty (policy shadow)
  Discipline discipline = Discipline::fcfs;
  Staging staging;
  std::vector<Fault> faults;  // by the time at which they begin
  std::uint64_t seed = 1;     // whom a broken server takes along

  [[nodiscard]] const std::vector<Option>& options_of(GroupIndex group, PoolIndex home) const {
    return options[group * pools.size() + home];
  }
  // The option of the job that leads to the pool; requires that there is one.
  [[nodiscard]] const Option& option_to(PoolIndex pool, JobIndex job) const;
};

}  // namespace hinterland
