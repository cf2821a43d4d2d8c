// The same day under every policy, and what was paid beyond what one who knew everything would have paid.
//
//   regret = paid - bound                 bound: clairvoyant.hpp, for the same tasks, none of them done later than its deadline
//                                         or than the latest that any of these runs did it
//
// so that 0 < bound <= what each run paid that did all the tasks (with power that costs something; a glut's may cost less).
// A policy that did not do all of them (it refuses those that may not run at home, say) has a bill and no regret: it paid for
// less. What was paid is the journal's; the policy that placed the day is among the others, as the simulator has it.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/replay/clairvoyant.hpp"
#include "hinterland/replay/task_run.hpp"

namespace hinterland {

struct PolicyDay {
  std::string policy;               // empty: as it was
  Bill bill;                        // of the tasks that ended in the journal
  std::int64_t done = 0, late = 0;  // of them: ended; of those, after their deadlines
  Duration makespan;
  bool did_all = false;

  [[nodiscard]] std::optional<double> regret(const Clairvoyant& clairvoyant) const {
    if (!did_all) return std::nullopt;
    return static_cast<double>(bill.total()) - clairvoyant.bound;
  }
};

struct Regrets {
  PolicyDay as_it_was;
  std::vector<PolicyDay> policies;  // in the order of the table; those that were asked for
  std::optional<Clairvoyant> clairvoyant;
  std::int64_t tasks = 0;
  bool interrupted = false;
};

// `recorded` and `replayed` (by the day's own policy) are not worked out again; `others` are run, each on a thread of the
// machine's if it has several.
Regrets regrets_of(const DayWorld& setup, const std::vector<TaskRun>& recorded,
                   const std::vector<TaskRun>& replayed, std::span<const PolicyEntry> others,
                   Progress& progress);

}  // namespace hinterland
