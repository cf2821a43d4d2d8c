#include <doctest/doctest.h>

#include "hinterland/executor/slurm_accounting.hpp"
#include "hinterland/executor/slurm_commands.hpp"
#include "hinterland/executor/slurm_qos.hpp"
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
      "n1|idle|0/64/0/64|down\nn1|idle|0/64/0/64|up\nn2|drained|0/0/8/8|up\nn3|draining|2/6/0/8|up\n"
      "n4|idle*|0/8/0/8|up\nn5|mixed|0/8/0/8|down\nn6|idle|0/8/0/8\n");
  CHECK(room.cpus == 66);
  CHECK(room.busy == 2);
}

TEST_CASE("slurmrestd's jobs are read, and tasks of an array that wait stand there one by one") {
  const std::string rest =
      R"(, "state_reason": "None", "submit_time": 7, "cpus": 2, "start_time": 10, "end_time": 17)";
  const auto jobs = parse_slurm_jobs(
      R"({"jobs": [{"name": "hl-j-5", "job_id": 2, "job_state": "PENDING", "exit_code": 0, "nodes": "", "array_job_id": 2,
          "array_task_id": null, "array_task_string": "0,2-6:2%1", "user_name": "render")" +
          rest + R"(},
         {"name": "hl-j-9", "job_id": 4, "job_state": "FAILED", "exit_code": 768, "nodes": "n1", "array_job_id": 0,
          "array_task_id": null, "user_name": "render")" +
          rest + R"(},
         {"name": "hl-j-9", "job_id": 5, "user_name": "somebody"},
         {"name": "other", "job_id": 5}]})",
      "hl-", "render");
  REQUIRE(jobs);
  REQUIRE(jobs->size() == 5);
  CHECK((*jobs)[1].number == "2_2");
  CHECK((*jobs)[2].index == 4);
  CHECK((*jobs)[4].ran_s == 7);
  CHECK((*jobs)[4].phase == SlurmPhase::over);
  CHECK_FALSE(parse_slurm_jobs(R"({"jobs": [{"name": "hl-x"}]})", "hl-", ""));
  CHECK_FALSE(parse_slurm_jobs("<html>", "hl-", ""));
  CHECK_FALSE(parse_slurm_jobs(R"({"jobs": null})", "hl-", ""));
}

TEST_CASE("nodes are counted as far as they are open, and what is not so is no answer") {
  const auto room = parse_slurm_nodes(
      R"({"nodes": [{"partitions": ["all"], "state": "mixed", "state_flags": [], "alloc_cpus": 2, "idle_cpus": 6},
                    {"partitions": ["all"], "state": "idle", "state_flags": ["DRAIN"], "alloc_cpus": 1, "idle_cpus": 7},
                    {"partitions": ["gpu"], "state": "idle", "state_flags": [], "alloc_cpus": 0, "idle_cpus": 9}]})",
      "all", {"all", "gpu"});
  REQUIRE(room);
  CHECK(room->cpus == 9);
  CHECK(room->busy == 3);
  CHECK_FALSE(parse_slurm_nodes(R"({"nodes": [{"partitions": null}]})", "", {}));
  CHECK_FALSE(parse_slurm_nodes("", "", {}));
}

TEST_CASE("a partition that begins nothing has no room beside what it runs") {
  const auto open = parse_slurm_partitions(
      R"({"partitions": [{"name": "day", "state": "UP"}, {"name": "night", "state": "DOWN"}]})");
  REQUIRE(open);
  CHECK(*open == std::set<std::string>{"day"});
  const std::string nodes =
      R"({"nodes": [{"partitions": ["day", "night"], "state": "mixed", "state_flags": [], "alloc_cpus": 2, "idle_cpus": 6}]})";
  CHECK(parse_slurm_nodes(nodes, "night", *open)->cpus == 2);
  CHECK(parse_slurm_nodes(nodes, "day", *open)->cpus == 8);
  CHECK(parse_slurm_nodes(nodes, "", *open)->cpus == 8);
  CHECK_FALSE(parse_slurm_partitions(R"({"partitions": [{"name": "day"}]})"));
  CHECK_FALSE(parse_slurm_partitions("<html>"));
}

