// How far to trust what a fill is worth: all cited ranges of both sides drawn at once, as for a verdict (sureness.hpp),
// and every step's room worked out anew each time.
//
// One seed gives a figure the same draws whichever step asks for it, so steps share their luck: in a draw in which
// power is dear at the site it is dear for all of them, and sums over steps are sums of one world. A band is what nine
// draws in ten lie in (the 5 % and the 95 % nearest rank).
//
// The pieces of work stay as their classes describe them, and so does which steps fit: the ranges of a class speak of
// other pieces, not of doubt about this one. A step that is refused in a draw, or whose ceiling is then below the floor,
// does not come: it adds nothing to that draw's year.
#pragma once
#include <cstdint>
#include <vector>

#include "hinterland/base/progress.hpp"
#include "hinterland/judge/fill.hpp"

namespace hinterland {

struct MoneyBand {
  Money low, high;
};

struct StepDoubt {
  MoneyBand room;   // of the draws in which it is allowed on both sides; its own room if there are none
  double pays = 0;  // share of all draws in which the room is above zero
};

struct FillDoubt {
  std::int64_t draws = 0;
  std::uint64_t seed = 0;
  std::vector<StepDoubt> steps;  // one a step of the fill
  MoneyBand once, all_year;      // of Fill::year
};

inline constexpr std::int64_t kMostFillDraws = 1'000'000;

// Requires 1 <= draws <= kMostFillDraws and a fill of this question. Empty if `progress` says stop.
std::optional<FillDoubt> doubt_fill(const Atlas& atlas, const RateYear& rates, const FillQuestion& question,
                                    const Fill& fill, std::int64_t draws, std::uint64_t seed,
                                    Progress& progress);

}  // namespace hinterland
