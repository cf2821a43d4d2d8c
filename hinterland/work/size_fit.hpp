// Sizes of a trace's jobs as a model has them: distributions, their dependence, and how users repeat themselves.
//
//   repeats           a share s of a user's successive jobs has equal cores, GPUs and memory; two jobs drawn apart agree
//                     with chance c = sum over sizes of share^2; so (s - c) / (1 - c) of the jobs repeat on purpose
//   run_persistence   rank correlation of the runs over such equal pairs, as correlation of scores; less what the size
//                     alone brings, and scaled to the pairs that repeat on purpose
// A trace that names no users counts as one user's.
#pragma once
#include <span>

#include "hinterland/work/trace.hpp"
#include "hinterland/work/trace_model.hpp"

namespace hinterland {

// Fills in run_s, cores, gpus, memory_gb, dependence, users and step_s. Requires jobs in the order of their submission,
// of which one knows its run; `users`: how many the trace names.
void fit_sizes(std::span<const Job> jobs, std::size_t users, TraceModel& model);

}  // namespace hinterland