// The bodies are those of slurmrestd 22.05.8.
TEST_CASE(
    "a refusal says what is to be done; of a JWT that is wrong slurmrestd says no more than of a controller "
    "that is away") {
  const SlurmRest rest{.url = "http://c:6820", .user = "hinterland", .token_file = "guian.jwt"};
  const auto said = [](const SlurmRest& by, int status, const char* body) {
    const Error error = slurm_refusal({.status = status, .body = body, .headers = {}}, by);
    return describe(error) + (error.outside ? "" : " (refused)");
  };
  const char* const token =
      "http://c:6820: Its controller does not answer it, or not to this token. If slurmctld runs, the JWT in "
      "guian.jwt "
      "is wrong or has ended.";
  CHECK(said(rest, 500, R"({"errors": [{"error": "Unspecified error", "errno": -1}], "nodes": []})") ==
        token);
  CHECK(said(rest, 500,
             R"({"errors": [{"description": "Failed while looking for jobs", "error_number": -1,
                 "error": "Unspecified error", "source": "slurm_load_jobs"}], "jobs": []})") == token);
  CHECK(said({.url = "unix:/s", .user = "", .token_file = ""}, 500,
             R"({"errors": [{"error": "Unspecified error", "errno": -1}]})") ==
        "unix:/s: Its controller does not answer it.");
  CHECK(said(rest, 401, "Authentication failure") ==
        "http://c:6820: It lets nobody in without a token (status 401). Put a JWT of `scontrol token` for "
        "`hinterland` into "
        "guian.jwt.");
  CHECK(said(rest, 500, R"({"errors": [{"error_number": 2015, "error": "Access\u001b[2J denied"}]})") ==
        "http://c:6820: Access?[2J denied. (refused)");
  CHECK(said(rest, 502, "<html>") == "http://c:6820: Status 502.");
}

TEST_CASE("what waits for ever is told from what waits") {
  for (const char* const reason :
       {"BadConstraints", "PartitionTimeLimit", "QOSMaxCpuPerJobLimit", "InvalidAccount"})
    CHECK_MESSAGE(is_hopeless(reason), reason);
  for (const char* const reason :
       {"Resources", "Priority", "ReqNodeNotAvail, UnavailableNodes:n1", "QOSMaxJobsPerUserLimit"})
    CHECK_MESSAGE(!is_hopeless(reason), reason);
}

// The lines and bodies are those of Slurm 22.05.8.
TEST_CASE("sacct is read: how it ended, by whom, on which node, for how long") {
  const auto past = parse_sacct(
      "2|FAILED|1796086730|1796086731|0|n1|hl-j-0-2\n"
      "4|CANCELLED by 0|1796086730|1796086731|2|n1|hl-j-0-4\n"
      "3_1|RUNNING|1796086730|1796086731|4|n1|a|b\n"
      "3_[2-9%1]|PENDING|1796086730|Unknown|0|None assigned|hl-j-0-3\n"
      "8|CANCELLED by 0|1796086730|1796086733|0|None assigned|hl-j-0-8\nno job\n");
  REQUIRE(past.size() == 4);
  CHECK(past[0].job.phase == SlurmPhase::over);
  CHECK(past[0].began);
  CHECK(past[1].job.state == "CANCELLED");
  CHECK(past[1].ended_by == "user 0");
  CHECK(past[1].job.ran_s == 2);
  CHECK(past[1].job.submitted == "1796086730");
  CHECK(past[2].job.index == 1);
  CHECK(past[2].job.phase == SlurmPhase::running);
  CHECK(past[2].job.name == "a|b");
  CHECK_FALSE(past[3].began);  // its start is that of its cancellation
  CHECK(past[3].job.node.empty());
}

