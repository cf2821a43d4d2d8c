// A store that keeps its rows in memory, for tests; what a test wants otherwise it overrides.
#pragma once
#include <string>
#include <vector>

#include "hinterland/journal/store.hpp"

namespace hinterland::test {

class RowsInMemory : public JournalStore {
 public:
  [[nodiscard]] const std::string& name() const override { return name_; }
  Expected<void> append(std::span<const StoredStep> steps) override {
    rows_.insert(rows_.end(), steps.begin(), steps.end());
    return {};
  }
  Expected<void> read(std::uint64_t first, const std::function<bool(const StoredStep&)>& take) override {
    for (std::size_t k = first - 1; k < rows_.size(); ++k) {
      if (!take(rows_[k])) break;
    }
    return {};
  }
  Expected<void> read_jobs(std::uint64_t job, const std::function<bool(const StoredStep&)>& take) override {
    ++times_read_jobs;
    std::size_t k = rows_.size();
    while (k > 0 && !(rows_[k - 1].first_job && *rows_[k - 1].first_job <= job)) --k;
    for (k = k > 0 ? k - 1 : 0; k < rows_.size(); ++k) {
      if (rows_[k].first_job && !take(rows_[k])) break;
    }
    return {};
  }
  Expected<void> put_snapshot(const StoredSnapshot& /*snapshot*/) override { return {}; }
  Expected<std::optional<StoredSnapshot>> snapshot() override { return std::nullopt; }
  Expected<void> check() override { return {}; }

  int times_read_jobs = 0;

 private:
  std::string name_ = "memory";
  std::vector<StoredStep> rows_;
};

}  // namespace hinterland::test
