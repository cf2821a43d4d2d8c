// A Slurm cluster by its own commands (sbatch, squeue, scontrol, scancel, sinfo): where no slurmrestd runs.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/executor/slurm_cluster.hpp"

namespace hinterland {

// Where on the cluster, and as whom; what is empty is as the cluster has it.
struct SlurmPlace {
  std::string partition, account, qos;
};

// `conf` is its slurm.conf; empty: what the environment says.
std::unique_ptr<SlurmCluster> slurm_by_commands(std::string conf, SlurmPlace place);

// What squeue says, a job a line: NUMBER|STATE|REASON|SUBMITTED|NODES|CPUS|NAME. A line that is not so is passed over.
std::vector<SlurmJob> parse_squeue(std::string_view text);
// What sinfo says, a node a line: NODE|STATE|ALLOCATED/IDLE/OTHER/TOTAL.
SlurmRoom parse_sinfo(std::string_view text);
// A state and why, in Slurm's words.
SlurmPhase slurm_phase(std::string_view state, std::string_view reason);

}  // namespace hinterland
