// The books of a run: a bill for every job, what nobody paid for, and whether both agree with the meters.
//
// Bills follow from where and when each attempt ran (UnitRates::bill). An attempt that a fault of the site ended is borne by
// the site, as is background load: unsold. Bytes are billed to the job that moved them. The laws of every run:
//
//   jobs that arrived  =  done + cut + refused + lost + stuck
//   bills + unsold     =  meter, for each pool and each part, within  min(n / 2, 6 sqrt(n / 12)) millionths, n bills
//                         (half a millionth each at most; and rounding wanders, so a bias shows), and 2^-40 of the meter for
//                         what sums of doubles lose
//   no pool was busier than it has units, in any hour
#pragma once
#include <array>
#include <string>
#include <vector>

#include "hinterland/base/histogram.hpp"
#include "hinterland/sim/ledger.hpp"

namespace hinterland {

// What of one class ran at one pool; jobs that ran nowhere count at their home.
struct BookCell {
  std::int64_t jobs = 0, done = 0, cut = 0, refused = 0, lost = 0, stuck = 0;
  std::int64_t late = 0;     // done, but after the deadline
  std::int64_t unit_ms = 0;  // sold
  Bill bill;
  double moved_gb = 0;
  Histogram wait_ms;            // from arrival to the first start, of those that ended
  Histogram slowdown_thousandth;  // bounded: (end - arrival) / max(run, 10 s), of those that ended
  std::array<std::int64_t, kFaultKinds> lost_unit_ms{};  // work to be done again, by what stopped it
  std::int64_t preempted_unit_ms = 0;

  BookCell& operator+=(const BookCell& more);
};

struct PoolBooks {
  Bill unsold;                  // attempts that the site bears, and background load
  std::int64_t unsold_unit_ms = 0;
  LoadMeter::Reading meter;
  std::int64_t bills = 0, network_bills = 0;  // how many were rounded
};

// A law that does not hold: our own bug.
struct Imbalance {
  std::string what;
  double difference = 0, allowed = 0;
};

struct Books {
  std::vector<BookCell> cells;  // [group x pools + pool]
  std::vector<PoolBooks> pools;
  std::vector<Imbalance> imbalances;
  std::int64_t sum_completion_ms = 0;  // of the ends of all that ended
  double worst_gap = 0;                // the largest difference between bills and meter, in millionths

  [[nodiscard]] BookCell total() const;
  [[nodiscard]] BookCell of_group(std::size_t group) const;
  [[nodiscard]] BookCell of_pool(std::size_t pool) const;
};

Books keep_books(const SimWorld& world, const SimRun& run);

}  // namespace hinterland
