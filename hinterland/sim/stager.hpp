// Moving the bytes of jobs: what must move, when it is there, what it costs, what a site keeps.
//
// A job's own data move in before it starts and out after it has ended. Data that all jobs of its class and home share move
// to a site once: who comes while they are on their way waits for the same bytes. Each pool keeps shared data up to a bound
// and drops what was used least recently; data larger than the bound are kept by nobody.
//
// With `line` each transfer is alone and its end is known when it begins; with `shared` it is a flow among others
// (flows.hpp), and arrived() tells when it is through.
#pragma once
#include <optional>
#include <unordered_map>
#include <vector>

#include "hinterland/sim/flows.hpp"
#include "hinterland/sim/world.hpp"

namespace hinterland {

// Bytes that moved beside those that follow from where a job ran in the end: shared data, and what moved again or in vain.
struct ExtraMove {
  JobIndex job;
  PoolIndex pool;
  double gb = 0;
};

class Stager {
 public:
  explicit Stager(const SimWorld& world);

  // When the shared data of jobs of this group and home are there, by pool (Ask::shared_there); empty: there are none.
  [[nodiscard]] std::span<const Instant> shared_there(GroupIndex group, PoolIndex home) const;

  // The data of the job begin to move to the option's pool. Returns when they are there (now, if nothing moves); nullopt:
  // arrived() will tell. `own_gb`: of the job's own data.
  std::optional<Instant> bring(JobIndex job, const Option& option, double own_gb, Instant now);
  // Its results begin to move home. Returns when they are there, as bring().
  std::optional<Instant> take_home(JobIndex job, const Option& option, double gb, Instant now);

  // The job was driven away before its data were there, or goes elsewhere; what it moved was in vain. `gb` of its own.
  void in_vain(JobIndex job, PoolIndex pool, double gb);
  // The same for an attempt that its site bears: on nobody's bill, and so on no meter.
  void unbilled(JobIndex job, PoolIndex pool, double gb);
  // The job waits for nothing any more; it was on its way to `pool`.
  void call_off(JobIndex job, PoolIndex pool, Instant now);
  // The pool was lost, and with it what it kept.
  void forget(PoolIndex pool);
  // Shared mode: the capacity of a link from now on, as a share of what it was built with.
  void set_link(LinkIndex link, double share, Instant now);

  // Shared mode: when the next transfer ends; else kNever.
  [[nodiscard]] Instant next_end() const { return flows_ ? flows_->next_end() : kNever; }
  // Jobs whose data are there by `now`, in any order, and those whose results are home.
  void arrived(Instant now, std::vector<JobIndex>& ready,
               std::vector<std::pair<JobIndex, Instant>>& delivered);

  [[nodiscard]] const std::vector<double>& moved_gb() const { return moved_gb_; }
  [[nodiscard]] std::vector<double> link_gb() const;
  // By pool: millionths of money that moving to and from it costs, added up as bytes move: the network's own meter.
  [[nodiscard]] const std::vector<double>& metered() const { return metered_; }
  [[nodiscard]] const std::vector<ExtraMove>& extra() const { return extra_; }

 private:
  struct Shared {                // of one group and home, at one pool
    std::uint64_t used = 0;      // when it was last asked for: a count, not a time
    bool moving = false;         // shared mode: a flow brings it
    std::vector<JobIndex> wait;  // shared mode: for that flow
  };

  // Before a job joins its queue, that is.
  [[nodiscard]] bool moves_at_once() const {
    return world_.staging.mode == Staging::Mode::none || world_.staging.mode == Staging::Mode::held;
  }
  [[nodiscard]] std::size_t dataset(JobIndex job) const {
    return world_.jobs.group[job] * world_.pools.size() + world_.jobs.home[job];
  }
  Instant line_end(const Option& option, double gb, Instant now) const;
  void count(PoolIndex from, PoolIndex to, PoolIndex charged, const Option& option, double gb);
  void keep(std::size_t dataset, PoolIndex pool);
  void begin_flow(std::uint32_t tag, GroupIndex group, PoolIndex from, PoolIndex to, double gb, Instant now);
  std::optional<Instant> bring_shared(JobIndex job, const Option& option, Instant now);

  const SimWorld& world_;
  std::optional<Flows> flows_;
  std::vector<std::vector<Instant>>
      there_;  // [dataset][pool]: when its bytes are there; kNever: not; empty: no jobs share any
  std::vector<std::vector<Shared>> shared_;  // [dataset][pool]
  std::vector<double> kept_gb_;              // by pool
  std::uint64_t uses_ = 0;
  std::unordered_map<std::uint32_t, int> needs_;  // shared mode, by job: transfers that it still waits for
  std::unordered_map<std::uint32_t, std::pair<std::size_t, PoolIndex>>
      brings_;  // by tag of a flow of shared data
  std::uint32_t next_shared_tag_ = 0;
  std::vector<double> moved_gb_, metered_;
  std::vector<ExtraMove> extra_;
};

}  // namespace hinterland
