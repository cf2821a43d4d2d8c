// Which figures are drawn when all doubt is drawn at once, and how they hang together.
//
// Every dial with a cited range is drawn from its Spread (base/spread.hpp), independently of all others but for two
// things, by a Gaussian copula (base/correlated_draws.hpp) whose coefficients are assumed:
//   power prices    of sites that a chain of neighbours at most 400 km apart joins move together: they burn the same
//                   coal and trade over the same lines
//   server_use      of all clusters moves together: they are filled by the same policy and the same demand
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/correlated_draws.hpp"
#include "hinterland/base/spread.hpp"

namespace hinterland {

// A number that an answer could turn on.
struct Dial {
  std::string name;              // "sites.guian.server_use", "workloads.film-render.data_in_gb"
  std::string table, id, field;  // its parts
  double central = 0;            // in the field's unit, as are all below
  double least = 0, most = 0;    // what the field allows; an open bound is given by its nearest value inside
  std::optional<Range> cited;    // what its source, or whoever assumed it, thinks possible; with a width
  std::string kind;              // who says so, as Provenance has it
};

inline constexpr double kPowerPriceCorrelation = 0.6;
inline constexpr double kClusterUseCorrelation = 0.5;
inline constexpr Kilometres kNeighbourhoodRadius{400};

// Which of the dials are drawn, and how they hang together.
struct DrawPlan {
  std::vector<std::size_t> dials;  // those with a cited range
  std::vector<Spread> spreads;     // one each
  std::vector<DrawnQuantity> quantities;
  std::vector<CorrelatedGroup> groups;
};
DrawPlan plan_draws(const Atlas& atlas, const std::vector<Dial>& dials);

}  // namespace hinterland
