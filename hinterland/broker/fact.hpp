// What happened, durably: the broker's state is the fold of these and of nothing else.
//
// A fact says what was decided with all that follows from it, so that a later broker with other rules or prices reads
// the same history. Money is in millionths.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hinterland/broker/event.hpp"
#include "hinterland/cost/price.hpp"

namespace hinterland {

// What becomes of a task whose attempt ended.
enum class Next : std::uint8_t { publish, again, later, fail, cancel };

// A pool that a task might have gone to, as the policy saw it: for `why`.
struct Candidate {
  PoolIndex pool;
  std::int64_t money = 0;  // of one attempt that uses up its request, moving included
  Instant start;           // when it would have begun; kNever: not while the pool stands as it did
  bool operator==(const Candidate&) const = default;
};

// What a job may cost in all: at the place and from the time which the policy would choose for its first task, for
// all of them, at the prices known then, each begun once.
//
//   most   every task uses all that was asked for
//   p50    each uses the share of it that half of the tasks of its project and class did not exceed, of those that were
//          done before; p90: nine in ten. With n of them it is the ceil(q (n + 1))-th smallest; `most` if there is none
//
// Tasks of a job are taken to be alike, so the job's p90 is its tasks' p90 as often as there are tasks.
struct JobQuote {
  std::int64_t p50 = 0, p90 = 0, most = 0;
  std::int64_t seen = 0;  // how many were done before
  bool operator==(const JobQuote&) const = default;
};

// What is agreed about a pool with those who are paid for it, as far as its bills are to be understood without the
// file that said so. An attempt is under the deal that held when it was begun.
struct PoolDeal {
  static constexpr std::string_view kHouse = "house";  // whoever runs the broker

