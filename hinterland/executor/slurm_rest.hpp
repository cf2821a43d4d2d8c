// A Slurm cluster by slurmrestd's HTTP (API v0.0.38, that of Slurm 22.05).
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "hinterland/executor/slurm_commands.hpp"

namespace hinterland {

struct SlurmRest {
  std::string url;         // "http://HOST:PORT", or "unix:/PATH"
  std::string user;        // whose the token is; neither on a socket that tells who asks
  std::string token_file;  // of a JWT; read again for each call, for tokens expire
};
std::unique_ptr<SlurmCluster> slurm_by_rest(SlurmRest rest, SlurmPlace place);

// The jobs of an answer to GET /jobs: tasks of an array that wait stand there together, "0,2-5".
Expected<std::vector<SlurmJob>> parse_slurm_jobs(std::string_view json, const std::string& prefix);

}  // namespace hinterland
