// Where a journal's rows are kept: the port that SQLite (sqlite_store.hpp) and PostgreSQL (postgres_store.hpp)
// implement. What the rows say is the journal's business (journal.hpp).
//
// One process writes. A store that only one can have open needs no more than that: opening it leads it. One that several
// have open is led by one of them, under a lease that it renews; the others may read, and wait:
//
//   epoch(n + 1) begins only once the lease of epoch(n) has ended by the store's own clock, or was given up
//   a write is kept only if its epoch is still the last one, looked at in the same transaction
//
// so that whoever was frozen or cut off while another took over can write nothing, whatever it believes.
//
// One thread at a time, but for renew(). Errors of the disk or the server are Error::outside.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "hinterland/base/error.hpp"
#include "hinterland/base/time.hpp"

namespace hinterland {

struct StoredStep {
  std::uint64_t number = 0;  // from 1, without gaps
  std::uint64_t checksum = 0;
  std::optional<std::uint64_t> first_job;  // that it accepts, if it accepts any
  std::string facts;
};

// In place of all steps up to `step`.
struct StoredSnapshot {
  std::uint64_t step = 0;
  std::uint64_t step_checksum = 0;  // of that step
  std::uint64_t checksum = 0;
  std::string state;
};

class JournalStore {
 public:
  JournalStore() = default;
  JournalStore(const JournalStore&) = delete;
  JournalStore& operator=(const JournalStore&) = delete;
  virtual ~JournalStore() = default;  // gives the lead up

  // What users call it, in messages.
  [[nodiscard]] virtual const std::string& name() const = 0;

  // Takes the lead, under this name, if nobody has it: nullopt. Else who has it; ask again.
  virtual Expected<std::optional<std::string>> lead(const std::string& /*as*/) { return std::nullopt; }
  // For how long nobody else can take it, counted from before lead() or renew() was asked; nullopt: while this is open.
  [[nodiscard]] virtual std::optional<Duration> lease() const { return std::nullopt; }
  // Begins the lease anew. False: another has taken over. Fails if nobody can say; it may be asked again. From any
  // thread, beside all else.
  virtual Expected<bool> renew() { return true; }
  // The same for all who have this very store open, and for no other; empty: nobody else can.
  [[nodiscard]] virtual std::string identity() const { return ""; }

  // Durable when it returns, all of them or, if it fails, none.
  virtual Expected<void> append(std::span<const StoredStep> steps) = 0;
  // Calls `take` for each step from `first` on, in their order, until it says false.
  virtual Expected<void> read(std::uint64_t first, const std::function<bool(const StoredStep&)>& take) = 0;
  // The same for the steps that accepted jobs alone, from the one that accepted `job` on; if none did, from the last before it.
  virtual Expected<void> read_jobs(std::uint64_t job, const std::function<bool(const StoredStep&)>& take) = 0;

  // The last one that was put, and no other, is kept.
  virtual Expected<void> put_snapshot(const StoredSnapshot& snapshot) = 0;
  virtual Expected<std::optional<StoredSnapshot>> snapshot() = 0;

  // Whatever the store itself can tell about its soundness.
  virtual Expected<void> check() = 0;
};

}  // namespace hinterland
