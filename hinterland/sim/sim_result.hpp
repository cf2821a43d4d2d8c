// What a user is told of a run: the scenario, its books, and how it differs from staying at home.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/report/page.hpp"
#include "hinterland/sim/books.hpp"
#include "hinterland/sim/scenario_world.hpp"

namespace hinterland {

// One policy over one world.
struct PolicyRun {
  std::string policy;
  SimRun run;
  Books books;
  double run_s = 0;  // CPU seconds of the run and its books
};

// What became of one class under a policy, compared with the same jobs staying at home.
struct ClassShift {
  std::size_t group = 0;
  std::int64_t jobs = 0, moved = 0;  // that ran elsewhere than at home
  bool home_allowed = true;
  std::optional<Money> saved;  // of the whole run; unknown where nobody may run at home
  Money bill, at_home;
  std::string why_not;  // why (most of) it stays; empty where it moves
};

// What moving saves when all cited ranges are drawn (saving_range.hpp).
struct SavingRange {
  std::int64_t draws = 0;   // that were done; fewer if interrupted
  std::int64_t saves = 0;   // in which the policy saves
  Money low, median, high;  // of the run: nearest ranks at 5, 50 and 95 %
  std::size_t figures = 0;  // drawn
};

struct SimResult {
  const Scenario* scenario = nullptr;
  const Atlas* atlas = nullptr;
  const ScenarioWorld* setup = nullptr;
  std::vector<PolicyRun> runs;       // the first is what was asked for
  std::optional<PolicyRun> stay;     // the baseline
  std::optional<SavingRange> range;  // needs the baseline
  double bytes_per_job = 0;          // resident beyond the trace, if it was measured
  bool interrupted = false;          // something of what was asked for is not there

  [[nodiscard]] const PolicyRun& main() const { return runs.front(); }
  // The time over which jobs arrive; savings a year are scaled from it.
  [[nodiscard]] Hours span() const;
  // Whether a year would be like it: it is long enough, and no fault of a named date (a drought, a price spike) is told of a
  // year of which it was not a part.
  [[nodiscard]] bool tells_a_year() const;
};

PolicyRun run_policy(const SimWorld& world, const PolicyEntry& policy, Progress& progress);

// By class; needs the baseline.
std::vector<ClassShift> class_shifts(const SimResult& result, const PolicyRun& run);

// "Moving batch-inference saves 1.2M CNY a year of 3.4M; trading should stay, because ..."
Words sim_sentence(const SimResult& result);

// By what share a policy's bill, and what its late jobs count, exceed what one who knew everything would have paid; where the
// scenario says that.
std::optional<double> regret_of(const SimResult& result, const PolicyRun& run);

Page sim_page(const SimResult& result);
// The same with the pictures that only a screen can show.
Page sim_report(const SimResult& result);
std::string sim_json(const SimResult& result);

// One row a job: what became of it, when, where and what it was billed. Appends to `csv`, header first; `from` and `until` are
// places of jobs, so that a long list can be written in pieces.
void write_job_rows(const ScenarioWorld& setup, const Ledger& ledger, std::size_t from, std::size_t until,
                    std::string& csv);

}  // namespace hinterland
