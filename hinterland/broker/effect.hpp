// What the broker wants done, once the facts of the same step, and of all steps before it, are durable and not before.
//
// Every effect may be performed twice, for recovery says again what may not have been done: executors know an attempt
// by its number, and publishing an attempt that is published changes nothing.
#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "hinterland/broker/names.hpp"

namespace hinterland {

enum class Denial : std::uint8_t {
  none,
  no_job,
  no_pool,
  no_project,
  no_place,
  no_host,
  malformed,
  ended,
  not_ended,
  too_many,
  other_job  // has that key
};

namespace effect {

// The client's wish is durable, or denied.
struct Respond {
  std::uint64_t client = 0;
  Denial denial = Denial::none;
  JobNumber job;
};
// The executor may run on for `lease` from when it sent what this answers. What answers a heartbeat of an earlier
// life of the executor's is not for it: it might bring back a term whose attempts are believed dead.
struct Grant {
  PoolIndex pool;
  Term term;
  std::int64_t sent = 0;
  Duration lease;
};
// On none of the hosts to avoid: they are condemned, or the task failed there, and the pool has others.
struct Launch {
  AttemptId attempt;
  TaskIndex task;
  PoolIndex pool;
  Term term;
  std::vector<std::string> avoid;
};
// Ends it, or makes sure that it never begins; answered by Ended.
struct Kill {
  AttemptId attempt;
  PoolIndex pool;
};
// Its end is durable: the executor may forget it.
struct Forget {
  AttemptId attempt;
  PoolIndex pool;
};
struct Publish {
  AttemptId attempt;
  TaskIndex task;
};

}  // namespace effect

using Effect = std::variant<effect::Respond, effect::Grant, effect::Launch, effect::Kill, effect::Forget,
                            effect::Publish>;

}  // namespace hinterland
