// The broker's memory: what it decided, step by step, on a store that keeps it (store.hpp).
//
//   checksum(n) = XXH3-64(facts of step n, seed: checksum(n - 1)),   checksum(0) = 0
//
// so that a step that is damaged, missing or out of place is noticed by what follows it. All steps are kept; a
// snapshot of the state spares reading those before it.
//
// One broker leads a journal, and writes it; several may have one open if its store lets them (store.hpp).
//
// One thread at a time.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/broker/state.hpp"
#include "hinterland/journal/store.hpp"

namespace hinterland {

using Facts = std::vector<Fact>;  // of one step of the broker

// Evolves the state by facts that somebody else decided. Fails, located, at the first that does not follow; the state
// is of no meaning then.
Expected<void> follow(State& state, const Facts& facts, const Location& where);
// The same; `look` is called with each fact before it changes the state, and may say stop: false then.
Expected<bool> follow_until(State& state, const Facts& facts, const Location& where,
                            const std::function<bool(const Fact&)>& look);

struct Recovered {
  State state;
  std::uint64_t steps = 0;            // that it is the fold of
  std::uint64_t from_snapshot = 0;    // of them
  bool snapshot_was_damaged = false;  // and not used
  bool interrupted = false;           // before the end
};

class Journal {
 public:
  // A file's name, for SQLite; postgresql://... for a database. `create`: if there is none.
  static Expected<Journal> open(const std::string& where, bool create);
  explicit Journal(std::unique_ptr<JournalStore> store);
  Journal(Journal&&) = default;
  Journal& operator=(Journal&&) = delete;
  ~Journal() = default;

  // For whoever is going to write, before recover(), which reads what the leader before left. nullopt: this one leads
  // now; else who does. An error that is outside may pass: ask again.
  Expected<std::optional<std::string>> lead(const std::string& as) { return store_->lead(as); }
  [[nodiscard]] std::optional<Duration> lease() const { return store_->lease(); }  // as the store has it
  [[nodiscard]] std::string identity() const { return store_->identity(); }
  // Renews the lease, from any thread, whatever becomes of this journal.
  [[nodiscard]] std::function<Expected<bool>()> renewal() const {
    return [store = store_] { return store->renew(); };
  }

  // The state that the steps fold to, and from where append() goes on: comes first, once. Fails, located by step,
  // where one is damaged, missing, or does not follow from those before it.
  Expected<Recovered> recover(Progress& progress);

  // Durable when it returns, all or none. After a failure nothing more is taken: nobody knows what the disk has.
  Expected<void> append(std::span<const Facts> steps);

  // `state` after the last step appended; or what encode() (codec.hpp) gave of it.
  Expected<void> keep_snapshot(const State& state);
  Expected<void> keep_snapshot(std::string encoded);

  // What was asked for, in full: the state leaves out `what`.
  Expected<JobRequest> request_of(JobNumber job);
  // The same for many, in ascending order, each once: in as few readings as there are wide gaps between them.
  using TakeRequest = std::function<void(JobNumber job, const JobRequest& request)>;
  Expected<void> requests_of(std::span<const JobNumber> jobs, const TakeRequest& take);

  // For whoever reads a journal and does not go on with it: each step, with the state before it, checked as recover()
  // does but without a snapshot; `take` may say stop.
  using Take = std::function<bool(std::uint64_t step, const Facts& facts, const State& before)>;
  Expected<Recovered> read(const Take& take);

  // The steps from `first` on, without the state before them and so unchecked but for their form, until `take` says
  // stop; `jobs`: how many were accepted before, of a step that accepts some.
  using TakeLater = std::function<bool(std::uint64_t step, std::uint64_t jobs, const Facts& facts)>;
  Expected<void> read_from(std::uint64_t first, const TakeLater& take);
  // The same fact by fact, each with the state that it follows from and the checksum of its step.
  struct Told {
    std::uint64_t step = 0, checksum = 0;
    const Fact& fact;
    const State& before;
  };
  using TakeFact = std::function<bool(const Told&)>;
  Expected<Recovered> read_facts(const TakeFact& take);

  // All of it: the store's own soundness, every step, and that the snapshot is what the steps before it fold to.
  Expected<Recovered> check(Progress& progress);

  [[nodiscard]] const std::string& name() const { return store_->name(); }
  [[nodiscard]] std::uint64_t steps() const { return last_.step; }  // once it is recovered
  [[nodiscard]] std::uint64_t steps_since_snapshot() const { return last_.step - snapshot_; }

 private:
  [[nodiscard]] std::unexpected<Errors> no_more() const;
  [[nodiscard]] std::unexpected<Errors> knows_no(JobNumber job) const;
  struct Place {  // in the chain
    std::uint64_t step = 0, checksum = 0;
    std::uint64_t jobs = 0;  // accepted up to there
  };
  Expected<Recovered> fold(Recovered from, Place& place, const Take& take, const TakeFact& take_fact = {});
  [[nodiscard]] std::unexpected<Errors> damaged(std::uint64_t step, std::string what) const;

  std::shared_ptr<JournalStore> store_;
  Place last_;
  std::uint64_t snapshot_ = 0;    // up to which step
  std::uint64_t kept_first_ = 0;  // the requests of one step, for who asks for the next of them
  std::vector<JobRequest> kept_;
  bool failed_ = false;
};

}  // namespace hinterland
