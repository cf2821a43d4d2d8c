// What keeping a backup zone or a reserve costs a year, by part.
//
//   building, servers   annuities over their lives (cost/price.hpp)      land      interest on its price
//   staff, upkeep       of a MW that stands ready                        capital   an industry's, by annuity
//   holding             share of a stock's worth                         given     as the scenario says it
#pragma once
#include <vector>

namespace hinterland {

enum class CostOf { building, servers, land, staff, upkeep, capital, holding, given };

struct CostPart {
  CostOf of = CostOf::given;
  double per_year = 0;  // money
};

using KeptCost = std::vector<CostPart>;

inline double total(const KeptCost& cost) {
  double sum = 0;
  for (const CostPart& part : cost) sum += part.per_year;
  return sum;
}

}  // namespace hinterland
