// What flips the verdict: for every dial alone, the nearest value at which the answer changes.
//
// On either side of the central value the question is asked again at points of a grid, first through the cited
// range, then on to what the field allows; where the answer changes the interval is halved (base/edge.hpp). "Nothing
// within its range" is an answer. A change that is undone between two points of the grid is not seen.
//
// A dial that changes no party's price and no permission at the ends of what its field allows nor at those of its
// cited range is one that the model does not read for this question.
#pragma once
#include <optional>
#include <vector>

#include "hinterland/judge/working_copy.hpp"

namespace hinterland {

// One value of a dial, and what is then said.
struct Flip {
  double at = 0;
  Answer answer = Answer::refused;
  std::size_t destination = 0;  // party; 0: home, or nowhere where refused
  bool cited = false;           // within the cited range
};

struct Flips {
  bool read = false;                 // whether the model reads the dial at all
  std::optional<Flip> below, above;  // of the answer
  std::optional<Flip> elsewhere_below,
      elsewhere_above;  // it still moves, but to another site; only where that is
                        // nearer than a change of the answer
};

// Of dial `dial`; leaves `copy` as it was. Requires that no dial is turned, and `standing` = copy.ask().
Flips flips_of(WorkingCopy& copy, std::size_t dial, const Reply& standing);

}  // namespace hinterland
