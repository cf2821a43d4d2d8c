// A Slurm cluster by its own commands (sbatch, squeue, scontrol, scancel, sinfo; sacct and sacctmgr): where no slurmrestd runs.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/executor/slurm_cluster.hpp"

namespace hinterland {

// `conf` is its slurm.conf; empty: what the environment says.
std::unique_ptr<SlurmCluster> slurm_by_commands(const std::string& conf, SlurmPlace place);

// What squeue says, a job a line: NUMBER|STATE|REASON|SUBMITTED|NODES|CPUS|ELAPSED|NAME. A line that is not so is passed over.
std::vector<SlurmJob> parse_squeue(std::string_view text);
// What sinfo says, a node of a partition a line: NODE|STATE|ALLOCATED/IDLE/OTHER/TOTAL|AVAIL. What is idle on a node counts if one of
// its partitions is up.
SlurmRoom parse_sinfo(std::string_view text);

}  // namespace hinterland
