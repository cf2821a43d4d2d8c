// A day as a broker's journal has it: what came, where it went, how long it took, what it was billed, and what became of the
// pools meanwhile. All that a simulator needs to run the same day again, and all that its result is held against.
//
// Times are the broker's, in milliseconds since 1970. Few facts say when: a step is at the latest time that one of its facts
// says, and one that says none at that of the step before (what it says of pools, a millisecond after). So what a broker decided in such a step (a release, a drain) is known
// no better than to the last thing that it heard. What somebody asked for is written down with the time (fact::Asked).
//
//   arrival    when a task was first placed, or refused: later than its submission if it was held, came after another job or
//              waited for its project's money. Whatever kept it is taken as given, under every policy
//   launched, began, ended    of an attempt: it has its place; its inputs are there; the broker has heard that it is over
//   ran        by its executor's clock, and what is billed; so ended - began - ran is what starting it, ending it and hearing
//              of both took
//   changes    of pools (sim/pool_change.hpp). A pool that was lost was silent since it was heard for the last time: the rule by
//              which it is lost says since when
//
// Left out: tasks that were cancelled before they began, and those that nobody had placed by the end. A task that waits or runs
// at the end of the journal takes part, for others felt it, and is held against nothing.
#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/journal/open_to_read.hpp"
#include "hinterland/sim/pool_change.hpp"

namespace hinterland {

struct RecordedAttempt {
  TaskIndex task;
  PoolIndex pool;
  Instant placed;  // when its task was placed for the first time since its attempt before
  Instant launched, began, ended;
  Duration ran;
  Cause cause = Cause::done;
  bool went_with_pool = false;  // all that ran there was lost
  NewSize size;
  InputsMoved inputs;
  OutputsMoved outputs;
  Bill bill;
};

struct Day {
  std::string journal;  // as users call it
  State state;          // at its end
  std::uint64_t steps = 0;
  bool interrupted = false;

  std::vector<std::pair<Instant, TaskIndex>> arrivals;  // in the order in which tasks were placed
  std::vector<RecordedAttempt> attempts;                // that have ended; by task, then in their order
  std::vector<std::uint32_t> first;                     // [task]: of its attempts; and one more for the end
  std::vector<Instant> launched;    // [task]: of an attempt that runs at the end; else kNever
  std::vector<PoolChange> changes;  // in the order of time
  std::vector<PoolBuild> largest;   // [pool]: that it ever was, part by part
  std::vector<bool> has_path;       // [pool]: something was seen to move there
  int rules_made = 0;               // how often; of several sets of rules the last is taken
  Instant begin, end;               // of what arrived and ended

  [[nodiscard]] std::span<const RecordedAttempt> attempts_of(TaskIndex task) const {
    return std::span(attempts).subspan(first[task], first[task + 1] - first[task]);
  }
};

// Fails, located, for a journal that is damaged, and for one that does not say what its pools have and by which rules
// it was kept (format 5, codec.hpp), or in which nothing came.
Expected<Day> read_day(ReadJournal& journal, Progress& progress);
// The same of facts from anywhere: `read` gives each of them, as Journal::read_facts() does, to whom it is given.
using ReadFacts = std::function<Expected<Recovered>(const Journal::TakeFact& take)>;
Expected<Day> read_day(const std::string& name, const ReadFacts& read, Progress& progress);

}  // namespace hinterland
