// What carries the doubt: how far each dial's cited range alone moves the saving, and which share of the saving's
// variance it carries when all are drawn.
//
// The first is the tornado: the saving (home's price less the best site's) with this dial at its low and at its high
// end, all others as they stand. The second is the first-order Sobol index (base/sensitivity.hpp); its draws are
// independent of each other, for the index has no meaning otherwise: the correlations of sureness.hpp are left out.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "hinterland/base/sensitivity.hpp"
#include "hinterland/judge/sureness.hpp"

namespace hinterland {

struct Swing {
  std::size_t dial = 0;
  std::optional<Money> at_low, at_high;  // empty where home or every other site is refused
  std::optional<SobolIndex> share;
  [[nodiscard]] double width(Money centre) const;
};

// The widest first, at most `most`; those that move nothing are left out. Requires that no dial is turned.
std::vector<Swing> swings(WorkingCopy& copy, const DrawPlan& plan, Money centre, std::size_t most);

// The independent samples of all drawn dials, for rows of one block of CorrelatedDraws::kBlock.
struct ShareSamples {
  std::vector<double> a, b;  // uniforms, row by row
};
ShareSamples share_samples(const DrawPlan& plan, std::uint64_t seed, std::int64_t block);

// The rows of the Sobol indices' samples, asked: the saving at A, at B, and at A with one swing's dial from B.
struct ShareRow {
  double a = 0, b = 0;
  std::vector<double> ab;  // one a swing
};

// Row `row` of its block; empty where a saving is missing. Leaves the dials turned. `samples` is share_samples() of its block.
std::optional<ShareRow> ask_row(WorkingCopy& copy, const DrawPlan& plan, const std::vector<Swing>& swings,
                                const ShareSamples& samples, std::int64_t row);

// Fills in the shares, if at least half of `rows` and two are there; how many of them are.
std::int64_t add_shares(const std::vector<std::optional<ShareRow>>& rows, std::vector<Swing>& swings);

}  // namespace hinterland
