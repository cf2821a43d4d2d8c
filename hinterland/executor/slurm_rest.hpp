// A Slurm cluster by slurmrestd's HTTP (API v0.0.38, that of Slurm 22.05).
#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/executor/slurm_cluster.hpp"
#include "hinterland/net/http_client.hpp"

namespace hinterland {

struct SlurmRest {
  std::string url;         // "http://HOST:PORT", or "unix:/PATH"
  std::string user;        // whose the token is; neither on a socket that tells who asks
  std::string token_file;  // of a JWT; read again for each call, for tokens expire
};
std::unique_ptr<SlurmCluster> slurm_by_rest(SlurmRest rest, SlurmPlace place);

// What an answer refuses, and how to mend that; `outside` unless its controller has refused it.
Error slurm_refusal(const HttpAnswer& answer, const SlurmRest& rest);

// The jobs of an answer to GET /jobs: tasks of an array that wait stand there together, "0,2-5".
// Fails for what is not so.
// Those of `user`, or of anybody if that is empty.
Expected<std::vector<SlurmJob>> parse_slurm_jobs(std::string_view json, const std::string& prefix,
                                                 const std::string& user);
// The names of those of an answer to GET /partitions that begin jobs.
Expected<std::set<std::string>> parse_slurm_partitions(std::string_view json);
// The nodes of an answer to GET /nodes that are in the partition, or all. What is idle on one counts if a partition that it is in, and
// that is asked for, is open.
Expected<SlurmRoom> parse_slurm_nodes(std::string_view json, const std::string& partition,
                                      const std::set<std::string>& open_partitions);

}  // namespace hinterland