TEST_CASE("slurmdbd's jobs are read; none is no error, and a database that is away is one") {
  const std::string rest =
      R"("state": {"current": "CANCELLED", "reason": "None"}, "kill_request_user": "root", "user": "render", "nodes": "n1",
         "time": {"elapsed": 65, "start": 1796086731, "end": 1796086796, "submission": 1796086730}})";
  const std::string json =
      R"({"errors": [], "jobs": [{"name": "hl-j-0-3", "job_id": 5, "array": {"job_id": 3, "task": null, "task_id": 0}, )" +
      rest +
      R"(, {"name": "hl-j-0-9", "job_id": 9, "array": {"job_id": 0, "task": null, "task_id": null}, )" +
      rest +
      R"(, {"name": "hl-j-0-8", "job_id": 8, "array": {"job_id": 8, "task": "2-9", "task_id": null}, )" +
      rest + "]}";
  const auto past = parse_slurmdb_jobs(json, "render");
  REQUIRE(past);
  REQUIRE(past->size() == 2);
  CHECK((*past)[0].job.number == "3_0");
  CHECK((*past)[0].job.ran_s == 65);
  CHECK((*past)[0].ended_by == "root");
  CHECK((*past)[1].job.number == "9");
  CHECK(parse_slurmdb_jobs(json, "somebody")->empty());
  const auto none =
      parse_slurmdb_jobs(R"({"errors": [{"error_number": 9003, "error": "Nothing found"}], "jobs": []})", "");
  REQUIRE(none);
  CHECK(none->empty());
  const auto away = parse_slurmdb_jobs(
      R"({"errors": [{"error_number": 7000, "error": "Unable to connect to database"}], "jobs": []})", "");
  REQUIRE_FALSE(away);
  CHECK(away.error().front().outside);
  CHECK_FALSE(parse_slurmdb_jobs(R"({"jobs": [{"name": "hl-x"}]})", ""));
  // That never had a node; what is not known is null.
  const auto unbegun = parse_slurmdb_jobs(
      R"({"jobs": [{"name": "hl-j-0-4", "job_id": 4, "array": {"job_id": null, "task_id": null}, "nodes": "None assigned",
          "state": {"current": "CANCELLED", "reason": "JobHeldAdmin"}, "user": "root",
          "time": {"elapsed": null, "start": null, "submission": 7}}]})",
      "");
  REQUIRE(unbegun);
  REQUIRE(unbegun->size() == 1);
  CHECK_FALSE(unbegun->front().began);
  CHECK(unbegun->front().job.number == "4");
  CHECK_FALSE(parse_slurmdb_jobs("<html>", ""));
  CHECK(slurmdb_query({.names = {"hl-j-0-3", "hl-j-0-9"}, .since = 7}) ==
        "job_name=hl-j-0-3%2Chl-j-0-9&start_time=uts7");
  CHECK(slurm_since({.names = {}, .since = std::nullopt}) == "now-7days");
}

