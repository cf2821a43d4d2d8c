#include "hinterland/executor/slurm_cluster.hpp"

#include <algorithm>
#include <array>

namespace hinterland {

SlurmPhase slurm_phase(std::string_view state, std::string_view reason) {
  static constexpr std::array<std::string_view, 11> kRuns = {
      "RUNNING",  "COMPLETING", "CONFIGURING", "SUSPENDED",   "STAGE_OUT",   "SIGNALING",
      "RESIZING", "STOPPED",    "REQUEUED",    "REQUEUE_FED", "REQUEUE_HOLD"};
  if (state == "PENDING") return reason.starts_with("JobHeld") ? SlurmPhase::held : SlurmPhase::waiting;
  return std::ranges::find(kRuns, state) != kRuns.end() ? SlurmPhase::running : SlurmPhase::over;
}

bool is_hopeless(std::string_view reason) {
  static constexpr std::array<std::string_view, 9> kFrom = {
      "BadConstraints",     "Invalid",           "PartitionTimeLimit",
      "PartitionNodeLimit", "JobHoldMaxRequeue", "launch",
      "AccountNotAll",      "QOSNotAllowed",     "DeadLine"};
  return std::ranges::any_of(kFrom, [&](std::string_view word) { return reason.starts_with(word); }) ||
         reason.ends_with("PerJobLimit") || reason.ends_with("PerJob");
}

std::int64_t room_for_us(const SlurmRoom& room, std::int64_t ours) {
  std::int64_t free = room.cpus - room.busy;
  for (const SlurmBound& bound : room.bounds) free = std::min(free, bound.most - bound.held);
  return std::max<std::int64_t>(0, free + ours);
}

}  // namespace hinterland
