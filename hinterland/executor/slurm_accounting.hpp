// What a Slurm cluster's accounting (slurmdbd) says of jobs that were: by sacct, and by slurmrestd's /slurmdb/v0.0.38/jobs.
//
// Of Slurm 22.05 was measured:
//   - a job that is held from its submission on and cancelled is in no answer; one that waited may be there, without a node: absence proves
//     nothing
//   - a job whose controller has forgotten it is RUNNING there for ever: only an end is news
//   - without a time the commands look at today alone, so one is always given
//   - a slurmdbd that is frozen keeps its clients waiting without an end of their own; the controller goes on without it
//   - an answer without jobs is slurmrestd's error 9003; one without slurmdbd is 7000, with status 200
//   - of an array, each task that had a node is by itself ("3_0"), and those that had none stand together ("3_[2-9]")
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/executor/slurm_cluster.hpp"

namespace hinterland {

// What is asked: jobs of exactly these names that were there since.
struct SlurmPastAsk {
  std::vector<std::string> names;
  std::optional<std::int64_t> since;  // s since 1970; nullopt: a week ago
};

// What sacct is asked for, and what it then says, a job a line: NUMBER|STATE|SUBMITTED|START|ELAPSED|NODES|NAME, times in s since 1970.
// A line that is not so, or that is of tasks without a node, is passed over. STATE may be "CANCELLED by 1000": of a user's number.
inline constexpr std::string_view kSacctFormat = "jobid,state,submit,start,elapsedraw,nodelist,jobname%200";
std::vector<SlurmPast> parse_sacct(std::string_view text);

// Those of the user in an answer to GET /jobs, or of anybody if that is empty. Fails, `outside`, for what is not so, and for any error
// but that there are none.
Expected<std::vector<SlurmPast>> parse_slurmdb_jobs(std::string_view json, const std::string& user);

// The words after the "?" of what asks for them; `since` as both understand it.
std::string slurmdb_query(const SlurmPastAsk& ask);
std::string slurm_since(const SlurmPastAsk& ask);

}  // namespace hinterland
