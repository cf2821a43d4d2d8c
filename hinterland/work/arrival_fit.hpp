// Arrivals of a trace as a model has them: batches, the hours and weekdays at which they begin, and how the rate swings.
//
//   batches     jobs of one user (of anybody, where users are not named) no further apart than a limit
//   window      from the submission of the job at 0.5 % to that at 99.5 %: a few jobs long before the others would
//               otherwise count as months of quiet
//   hours, weekdays   n(h) batches begin in hour h of the window, expected mu(h) = m x hours x weekdays; fitted by turns
//               until both sets of sums agree. Hours need two days and 240 batches, weekdays a dated fortnight too.
//   burst       C_k = sum (n_h - mu_h)(n_{h+k} - mu_{h+k}) / sum mu_h mu_{h+k}, for k = 0 less the Poisson part
//               sum n / sum mu^2; of a log-normal rate C_0 = exp(burst^2) - 1 and C_k = exp(burst^2 m^k) - 1, which
//               gives burst, and m by least squares over k = 1 ... 6.
// Moments and not likelihood: a few sums over the hours, in a fraction of a second for a million jobs.
#pragma once
#include <span>
#include <vector>

#include "hinterland/work/trace.hpp"
#include "hinterland/work/trace_model.hpp"

namespace hinterland {

// The jobs without the first and the last 0.5 %, in the order of their submission as they came.
std::span<const Job> core_of(std::span<const Job> jobs);

// Fills in arrivals and batches of `model` (its zone and calendar are taken as they are). Requires jobs in the order of
// their submission that span some time. `batch_gap_s` 0: each job is its own batch.
void fit_arrivals(std::span<const Job> jobs, double batch_gap_s, TraceModel& model);

}  // namespace hinterland
