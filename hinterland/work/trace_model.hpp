// A model of a trace: when jobs arrive, how large they are, how users repeat themselves; a page of TOML that a person
// can read and write. trace_fit estimates one, trace_generate samples it.
//
//   arrivals   Batches begin as a Poisson process whose rate changes every hour:
//                rate(h) = jobs_per_day / 24 / E[jobs of a batch] x hours[of day] x weekdays[] x exp(burst x - burst^2/2)
//              where x(h) is normal and remembers: x(h) = m x(h-1) + sqrt(1 - m^2) noise, m = burst_memory.
//   batches    A share `single` of them is one job; the others have `sizes` jobs, `gaps_s` apart in the mean (exponential
//              around it). The scores of size and gap are correlated by size_gap.
//   sizes      run_s, cores, gpus and memory_gb, each a Marginal, joined by a Gaussian copula ([dependence]).
//   users      A batch belongs to one user. The `repeats` share of a user's jobs has the cores, GPUs and memory of the
//              user's job before; the run's score given these is then correlated by run_persistence with that job's.
//              With users.count = 0 nobody is named, and the jobs count as one user's.
//
// Only [arrivals] jobs_per_day and [run_s] must be given: the rest is then Poisson and independent. The form is our own
// choice; docs/traces.md says why and how well it holds.
#pragma once
#include <array>
#include <string>
#include <vector>

#include "hinterland/base/time.hpp"
#include "hinterland/work/copula.hpp"
#include "hinterland/work/distribution.hpp"

namespace hinterland {

enum class TraceCalendar { dated, undated };

struct ArrivalModel {
  double jobs_per_day = 1;
  std::vector<double> hours,
      weekdays;  // 24 and 7 (from Monday) factors; only their ratios count; empty: all alike
  double burst = 0, burst_memory = 0;
};
struct BatchModel {
  double single = 1;
  std::vector<double> sizes, gaps_s;  // quantiles at the model's levels
  double size_gap = 0;
};
// Correlations of scores.
struct DependenceModel {
  double run_cores = 0, run_gpus = 0, run_memory = 0, cores_gpus = 0, cores_memory = 0, gpus_memory = 0;
};
struct UserModel {
  double count = 0;
  std::vector<double> shares;  // of the jobs, of the busiest users; the others share the rest alike
  double repeats = 0, run_persistence = 0;
};
// Where a fitted model comes from and how well it does on what it has not seen (trace_fit.hpp). Lists: the held-out
// last third, then the two thirds before it, the model and the baseline, both fitted to these two thirds.
struct FitRecord {
  std::string trace, command, first, last;
  double jobs = 0, batch_gap_s = 0;
  std::vector<double> run_p10_s, run_p50_s, run_p90_s, run_p99_s;
  std::vector<double> jobs_per_day, dispersion, lag_1_h, lag_24_h, peak_to_mean;
  std::vector<double> run_ks,
      gap_ks;  // distance to the held-out third: of the two thirds, the model, the baseline
};

struct TraceModel {
  std::string file;  // where it was read, for messages
  std::string name, source, licence;
  std::string zone = "UTC";  // whose clock [arrivals] means
  TraceCalendar calendar = TraceCalendar::dated;
  std::string start = "2024-01-01T00:00:00";  // of what is generated, in the zone
  double step_s = 1;                          // submissions and runs are multiples of it
  std::vector<double> levels;                 // of all quantiles; empty: evenly spaced
  ArrivalModel arrivals;
  BatchModel batches;
  Marginal run_s, cores, gpus, memory_gb;  // cores, gpus, memory_gb may be empty: not known
  DependenceModel dependence;
  UserModel users;
  FitRecord fit;

  [[nodiscard]] Instant begin() const;  // 0 if undated
};

// Reads and checks a model; all problems are listed. The name is the file's unless the file gives one.
Expected<TraceModel> parse_trace_model(std::string_view toml, const std::string& file);

// `name` is a file (it has a '/' or ends in .toml) or a model in the folder `models`.
Expected<TraceModel> load_trace_model(const std::string& name, const std::string& models);

// The model as its file; numbers to five digits. parse_trace_model reads it back.
std::string trace_model_toml(const TraceModel& model);

// The correlations as a matrix: cores, gpus, memory, run.
ScoreMatrix score_matrix(const DependenceModel& dependence);

// The fields of each table of the file: they check it, and they write it.
Fields<TraceModel> trace_model_fields();
Fields<ArrivalModel> arrival_fields();
Fields<BatchModel> batch_fields();
Fields<DependenceModel> dependence_fields();
Fields<UserModel> user_fields();
Fields<FitRecord> fit_record_fields();

}  // namespace hinterland
