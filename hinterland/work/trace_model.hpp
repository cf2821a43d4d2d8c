// A small trace generator: jobs that arrive at random and run log-normally, with a real service's figures.
//
//   arrivals  Poisson, jobs_per_day
//   run       log-normal with the given median and mean: sigma = sqrt(2 ln(mean / median)); a draw above
//             run_most_s is drawn again
//
// Each figure names its source in the model's file. Fitting models to traces comes later.
#pragma once
#include <string>

#include "hinterland/base/field.hpp"

namespace hinterland {

struct TraceModel {
  std::string name;
  double jobs_per_day = 1;
  double run_median_s = 1, run_mean_s = 1, run_most_s = 1;
  double users = 1;  // each job is of one of them, equally likely
};

Fields<TraceModel> trace_model_fields();
Expected<TraceModel> parse_trace_model(std::string_view toml, const std::string& file);

// `jobs` requests from 2024-01-01T00:00:00 as CSV in the image-requests format. Same model and seed: same
// bytes. Fails if a job would come after the year 9999.
Expected<std::string> generate_requests(const TraceModel& model, std::int64_t jobs, std::uint64_t seed);

}  // namespace hinterland
