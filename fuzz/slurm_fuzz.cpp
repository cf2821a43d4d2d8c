// Any bytes as what a Slurm cluster says: squeue, sinfo, sacct, sacctmgr, scontrol, and slurmrestd's jobs, nodes, accounts and QoS.
// Promised: jobs of the wanted names, or one error; no array that would fill the memory; counts that are none below 0.
// The first byte, a digit in the corpus, says whose words they are.
#include "fuzz/fuzz.hpp"
#include "hinterland/executor/slurm_accounting.hpp"
#include "hinterland/executor/slurm_commands.hpp"
#include "hinterland/executor/slurm_qos.hpp"
#include "hinterland/executor/slurm_rest.hpp"

namespace {

using namespace hinterland;

void promise_accounts(const std::vector<SlurmPast>& accounts, std::size_t size) {
  promise(accounts.size() <= size);
  for (const SlurmPast& past : accounts) promise(past.job.ran_s >= 0 && (past.began || past.job.ran_s == 0));
}
void promise_qos(std::string_view text) {
  if (const auto qos = parse_sacctmgr_qos(text, "two"); qos && qos->most_all) promise(*qos->most_all >= 0);
  if (const auto qos = parse_slurmdb_qos(text, "two"); !qos) {
    promise(qos.error().size() == 1);
  } else if (*qos && (*qos)->most_all) {
    promise(*(*qos)->most_all >= 0);
  }
}
void promise_held(std::string_view text) {
  const SlurmUnder under{.qos = "two", .partition = "all"};
  const auto is_so = [](const SlurmHeld& held) { return held.own >= 0 && held.own <= held.all; };
  promise(is_so(parse_squeue_held(text, under, 0)));
  if (const auto held = parse_slurm_held(text, under, 0, "root"); held) {
    promise(is_so(*held));
  } else {
    promise(held.error().size() == 1);
  }
  static_cast<void>(parse_scontrol_partition_qos(text, "all"));
  if (const auto qos = parse_slurm_partition_qos(text, ""); !qos) promise(qos.error().size() == 1);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto text = text_of(data + 1, size - 1);
  constexpr std::size_t most_jobs = 50'000'000;
  switch ((data[0] - '0') % 9) {
    case 0: promise(parse_squeue(text).size() <= size); break;
    case 1: static_cast<void>(parse_sinfo(text)); break;
    case 2: {
      const auto jobs = parse_slurm_jobs(text, "hl-", "");
      if (!jobs) return promise(jobs.error().size() == 1), 0;
      promise(jobs->size() <= most_jobs);
      for (const SlurmJob& job : *jobs) promise(job.name.starts_with("hl-") && !job.number.empty());
      break;
    }
    case 3:
      if (const auto room = parse_slurm_nodes(text, "all", {"all"}); !room) promise(room.error().size() == 1);
      break;
    case 4:
      if (const auto open = parse_slurm_partitions(text); !open) promise(open.error().size() == 1);
      break;
    case 5: promise_accounts(parse_sacct(text), size); break;
    case 6:
      if (const auto past = parse_slurmdb_jobs(text, "")) {
        promise_accounts(*past, size);
      } else {
        promise(past.error().size() == 1);
      }
      break;
    case 7: promise_qos(text); break;
    default: promise_held(text);
  }
  return 0;
}
