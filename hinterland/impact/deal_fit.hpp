// What counts of deals by date say about how fast deals come to operate, and what follows for the years ahead.
//
// Nobody announces what became of which deal: there are only counts, some stages of some dates. The counts N (one a stage) move
// by deal_stages.hpp; from one date to the next, with n deals newly signed in between at times unknown,
//
//   E N'  = P' m + n q              m, C: mean and covariance of N; P rows: where each stage leads; q: where newcomers stand
//   V N'  = P' C P + sum_i m_i (diag P_i - P_i P_i') + n (diag q - q q')
//
// and what a date's counts say of N, and how likely they are, is a Kalman filter's step with an error of rounding (variance
// 1/12) in each count. The normal law stands for sums of multinomials (MacRae 1977, Econometrica 45 183: Markov processes
// from aggregate data).
//
// Rates have log-normal priors with the central value as median and low and high as 5th and 95th percentile; the programme's
// first signing has the triangle of its range (base/spread.hpp). In the standard normal scores z of these four,
//
//   posterior(z) ~ exp(-z'z / 2) L(z)
//
// is drawn by importance: from a t distribution about its mode, and for one draw in five from the prior, which bounds the
// weights (Hesterberg 1995, Technometrics 37 185). So where counts say little the prior is what comes back: the page sets both
// side by side.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/base/spread.hpp"
#include "hinterland/impact/band.hpp"
#include "hinterland/impact/deal_stages.hpp"

namespace hinterland {

// At the end of a date, as a point of the calendar in years. `signed_deals` counts all ever signed.
struct StageCount {
  double year = 0;
  double signed_deals = 0;
  std::optional<double> building, operating, dropped;
};

struct DealPriors {
  Range start_years, build_years;  // mean time at the stage if nothing were dropped: 1 / a, 1 / b
  Range drop;                      // a year
  Range since;                     // when the first deal was signed
};

struct DealQuestion {
  std::vector<StageCount> counts;  // rising in time, `since` before the first
  DealPriors priors;
  double level = kBandLevel;    // of the bands
  std::vector<double> ahead;    // points of the calendar after the last count
  double signing_per_year = 0;  // deals newly signed from then on
  std::size_t draws = 4000;
  std::uint64_t seed = 1;
};

struct DealForecast {
  double year = 0;
  double signed_deals = 0;
  Band waiting, building, operating, dropped;
};

// A quantity before the counts were known and after.
struct LearntBand {
  Band prior, posterior;
  // 1: nothing was learnt of it; near 0: the counts say it all.
  [[nodiscard]] double left() const { return (posterior.high - posterior.low) / (prior.high - prior.low); }
};

struct DealFit {
  LearntBand start_years, build_years, drop, since;
  LearntBand operating_in_the_end;  // share
  DealForecast now;                 // at the last count: stages that were not counted
  std::vector<DealForecast> ahead;
  double effective_draws = 0;  // (sum w)^2 / sum w^2
  std::size_t draws = 0;       // made; fewer than asked for: it was interrupted
};

// Requires a count, and priors above 0. `progress` counts draws; where it asks to stop, those made by then are used.
DealFit fit_deals(const DealQuestion& question, Progress& progress);

}  // namespace hinterland
