// What a policy may see, and what it answers.
//
// A policy places one job at a time. It knows what a scheduler would know: what the job asks for (not how long it will
// really run), where it may run, what moving its bytes costs, the state of every pool, and the forecast rates. Simulator
// and broker fill the same view, so a policy that was simulated is the policy that runs.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "hinterland/base/index.hpp"
#include "hinterland/base/time.hpp"
#include "hinterland/cost/unit_rates.hpp"
#include "hinterland/policy/size.hpp"

namespace hinterland {

using JobIndex = Index<struct JobTag, std::uint32_t>;
using PoolIndex = Index<struct PoolTag, std::uint16_t>;    // servers of one type at one site
using GroupIndex = Index<struct GroupTag, std::uint32_t>;  // jobs that are alike: of one class, say

// Later than anything that happens: 278 years after the start of the run.
inline constexpr Instant kNever{std::int64_t{1} << 43};

// A pool in which a job of this group and home may run; those in which it may not are not in the list.
struct Option {
  PoolIndex pool;
  double money_per_gb = 0;  // millionths, of bytes that move from the job's data to the pool or back
  double ms_per_gb = 0;     // how long a GB takes if nobody else is on the line
  double km = 0;            // from the job's home: 0 there
  bool at_home = false;     // a pool of the home's own site, its own or another of the same servers
  bool operator==(const Option&) const = default;
};

struct Ask {
  Instant now;
  Duration request;  // what its user asked for; what is left of it, if it ran before
  Instant deadline;
  Duration may_wait;             // how long its start may be put off
  bool interruptible = false;    // whether it may be stopped and go on later
  double gb_in = 0, gb_out = 0;  // of its own, that would have to move
  double shared_gb = 0;          // that it reads beside them, if it is not where it runs ...
  std::span<const Instant>
      shared_there;  // ... when it is there, by pool: kNever if it would have to move; empty: no such data
  double late = 0;   // millionths of money for each hour past the deadline
  const Size* size = nullptr;
  std::int64_t units = 0;
  PoolIndex home;                   // where its users are; it may be a pool in which it may not run
  std::span<const Option> options;  // in the order of the pools
  std::uint64_t turn = 0;           // how many jobs were placed before it
};

// A pool as it stands. Work is counted as asked for: nobody sees that a job will end before its request.
struct PoolState {
  Size total, free;  // what is there for jobs: without background load and what is broken
  std::int64_t units_total = 0;
  std::int64_t units_busy = 0;
  std::int64_t due = 0;     // sum of units x requested end, in whole seconds, of what runs
  std::int64_t queued = 0;  // unit-ms of those who wait here or whose data are on the way here
  bool up = true;

  // When a job of this size could start here: now if nobody waits and it fits; else when all that is asked for has flowed
  // through the pool as water would. An estimate, O(1), the same for every discipline.
  [[nodiscard]] Instant expected_start(Instant now, const Size& size) const {
    if (!up || units_total <= 0) return kNever;
    if (queued == 0 && size.fits_into(free)) return now;
    const std::int64_t running = std::max<std::int64_t>(0, 1000 * (due - units_busy * (now.ms / 1000)));
    // In double: a division of integers costs several times as much, and an estimate needs no last millisecond.
    return {now.ms + static_cast<std::int64_t>(static_cast<double>(running + queued) /
                                               static_cast<double>(units_total))};
  }
};

struct View {
  std::span<const PoolState> pools;
  std::span<const UnitRates> forecast;  // by pool
  // Given scarcity by pool: millionths of money of a unit busy until each hour since the start, 8,761 sums; empty: none.
  std::span<const std::vector<double>> scarcity;
};

enum class Refusal : std::uint8_t {
  none,
  home_not_allowed,  // the policy stays, and the job may not run at home
  nowhere_allowed,   // no pool may run it
  too_large,         // no pool that may run it is large enough
};
const char* name_of(Refusal refusal);

// A stretch of time in which an interruptible job runs.
struct Piece {
  Instant from;
  Duration length;
};

struct Placement {
  PoolIndex pool;
  Refusal refusal = Refusal::none;
  Instant not_before;         // it joins the queue then, or when its data are there
  std::vector<Piece> pieces;  // when it runs, if in more than one piece; in order
};
Placement refused(Refusal why);

// Where the job would begin first of the pools at its home's site: its home, or another that is up or free sooner. Null if
// it may run in none of them.
const Option* home_option(const Ask& ask, const View& view);

// Milliseconds, rounded up; what a transfer takes is never less than it is. Requires 0 <= ms < 2^62.
inline std::int64_t rounded_up(double ms) {
  const auto whole = static_cast<std::int64_t>(ms);
  return whole + (static_cast<double>(whole) < ms ? 1 : 0);
}

// GB that would move in if the job ran there.
inline double gb_to_move_in(const Ask& ask, const Option& option) {
  const bool shared_moves = !ask.shared_there.empty() && ask.shared_there[option.pool] == kNever;
  return ask.gb_in + (shared_moves ? ask.shared_gb : 0);
}

// Millionths of money that moving its bytes there and back costs.
inline double moving_money(const Ask& ask, const Option& option) {
  if (option.money_per_gb == 0) return 0;
  return (gb_to_move_in(ask, option) + ask.gb_out) * option.money_per_gb;
}

// Millionths of money that ending then costs for being late.
inline double late_money(const Ask& ask, Instant end) {
  return static_cast<double>(std::max<std::int64_t>(0, end.ms - ask.deadline.ms)) * kPerHour * ask.late;
}

// When the data of the job would be at the pool of the option, if nobody else is on the line.
inline Instant data_there(const Ask& ask, const Option& option) {
  if (option.ms_per_gb == 0) return ask.now;
  return {ask.now.ms + rounded_up(gb_to_move_in(ask, option) * option.ms_per_gb)};
}

}  // namespace hinterland
