// What the broker hears: from users, from executors, and from whoever watches the sites.
//
// Messages may be lost, doubled, late and out of order; an event says what its sender knew when it sent it.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "hinterland/broker/names.hpp"
#include "hinterland/cost/hour_price.hpp"

namespace hinterland {

// Why an attempt ended, as its executor tells it.
enum class Cause : std::uint8_t {
  done,
  failed,         // by itself: a status other than 0, or a signal that it brought on itself
  out_of_memory,  // needs more of it
  out_of_time,    // its request is used up
  no_licence,     // somebody else has it
  host_failed,    // the machine went away beneath it
  site_failed,    // all machines did
  killed,  // because the broker said so; of what ran and nobody here wanted killed, the broker believes host_failed
  absent,  // the executor does not know it, and will not begin it
  lost,    // its lease is over; said by its executor, or by nobody
};
const char* name_of(Cause cause);
// Then nobody pays for the attempt but the site.
constexpr bool is_sites_fault(Cause cause) {
  return cause == Cause::host_failed || cause == Cause::site_failed || cause == Cause::lost ||
         cause == Cause::absent;
}

// How an attempt's inputs stand, in bytes, of all its executor's lives together.
struct InputsMoved {
  std::int64_t needed = 0;  // they weigh together, each once; 0: nobody counts what moves to that pool
  std::int64_t moved = 0;   // for it: what was there, or moves for another attempt, is not in it
  bool whole = false;       // all are there
  bool operator==(const InputsMoved&) const = default;
};
// How what it leaves has come back from its pool, where that moves it before the attempt has ended; in bytes, as above.
struct OutputsMoved {
  std::int64_t needed = 0;  // they weigh together, each once; 0: nobody counts what comes back from that pool
  std::int64_t moved = 0;   // for it
  bool operator==(const OutputsMoved&) const = default;
};
constexpr double gigabytes(std::int64_t bytes) { return static_cast<double>(bytes) / 1e9; }
constexpr bool is_staging(const InputsMoved& inputs) { return inputs.needed > 0 && !inputs.whole; }

// Work to be done, in tasks that are alike.
struct JobRequest {
  ProjectIndex project;
  PlacesIndex places;
  Size size;  // of each task
  std::int64_t units = 0;
  Duration request;   // how long a task may run
  Duration deadline;  // from now until all is done
  Duration may_wait;  // how long a start may be put off for a better price
  double late = 0;    // millionths of money for each hour past the deadline
  double gb_in = 0, gb_out = 0;
  std::uint8_t priority = 0;  // 0 to 7; 7 goes first
  bool held = false;
  std::uint32_t tasks = 1;
  std::vector<JobNumber> after;  // jobs that must be done before
  std::string what;              // command, files, environment: the executor's business, opaque here
  bool operator==(const JobRequest&) const = default;
};

namespace event {

// `client` is whom to answer. The same key is the same submission, however often it comes; without one, each is new.
// `digest` is of what the user wrote: a key that comes with another one is denied. 0: nobody compares.
struct Submit {
  std::uint64_t client = 0;
  std::string key;
  JobRequest job;
  std::uint64_t digest = 0;
};
struct Cancel {
  std::uint64_t client = 0;
  JobNumber job;
};
struct Hold {
  std::uint64_t client = 0;
  JobNumber job;
  bool held = true;  // false: let go
};
// Tasks that failed for good get another chance.
struct Retry {
  std::uint64_t client = 0;
  JobNumber job;
};
struct Drain {
  std::uint64_t client = 0;
  PoolIndex pool;
  bool on = true;  // what runs may end, nothing more begins; false: it may again
};
struct SetProject {
  std::uint64_t client = 0;
  std::string name;
  std::int64_t share = 1;
  std::int64_t budget = -1;  // millionths of money; -1: none
};

// An executor asks for its lease to be extended, and says what it knows of: what runs and what ended unheard. `sent`
// is its own clock's, and comes back with the answer. Term 0: it has just begun, and may have forgotten.
struct Heartbeat {
  PoolIndex pool;
  Term term;
  std::int64_t sent = 0;
  std::vector<AttemptId> known;  // in order
};
// Its inputs are being moved to its pool, or all are there. It has not begun yet.
struct Moving {
  AttemptId attempt;
  PoolIndex pool;
  InputsMoved inputs;
};
struct Began {
  AttemptId attempt;
  PoolIndex pool;
  std::string host;
  std::int64_t sent = 0;  // as a heartbeat's
};
struct Ended {
  AttemptId attempt;
  PoolIndex pool;
  Cause cause = Cause::done;
  int status = 0;
  std::string host;
  Duration
      ran;  // by the executor's clock: the broker's may have jumped; more than its request is not believed
  InputsMoved inputs{};
  OutputsMoved outputs{};
};
// Its outputs are where everybody looks for them.
struct Published {
  AttemptId attempt;
  TaskIndex task;
};

// All machines of a pool went away at once, and whoever says so has seen that nothing runs there any more; or they
// are back. Said once by the broker's own operators, not through a network that may say it again.
struct SiteDown {
  PoolIndex pool;
  bool down = true;
  std::uint64_t client = 0;
};
// From then on the pool may be lost: what waits there is placed anew, and what would not end before, if it began at
// once, goes elsewhere as long as there is an elsewhere. From kNever: called off.
struct Warning {
  PoolIndex pool;
  Instant from;
  std::uint64_t client = 0;
};
// What energy costs at a pool in these hours, each once, said anew whenever somebody knows better.
struct Prices {
  PoolIndex pool;
  std::vector<HourPrice> hours;
};
// How many of the pool's cores this broker's work may have now, as its executor sees it: nodes go, and others use them.
struct Room {
  PoolIndex pool;
  std::int64_t cores = 0;
};
// A condemned host was mended.
struct Pardon {
  HostIndex host;
  std::uint64_t client = 0;
};
// Somebody asked for something that would change what is, and was let or was refused.
struct Access {
  std::string who, what;  // "alice", "POST /v1/jobs/7/cancel"
  int status = 0;         // HTTP's; 0: he may, and what follows says what came of it
};

}  // namespace event

using Event =
    std::variant<event::Submit, event::Cancel, event::Hold, event::Retry, event::Drain, event::SetProject,
                 event::Heartbeat, event::Began, event::Ended, event::Published, event::SiteDown,
                 event::Warning, event::Pardon, event::Prices, event::Room, event::Access, event::Moving>;

}  // namespace hinterland
