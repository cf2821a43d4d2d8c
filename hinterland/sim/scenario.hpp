// A scenario: what is to be simulated, as one TOML file.
//
//   name = "Image requests of a year, with idle servers in the west"
//   policy = "cheapest"            # policy/policies.cpp lists them
//   discipline = "easy"            # fcfs, easy, priority
//
//   [work.images]                  # jobs of one class from one region
//   class = "batch-inference"      # a preset, or a workload's TOML file
//   from = "shanghai"
//   model = "image-requests-2024"  # a trace model with `days` or `jobs`; or trace = "jobs.swf"
//   days = 365
//
//   [pools.shanghai]               # servers of one type at one site
//   site = "metro-shanghai"
//   server = "gpu-server"
//   load = 0.65                    # as many as give this load if all of the work stays; or servers = 12
//   basis = "built"
//
//   [faults.drought]
//   kind = "hazard"
//   hazard = "drought-2011"
//   from = "07-10"
//   hours = 240
//
// Every value can be set from outside: `pools.shanghai.load=0.5`, `policy=stay`, `work.images.days=30`.
// scenario_fields() and its fellows hold the names, units, ranges and defaults.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/base/record.hpp"
#include "hinterland/cost/price.hpp"
#include "hinterland/sim/world.hpp"
#include "hinterland/work/trace.hpp"

namespace hinterland {

// Jobs of one class from one region.
struct ScenarioWork {
  std::string key;
  WorkloadId workload;  // as written: a preset or a file
  RegionId from;
  std::string trace, model, zone;
  BadLines bad_lines = BadLines::refuse;
  std::optional<double> jobs, days;
  double request_factor = 2;  // what is asked for / what is needed, where the trace does not say
  double priority = 0, retries = 10;
  Money late;                     // for each hour past the deadline: what policies fear
  std::optional<Hours> deadline;  // instead of the class's
  std::optional<double> interruptible;
  Hours checkpoint_write, restore;
  Gigabytes shared;
  double weight = 1;                // staging shared: of its transfers, where they wait for one line
  std::optional<double> most_gbps;  // staging shared: of all its transfers out of a site, and into it
};

struct ScenarioPool {
  std::string key;
  SiteId site;
  ServerId server;
  std::optional<double> servers, load, of_demand;
  double background = 0;  // share of the servers that is busy with other work
  Basis basis = Basis::built;
  std::optional<Money> rate;  // rented: a server-hour
};

struct ScenarioFault {
  std::string key;
  FaultKind kind = FaultKind::site;
  std::string from;  // "07-10", "07-10T08": of the model year, after the start of the run
  Hours length;
  std::vector<SiteId> sites;
  std::string hub;
  HazardId hazard;
  double servers = 1, left = 0, factor = 1;
};

// Faults drawn from a model: times between failures and to repair are exponential, a stream for each site.
struct ScenarioFailures {
  std::string key;
  FaultKind kind = FaultKind::server;
  std::vector<SiteId> sites;  // empty: all with a pool
  Hours between, repair;
  double servers = 1;
};

struct Scenario {
  std::string file, name, policy = "cheapest", trace, start, offer, scarcity;
  Discipline discipline = Discipline::easy;
  Staging::Mode staging = Staging::Mode::line;
  double site_gbps = 100;  // shared: the line of each site, out and in
  Gigabytes cache;
  std::optional<Money> clairvoyant;  // what no policy can pay less than, by a plan
  Money late_job;  // what the plan would have paid for a job not served in time; counts in regret alone
  double seed = 1;
  std::vector<ScenarioWork> work;
  std::vector<ScenarioPool> pools;
  std::vector<ScenarioFault> faults;
  std::vector<ScenarioFailures> failures;

  // One CSV of jobs that each name their pool, by its place in the file (placed_jobs.hpp).
  [[nodiscard]] bool placed() const { return !trace.empty(); }
};

Fields<Scenario> scenario_fields();
Fields<ScenarioWork> scenario_work_fields();
Fields<ScenarioPool> scenario_pool_fields();
Fields<ScenarioFault> scenario_fault_fields();
Fields<ScenarioFailures> scenario_failures_fields();

// Reads and checks; `assignments` as "pools.shanghai.load=0.5", those of the atlas ("sites.guian....") left out. All problems
// are listed. What the atlas has to say comes with scenario_world().
Expected<Scenario> parse_scenario(std::string_view toml, const std::string& file,
                                  const std::vector<std::string>& assignments = {});
// The same from a file; files that it names are looked for beside it first, then in the working folder.
Expected<Scenario> load_scenario(const std::string& file, const std::vector<std::string>& assignments = {});

// Whether the assignment is to a value of the scenario rather than of the atlas or a workload.
bool is_scenario_assignment(const std::string& assignment);

}  // namespace hinterland
