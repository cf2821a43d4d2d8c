// How sure the verdict is: all cited ranges drawn at once, many times, and the question asked each time.
//
// How ranges are drawn, and which of them together: cost/draw_plan.hpp.
//
// What is drawn is the doubt about figures that the atlas or the workload gives a range for. A figure without a range
// is taken as certain, a value set by hand too, and so is the model itself: the share is not a probability of being
// right.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hinterland/judge/working_copy.hpp"

namespace hinterland {

// Turns the drawn dials as each of the first `draws` of one block of CorrelatedDraws says, and calls use(draw, reply), `draw`
// counted from the block's first. Leaves the dials turned.
template <class Use>
void each_draw(WorkingCopy& copy, const DrawPlan& plan, std::uint64_t seed, std::size_t block,
               std::size_t draws, const Use& use) {
  const std::vector<double> uniforms = CorrelatedDraws(seed, plan.quantities, plan.groups).block(block);
  const double* row = uniforms.data();
  for (std::size_t draw = 0; draw < draws; ++draw, row += plan.dials.size()) {
    for (std::size_t i = 0; i < plan.dials.size(); ++i)
      copy.turn(plan.dials[i], plan.spreads[i].quantile(row[i]));
    use(draw, copy.ask());
  }
}

// What draws said, added up.
struct Sureness {
  std::int64_t draws = 0;
  std::int64_t agree = 0;       // the same answer
  std::int64_t same_place = 0;  // and the same site
  std::int64_t refused = 0;
  std::map<std::size_t, std::int64_t> by_destination;  // party -> draws; 0: stay; without the refused
  std::vector<double> savings;                         // of the draws that allow home and some site away

  void add(const Sureness& other);  // of other draws of the same question
  // The saving that a share `q` of them stay below (the nearest rank); empty if there are none. Requires `savings`
  // sorted; ask_block() and add() leave them as they come.
  [[nodiscard]] std::optional<Money> saving_at(double q) const;
};

// Asks the first `draws` of one block of CorrelatedDraws::kBlock. Leaves the dials turned.
Sureness ask_block(WorkingCopy& copy, const DrawPlan& plan, std::uint64_t seed, std::size_t block,
                   std::int64_t draws, const Reply& standing);

}  // namespace hinterland
