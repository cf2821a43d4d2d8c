#include <doctest/doctest.h>

#include "hinterland/executor/slurm_commands.hpp"
#include "hinterland/executor/slurm_rest.hpp"

namespace hinterland {

TEST_CASE("squeue and sinfo are read") {
  const auto jobs = parse_squeue(
      "17_3|RUNNING|None|1795993183|n1|4|1-02:03:04|hl-j-5\n"
      "18|PENDING|JobHeldUser|1795993184||1|0:00|a|b\nno job\n");
  REQUIRE(jobs.size() == 2);
  CHECK(jobs[0].number == "17_3");
  CHECK(jobs[0].index == 3);
  CHECK(jobs[0].phase == SlurmPhase::running);
  CHECK(jobs[0].cpus == 4);
  CHECK(jobs[0].ran_s == 93'784);
  CHECK(jobs[1].phase == SlurmPhase::held);
  CHECK(jobs[1].name == "a|b");
  const auto room = parse_sinfo(
      "n1|idle|0/64/0/64\nn1|idle|0/64/0/64\nn2|drained|0/0/8/8\nn3|draining|2/6/0/8\nn4|idle*|0/8/0/8\n");
  CHECK(room.cpus == 66);
  CHECK(room.busy == 2);
}

TEST_CASE("slurmrestd's jobs are read, and tasks of an array that wait stand there one by one") {
  const std::string rest =
      R"(, "state_reason": "None", "submit_time": 7, "cpus": 2, "start_time": 10, "end_time": 17)";
  const auto jobs = parse_slurm_jobs(
      R"({"jobs": [{"name": "hl-j-5", "job_id": 2, "job_state": "PENDING", "exit_code": 0, "nodes": "", "array_job_id": 2,
          "array_task_id": null, "array_task_string": "0,2-6:2%1")" +
          rest + R"(},
         {"name": "hl-j-9", "job_id": 4, "job_state": "FAILED", "exit_code": 768, "nodes": "n1", "array_job_id": 0,
          "array_task_id": null)" +
          rest + R"(},
         {"name": "other", "job_id": 5}]})",
      "hl-");
  REQUIRE(jobs);
  REQUIRE(jobs->size() == 5);
  CHECK((*jobs)[1].number == "2_2");
  CHECK((*jobs)[2].index == 4);
  CHECK((*jobs)[4].ran_s == 7);
  CHECK((*jobs)[4].phase == SlurmPhase::over);
  CHECK_FALSE(parse_slurm_jobs(R"({"jobs": [{"name": "hl-x"}]})", "hl-"));
  CHECK_FALSE(parse_slurm_jobs("<html>", "hl-"));
  CHECK_FALSE(parse_slurm_jobs(R"({"jobs": null})", "hl-"));
}

TEST_CASE("nodes are counted as far as they are open, and what is not so is no answer") {
  const auto room = parse_slurm_nodes(
      R"({"nodes": [{"partitions": ["all"], "state": "mixed", "state_flags": [], "alloc_cpus": 2, "idle_cpus": 6},
                    {"partitions": ["all"], "state": "idle", "state_flags": ["DRAIN"], "alloc_cpus": 1, "idle_cpus": 7},
                    {"partitions": ["gpu"], "state": "idle", "state_flags": [], "alloc_cpus": 0, "idle_cpus": 9}]})",
      "all");
  REQUIRE(room);
  CHECK(room->cpus == 9);
  CHECK(room->busy == 3);
  CHECK_FALSE(parse_slurm_nodes(R"({"nodes": [{"partitions": null}]})", ""));
  CHECK_FALSE(parse_slurm_nodes("", ""));
}

TEST_CASE("what waits for ever is told from what waits") {
  for (const char* const reason :
       {"BadConstraints", "PartitionTimeLimit", "QOSMaxCpuPerJobLimit", "InvalidAccount"})
    CHECK_MESSAGE(is_hopeless(reason), reason);
  for (const char* const reason :
       {"Resources", "Priority", "ReqNodeNotAvail, UnavailableNodes:n1", "QOSMaxJobsPerUserLimit"})
    CHECK_MESSAGE(!is_hopeless(reason), reason);
}

}  // namespace hinterland
