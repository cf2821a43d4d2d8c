// What a broker serves: pools of machines at sites of the atlas, the kinds of work that may run there, and who pays.
//
//   policy = "cheapest"
//   [pools.guian]            processes of this machine, priced as at a site of the atlas
//   site = "guian"
//   cores = 2
//   owner = "Guizhou Racks"  who is paid for it
//   carrier = "West Line"    and for the bytes that move
//   [pools.zhongwei]         a Slurm cluster
//   site = "zhongwei"
//   cores = 512
//   slurm = "http://10.0.0.7:6820"
//   slurm_token = "zhongwei.jwt"
//   folder = "/shared/hinterland"
//   [pools.hami]             whatever another broker has
//   site = "hami"
//   cores = 512
//   broker = "https://hami.example:8443"
//   broker_token = "hami.token"
//   [work.frames]            a class of work, and where its users are: which pools may run it follows
//   class = "film-render"
//   from = "shanghai"
//   [projects.film]
//   budget = 1000
//
// sites_file_fields() and its fellows hold the names, units, ranges and defaults.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/field.hpp"
#include "hinterland/base/id.hpp"
#include "hinterland/broker/world.hpp"
#include "hinterland/cost/price.hpp"

namespace hinterland {

struct SitesPool {
  std::string key;
  SiteId site;
  ServerId server;
  double cores = 0, gpus = 0, memory_gb = 0;
  Basis basis = Basis::sunk;
  std::optional<Money> rate;  // rented: a server-hour
  // A Slurm cluster: "commands", or where its slurmrestd is. Empty: processes of this machine.
  std::string slurm, slurm_conf, slurm_user, slurm_token, partition, account, qos;
  // Another broker: where it listens, and as what its jobs are submitted. Empty: it is none.
  std::string broker, broker_token, broker_ca, broker_class, broker_project;
  std::string folder;          // of its attempts
  std::string owner, carrier;  // who is paid for it, and for moving bytes to it and from it
  // Of one that is somewhere else: how much of its path may be taken, each way, and how much of its inputs is kept there. None:
  // no bound.
  std::optional<double> link_mbps;
  std::optional<Gigabytes> cache_gb;

  // Its attempts run where no lease of ours ends them.
  [[nodiscard]] bool is_elsewhere() const { return !slurm.empty() || !broker.empty(); }
};

struct SitesWork {
  std::string key;
  WorkloadId workload;
  RegionId from;
};

struct SitesProject {
  std::string key;
  double share = 1;
  std::optional<Money> budget;
};

struct SitesFile {
  std::string file, policy = "cheapest", offer;
  std::string signals;  // a file (signals.hpp); none if empty
  QueueRule queue = QueueRule::fair;
  Hours lease, lost_after, signals_every;
  double logs_kept = 0;  // attempts, of each pool
  std::vector<SitesPool> pools;
  std::vector<SitesWork> work;
  std::vector<SitesProject> projects;
};

Fields<SitesFile> sites_file_fields();
Fields<SitesPool> sites_pool_fields();
Fields<SitesWork> sites_work_fields();
Fields<SitesProject> sites_project_fields();

// Reads and checks; all problems are listed. What the atlas has to say comes with served_world().
Expected<SitesFile> parse_sites_file(std::string_view toml, const std::string& file);

}  // namespace hinterland
