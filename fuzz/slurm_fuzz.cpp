// Any bytes as what a Slurm cluster says: squeue, sinfo, and slurmrestd's jobs and nodes. Promised: jobs of the wanted
// names, or one error; no array that would fill the memory.
#include "fuzz/fuzz.hpp"
#include "hinterland/executor/slurm_commands.hpp"
#include "hinterland/executor/slurm_rest.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hinterland;
  if (size == 0) return 0;
  const auto text = text_of(data + 1, size - 1);
  constexpr std::size_t most_jobs = 50'000'000;
  switch (data[0] % 4) {
    case 0: promise(parse_squeue(text).size() <= size); break;
    case 1: static_cast<void>(parse_sinfo(text)); break;
    case 2: {
      const auto jobs = parse_slurm_jobs(text, "hl-");
      if (!jobs) return promise(jobs.error().size() == 1), 0;
      promise(jobs->size() <= most_jobs);
      for (const SlurmJob& job : *jobs) promise(job.name.starts_with("hl-") && !job.number.empty());
      break;
    }
    default:
      if (const auto room = parse_slurm_nodes(text, "all"); !room) promise(room.error().size() == 1);
  }
  return 0;
}
