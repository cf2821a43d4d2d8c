// What became of each job, one after the other: its attempts, its end, its bill. Whoever adds up or lists jobs reads this.
#pragma once
#include <span>
#include <unordered_map>
#include <vector>

#include "hinterland/sim/simulate.hpp"

namespace hinterland {

// A job's way through a run. Instants of a job that did not end are kNever.
struct JobAccount {
  JobEnd end = JobEnd::not_reached;
  PoolIndex pool;  // where it ran last, or would have; its home if it was refused
  Instant start, finish, delivered;
  Instant billed_from,
      billed_until;  // of one that ended at its first attempt: of start to finish, what it pays for
  Bill bill;         // of all its attempts that it pays for, and of moving its own data to and from `pool`
  ExactBill exact;   // the same before rounding; of several attempts the moving alone
  std::int64_t unit_ms = 0;  // that it pays for
  double moved_gb = 0;
  bool late = false;

  [[nodiscard]] bool ended() const { return hinterland::ended(end); }
};

class Ledger {
 public:
  Ledger(const SimWorld& world, const SimRun& run);
  [[nodiscard]] JobAccount account(JobIndex job) const;
  // Its attempts, if it had several.
  [[nodiscard]] std::span<const Attempt> attempts(JobIndex job) const;

 private:
  [[nodiscard]] Bill bill(const Attempt& attempt) const;

  const SimWorld& world_;
  const SimRun& run_;
  std::vector<Attempt> attempts_;  // by job, then in their order
  std::unordered_map<std::uint32_t, std::pair<std::uint32_t, std::uint32_t>> rows_;  // first and count
};

}  // namespace hinterland
