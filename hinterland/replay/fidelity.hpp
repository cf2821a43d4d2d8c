// How far a simulation of a recorded day is from the day.
//
//   agreement   the share of tasks whose last attempt ran in the same pool, of those that ended in both
//   error       simulated - recorded, of each task (start, finish) or job (cost, energy); median, 90 % and worst of their
//               sizes by nearest rank, and their mean, which says on which side the model errs
//   makespan    from the first arrival to the last end, of the tasks that ended in both
//   parts       the error of a finish is the sum of the errors of its parts (task_run.hpp); that of a bill, of
//                 prices   the same attempts at this atlas's rates, less what they were billed
//                 bytes    what moved
//                 hours    the rest: other hours, other places, other lengths
//
// Relative errors are of what was recorded: of a job's bill, of the makespan. Of nothing they are not told.
#pragma once
#include <optional>
#include <vector>

#include "hinterland/replay/task_run.hpp"

namespace hinterland {

// One quantity over all tasks, or jobs, in its own unit.
struct ErrorSpread {
  struct One {
    std::uint32_t job = 0;
    std::optional<std::uint32_t> task;  // of it; none: of the whole job
    double recorded = 0, replayed = 0;
  };
  std::int64_t count = 0;
  double median = 0, p90 = 0, worst = 0;  // sizes
  double mean = 0;                        // signed
  std::vector<One> largest;               // the worst first, three at most
};

struct Fidelity {
  std::int64_t tasks = 0;          // that ended in the journal
  std::int64_t compared = 0;       // of them, also in the simulation
  std::int64_t same_pool = 0;      // of them
  std::vector<std::int64_t> went;  // [pool in the journal x pools + pool in the simulation]

  ErrorSpread start, finish;  // seconds, of tasks
  ErrorSpread cost, energy;   // share of what was recorded, of jobs
  Duration makespan, makespan_replayed;
  Bill bill, bill_replayed;  // of tasks that ended in both

  struct PartError {
    double mean = 0, mean_size = 0;  // seconds a task; signed, and of sizes
    double recorded = 0;             // mean of what was recorded
  };
  std::array<PartError, kTimeParts.size()> parts{};
  std::int64_t by_prices = 0, by_bytes = 0, by_hours = 0;  // of the bill's error, in millionths

  [[nodiscard]] double agreement() const {
    return tasks == 0 ? 1 : static_cast<double>(same_pool) / static_cast<double>(tasks);
  }
  [[nodiscard]] double makespan_error() const;  // shares of what was recorded; 0 of nothing
  [[nodiscard]] double cost_error() const;
  [[nodiscard]] double energy_error() const;
};

Fidelity fidelity_of(const Day& day, const DayWorld& setup, const std::vector<TaskRun>& recorded,
                     const std::vector<TaskRun>& replayed);

}  // namespace hinterland
