// Estimating a trace model, and how well it does on what it has not seen.
//
// The jobs in the order of their submission are cut in two: the model is fitted to the first two thirds, and what it then
// generates for the time of the last third is compared with that third, beside
//   the two thirds themselves   what the past alone tells: where they differ from the last third, the trace has changed,
//                               and no model of the past can know
//   a baseline                  Poisson arrivals at the mean rate, log-normal runs
// The model that is returned is then fitted to all jobs by the same method.
//
// The limit under which jobs are one batch is one of 0, 1, 10, 60, 300, 1200 s: the one whose model, over the time of the
// two thirds, comes nearest to them by the sum of: KS distance of the gaps, |difference| of lag 1 and lag 24, |ln ratio| of
// dispersion and of peak to mean. The last third has no say in it.
// The method is our own choice; no published method is claimed.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/work/trace_figures.hpp"
#include "hinterland/work/trace_model.hpp"

namespace hinterland {

struct FitOptions {
  std::string zone = "UTC";  // whose hours and weekdays count
  std::uint64_t seed = 1;
  std::string name, source, licence, command;  // for the model's file
};

struct TraceQuality {
  TraceFigures held_out, past, model, baseline;
  std::int64_t past_jobs = 0, held_out_jobs = 0;
  std::int64_t samples = 0;  // generated traces over which model and baseline are averaged
};

struct TraceFit {
  TraceModel model;  // as its file says it
  TraceQuality quality;
  std::vector<std::pair<std::string, double>>
      known;  // shares of jobs that know run_s, cores, gpus, memory_gb
};

// Fails if fewer than 60 jobs know their run, if the trace spans no time, if its hours are too many to count (a submission
// far from the others), or if `progress` says stop.
Expected<TraceFit> fit_trace(const Trace& trace, const FitOptions& options, Progress& progress);

// A quantity is modelled if at least half of the jobs know it.
inline constexpr double kLeastKnown = 0.5;

// One figure of a fit's record, and how its error is counted: of times and rates relative to the last third's, of
// autocorrelations as a difference; a distance to the last third is its own error.
struct FitRow {
  enum class Error { relative, difference, distance };
  const char* name = "";
  const std::vector<double>* figures =
      nullptr;  // the last third (not of a distance), before it, model, baseline
  Error error = Error::relative;

  [[nodiscard]] bool is_distance() const { return error == Error::distance; }
};
std::vector<FitRow> fit_rows(const FitRecord& fit);

struct FitError {
  double value = 0;
  bool relative = false;
};
// Of the figure at `place`; requires a row that has figures.
FitError fit_error(const FitRow& row, std::size_t place);

}  // namespace hinterland