TEST_CASE("limits of a QoS are read, and what is held under it") {
  CHECK(parse_sacctmgr_qos("normal||\ntwo|mem=4G,cpu=2|cpu=3\n", "two") ==
        SlurmQos{.most_all = 2, .most_user = 3});
  CHECK(parse_sacctmgr_qos("normal||\n", "normal")->is_open());
  CHECK_FALSE(parse_sacctmgr_qos("normal||\n", "tw"));
  const auto qos = parse_slurmdb_qos(
      R"({"errors": [], "QOS": [{"name": "two", "limits": {"max": {"tres": {"total": [{"type": "mem", "count": 9},
          {"type": "cpu", "count": 2}], "per": {"user": []}}}}}]})",
      "two");
  REQUIRE(qos);
  CHECK(*qos == SlurmQos{.most_all = 2, .most_user = std::nullopt});
  CHECK(*parse_slurmdb_qos(R"({"QOS": []})", "two") == std::nullopt);
  CHECK_FALSE(parse_slurmdb_qos(R"({"errors": [{"error_number": 7000, "error": "Unable"}]})", "two"));
  CHECK_FALSE(parse_slurmdb_qos("", "two"));

  const std::string queue =
      "RUNNING|0|2|all|two\nRUNNING|7|4|all|two\nPENDING|0|8|all|two\nRUNNING|0|16|all|normal\n"
      "RUNNING|0|32|night|normal\n";
  CHECK(parse_squeue_held(queue, {.qos = "two", .partition = ""}, 0).all == 6);
  CHECK(parse_squeue_held(queue, {.qos = "two", .partition = ""}, 0).own == 2);
  CHECK(parse_squeue_held(queue, {.qos = "two", .partition = "all"}, 0).all == 22);
  const std::string json = R"({"jobs": [
      {"job_state": "RUNNING", "qos": "two", "partition": "all", "cpus": 2, "user_id": 0, "user_name": "root"},
      {"job_state": "COMPLETED", "qos": "two", "partition": "all", "cpus": 4, "user_id": 0, "user_name": "root"},
      {"job_state": "RUNNING", "qos": "two", "partition": "all", "cpus": 8, "user_id": 7, "user_name": "film"}]})";
  CHECK(parse_slurm_held(json, {.qos = "two", .partition = ""}, 0, "film")->all == 10);
  CHECK(parse_slurm_held(json, {.qos = "two", .partition = ""}, 0, "film")->own == 8);
  CHECK(parse_slurm_held(json, {.qos = "two", .partition = ""}, 0, "")->own == 2);
  CHECK_FALSE(parse_slurm_held(R"({"jobs": [{"job_state": "RUNNING"}]})", {}, 0, ""));
  CHECK_FALSE(parse_slurm_held("[]", {}, 0, ""));
  CHECK(bounds_of({.most_all = 2, .most_user = 3}, {.all = 2, .own = 1}).size() == 2);
}

TEST_CASE("a partition may have a QoS, and the default one is that of who names none") {
  const std::string text =
      "PartitionName=all AllowQos=ALL Default=YES QoS=N/A\nPartitionName=night Default=NO QoS=two State=UP\n";
  CHECK(parse_scontrol_partition_qos(text, "night") == "two");
  CHECK(parse_scontrol_partition_qos(text, "all").empty());
  CHECK(parse_scontrol_partition_qos(text, "").empty());
  const std::string json =
      R"({"partitions": [{"name": "all", "flags": ["default"], "qos": "two"}, {"name": "night", "flags": [], "qos": ""}]})";
  CHECK(*parse_slurm_partition_qos(json, "") == "two");
  CHECK(parse_slurm_partition_qos(json, "night")->empty());
  CHECK_FALSE(parse_slurm_partition_qos("{}", ""));
  const auto under = unders_of({.partition = "night", .account = "", .qos = "four"}, "two");
  REQUIRE(under.size() == 2);
  CHECK(under[0].partition == "night");
  CHECK(under[1].qos == "four");
  CHECK(under[1].partition.empty());
  CHECK(unders_of({}, "").empty());
}

TEST_CASE("limits are asked for every ten minutes, and what was heard holds while slurmdbd is away") {
  int asked = 0;
  bool is_away = false;
  SlurmLimits limits([&](const std::string&) -> Expected<std::optional<SlurmQos>> {
    ++asked;
    if (is_away) return failure({.what = "away", .where = {}, .mend = "", .outside = true});
    return SlurmQos{.most_all = 2, .most_user = {}};
  });
  CHECK(limits.of("two", 0).most_all == 2);
  CHECK(limits.of("two", 599'000).most_all == 2);
  CHECK(asked == 1);
  is_away = true;
  for (std::int64_t ms = 600'000; ms < 660'000; ms += 10'000) CHECK(limits.of("two", ms).most_all == 2);
  CHECK(asked == 2);
  CHECK(limits.of("four", 659'000).is_open());
  CHECK(asked == 2);
  is_away = false;
  CHECK(limits.of("four", 660'000).most_all == 2);
}

}  // namespace hinterland
