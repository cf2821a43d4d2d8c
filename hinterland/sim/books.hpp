// The books of a run: a bill for every job, what nobody paid for, and whether both agree with the meters.
//
// Bills follow from where and when each attempt ran (UnitRates::bill). An attempt that a fault of the site ended is borne by
// the site, as is background load: unsold. Bytes are billed to the job that moved them. The laws of every run:
//
//   jobs that arrived  =  done + cut + refused + lost + stuck
//   prices + unsold    =  meter, for each pool and each part, before rounding, to 2^-36 of the meter
//   a bill             =  its price, to half a millionth in each part: so that bills + unsold = meter within n / 2
//   no job began where it did not fit, in cores, GPUs or memory; no line carried more than it can
//
// Rounding errors of n bills need not stay within a few sqrt(n / 12): a hundred thousand jobs of 23 s each at one rate all err
// by the same fraction. So prices are summed before they are rounded, and each bill is held against its own (ADR 9).
#pragma once
#include <array>
#include <string>
#include <vector>

#include "hinterland/base/histogram.hpp"
#include "hinterland/sim/ledger.hpp"

namespace hinterland {

// Late jobs by cause: the first fault that stopped the job; else that it gave way to others; else a fault of the pool it ran
// in, or of its home, while it waited; else that it waited or that its data moved.
inline constexpr std::size_t kLateByPreemption = kFaultKinds, kLateByWaiting = kFaultKinds + 1,
                             kLateCauses = kFaultKinds + 2;
using LateCounts = std::array<std::int64_t, kLateCauses>;
const char* name_of_late_cause(std::size_t cause);

// What of one class ran at one pool; jobs that ran nowhere count at their home.
struct BookCell {
  std::int64_t jobs = 0, done = 0, cut = 0, refused = 0, lost = 0, stuck = 0;
  std::int64_t late = 0;  // done, but after the deadline; by what made it late:
  LateCounts late_by{};
  std::int64_t unit_ms = 0;  // sold
  Bill bill;
  double moved_gb = 0;
  Histogram wait_ms;              // from arrival to the first start, of those that ended
  Histogram slowdown_thousandth;  // bounded: (end - arrival) / max(run, 10 s), of those that ended
  std::array<std::int64_t, kFaultKinds> lost_unit_ms{};  // work to be done again, by what stopped it
  std::int64_t preempted_unit_ms = 0;

  BookCell& operator+=(const BookCell& more);
};

// Prices before rounding, part by part, and by how much the worst bill differs from its price. Sums of very many: small
// ones first, so that 10^8 of them lose less than 2^-45.
class ExactSums {
 public:
  void add(const ExactBill& exact, const Bill& bill);
  [[nodiscard]] ExactBill sum() const;
  [[nodiscard]] double worst_rounding() const { return worst_rounding_; }

 private:
  ExactBill small_, large_;
  std::uint32_t count_ = 0;
  double worst_rounding_ = 0;
};

struct PoolBooks {
  Bill unsold;  // attempts that the site bears, and background load
  std::int64_t unsold_unit_ms = 0;
  LoadMeter::Reading meter;
  ExactSums exact;  // of all bills and of what was not sold
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

  // What rounding each bill adds up to, of what it is rounded from: of the money in all, of kWh or of kg, whichever is most.
  [[nodiscard]] double lost_by_rounding() const;

  [[nodiscard]] BookCell total() const;
  [[nodiscard]] BookCell of_group(std::size_t group) const;
  [[nodiscard]] BookCell of_pool(std::size_t pool) const;
};

Books keep_books(const SimWorld& world, const SimRun& run);

}  // namespace hinterland