  std::string owner{kHouse};      // is paid for its machines, power and water
  std::string carrier{kHouse};    // is paid for moving bytes to it and from it
  std::string site;               // of the atlas, whose prices it has
  std::string currency;           // of all its money
  std::int64_t server_units = 0;  // that a server has; 0, and no text: nobody said
  bool operator==(const PoolDeal&) const = default;
};

// How the hours of a pool are priced, by the atlas.
struct PoolPricing {
  std::string server;  // of which it is a part
  Basis basis = Basis::sunk;
  std::int64_t rate = 0;  // millionths of money for a server-hour; basis rented
  bool operator==(const PoolPricing&) const = default;
};

// What a pool has, until something else is said.
struct PoolBuild {
  Size size, server;       // of all its hosts together; of one of them
  std::int64_t units = 0;  // of all
  PoolPricing pricing;
  bool operator==(const PoolBuild&) const = default;
};

// Where work of one class and home may run.
struct OpenPlaces {
  PoolIndex home;
  std::vector<Option> options;  // in the order of the pools
  bool operator==(const OpenPlaces&) const = default;
};

enum class QueueRule : std::uint8_t { fcfs, easy, priority, fair };
const char* name_of(QueueRule rule);

// By what the broker places and bills.
struct HouseRules {
  std::string policy;  // of the one table (policy/policies.hpp); empty: nobody said
  QueueRule queue = QueueRule::fair;
  double carbon_per_kg = 0, water_per_litre = 0;  // money, charged
  std::int64_t first_hour = 0;                    // of the model year: the one that begins at time 0
  Duration lost_after;                            // how long a pool is silent that is lost for it
  bool operator==(const HouseRules&) const = default;
};

namespace fact {

// The pool, place or host of the next number; a project, new or changed.
struct PoolNamed {
  std::string name;
};
struct PlacesNamed {
  std::string name;
};
struct HostNamed {
  PoolIndex pool;
  std::string name;
};
struct ProjectSet {
  std::string name;
  std::int64_t share = 1, budget = -1;
};

struct Accepted {
  Instant at;
  std::string key;
  JobRequest job;
};
struct HoldSet {
  JobNumber job;
  bool held = false;
};
// Waiting tasks are cancelled with it; running ones when their attempts have ended.
struct CancelAsked {
  JobNumber job;
};
struct RetryAsked {
  JobNumber job;
};

struct Placed {
  TaskIndex task;
  PoolIndex pool;
  Instant not_before;         // 0: it may begin at once, even if the clock should jump back
  std::int64_t reserved = 0;  // of its project's budget, until its attempt has ended
  std::vector<Candidate> candidates;
};
struct Refused {
  TaskIndex task;
  Refusal why = Refusal::none;
};
// Taken out of its pool's queue: it will be placed anew.
struct Unplaced {
  TaskIndex task;
};
// It needs this much from now on.
struct Resized {
  TaskIndex task;
  Size size;
  std::int64_t units = 0;
};

struct Launched {
  AttemptId attempt;
  TaskIndex task;
  Instant at, due;
};
// Its executor said so.
struct Confirmed {
  AttemptId attempt;
  HostIndex host;
  std::int64_t sent = 0;
};
struct Finished {
  AttemptId attempt;
  Cause cause = Cause::done;
  Next next = Next::again;
  int status = 0;
  Instant at;
  Instant not_before;  // Next::later
  Duration ran;
  Bill bill;  // of its project, from when it was begun for as long as it ran; none if the site bears it
};
struct Done {  // published
  TaskIndex task;
};

struct TermBegun {
  PoolIndex pool;
  Term term;
};
struct PoolLost {
  PoolIndex pool;
};
struct DownSet {
  PoolIndex pool;
  bool down = false;
};
struct DrainSet {
  PoolIndex pool;
  bool on = false;
};
struct Warned {
  PoolIndex pool;
  Instant from;
};
struct HostCondemned {
  HostIndex host;
};
struct HostPardoned {
  HostIndex host;
};

// When it was accepted.
struct Quoted {
  JobNumber job;
  JobQuote quote;
};
// What its user wrote, under its key.
struct Digested {
  std::string key;
  std::uint64_t digest = 0;
};
// Of its energy; what was heard of other hours stays.
struct PricesHeard {
  Instant at;
  PoolIndex pool;
  std::vector<HourPrice> hours;  // each once, in order
};

struct RoomHeard {
  PoolIndex pool;
  std::int64_t cores = 0;
};
// How an attempt's inputs stand: when moving began, when all were there, and what it came to. An attempt runs from when its inputs are
// whole: its hours and what it is billed count from `at` then.
struct Staged {
  AttemptId attempt;
  Instant at;
  InputsMoved inputs;
};
// What came back of an attempt's outputs before it ended.
struct Fetched {
  AttemptId attempt;
  OutputsMoved outputs;
};
// What the journal is called, once for all: where its attempts run beside those of others their names begin with it.
struct JournalNamed {
  std::string name;
};
// For whoever asks afterwards who did that. It stands before what was done, in the same step.
struct Asked {
  Instant at;
  std::string who, what;
  int status = 0;  // with which it was refused; 0: it was not
};
// From now on; of what was begun before, what was said before holds.
struct DealMade {
  PoolIndex pool;
  PoolDeal deal;
};
// With the next two: what it takes to run the same day again (replay), as far as an atlas does not say it.
struct PoolBuilt {
  PoolIndex pool;
  PoolBuild build;
};
struct PlacesOpened {
  PlacesIndex places;
  OpenPlaces open;
};
struct RulesMade {
  HouseRules rules;
};

}  // namespace fact

using Fact =
    std::variant<fact::PoolNamed, fact::PlacesNamed, fact::HostNamed, fact::ProjectSet, fact::Accepted,
                 fact::HoldSet, fact::CancelAsked, fact::RetryAsked, fact::Placed, fact::Refused,
                 fact::Unplaced, fact::Resized, fact::Launched, fact::Confirmed, fact::Finished, fact::Done,
                 fact::TermBegun, fact::PoolLost, fact::DownSet, fact::DrainSet, fact::Warned,
                 fact::HostCondemned, fact::HostPardoned, fact::Quoted, fact::PricesHeard, fact::Digested,
                 fact::RoomHeard, fact::JournalNamed, fact::Asked, fact::DealMade, fact::Staged,
                 fact::Fetched, fact::PoolBuilt, fact::PlacesOpened, fact::RulesMade>;

}  // namespace hinterland
