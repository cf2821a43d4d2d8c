// Where a journal's rows are kept: the port that SQLite (sqlite_store.hpp) implements. What the rows say is the
// journal's business (journal.hpp).
//
// One process at a time: opening a store that another has open fails. Errors of the disk or the server are
// Error::outside.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "hinterland/base/error.hpp"

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
  virtual ~JournalStore() = default;

  // What users call it, in messages.
  [[nodiscard]] virtual const std::string& name() const = 0;

  // Durable when it returns, all of them or, if it fails, none.
  virtual Expected<void> append(std::span<const StoredStep> steps) = 0;
  // Calls `take` for each step from `first` on, in their order, until it says false.
  virtual Expected<void> read(std::uint64_t first, const std::function<bool(const StoredStep&)>& take) = 0;
  // The step that accepted a job; nullopt: none did.
  virtual Expected<std::optional<StoredStep>> step_of_job(std::uint64_t job) = 0;

  // The last one that was put, and no other, is kept.
  virtual Expected<void> put_snapshot(const StoredSnapshot& snapshot) = 0;
  virtual Expected<std::optional<StoredSnapshot>> snapshot() = 0;

  // Whatever the store itself can tell about its soundness.
  virtual Expected<void> check() = 0;
};

}  // namespace hinterland
