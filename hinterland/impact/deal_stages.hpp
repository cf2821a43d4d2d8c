// The life of a relocation deal as stages with constant rates: a Markov process in continuous time.
//
//            a               b
//   signed ----> building ----> operating          a year each: a start, b build, d drop
//      \ d          \ d
//       ----------------------> dropped            operating and dropped are final
//
// With alpha = a + d, beta = b + d, t years after signing:
//
//   P(still signed) = exp(-alpha t)
//   P(building)     = a (exp(-alpha t) - exp(-beta t)) / (beta - alpha)
//   P(operating)    = a b / (alpha beta) [1 - (beta exp(-alpha t) - alpha exp(-beta t)) / (beta - alpha)]
//   P(dropped)      = the rest;      in the end a share a b / (alpha beta) operates
//
// Of deals signed at a time that is known only to lie in a span (interval-censored; evenly within it), each exponential is
// replaced by its mean over the span, (1 - exp(-alpha t)) / (alpha t). (Kalbfleisch and Lawless 1985, Journal of the American
// Statistical Association 80 863, for panels under a Markov assumption.)
#pragma once
#include <array>
#include <cstddef>

namespace hinterland {

struct DealRates {
  double start = 0, build = 0, drop = 0;  // a year; start and build above 0
};

enum class DealStage { waiting, building, operating, dropped };
inline constexpr std::size_t kDealStages = 4;

// [DealStage] probabilities; they add up to 1.
using StageShares = std::array<double, kDealStages>;

// Where a deal stands that stood at `from`, `years` later.
StageShares stages_after(const DealRates& rates, DealStage from, double years);
// Where deals stand at the end of a span in which they were signed evenly.
StageShares stages_of_signed_within(const DealRates& rates, double years);

// Of those signed, the share that operates in the end.
double share_operating_in_the_end(const DealRates& rates);

}  // namespace hinterland
