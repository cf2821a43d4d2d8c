// The cheapest dispatch when the capacities are given, exactly: who serves what in each hour.
//
// At given capacities the siting problem without caps is a minimum-cost flow from demands through hubs to cells
// (an hour of a site), which falls apart into spans of hours that no window crosses. `span_flow.hpp` solves one.
#pragma once
#include <functional>
#include <vector>

#include "hinterland/siting/problem.hpp"

namespace hinterland {

struct Dispatch {
  double cost = 0;  // energy, network and what is not served; at true prices
  double unserved_kwh = 0;
  std::vector<double> load;  // [hour x sites + site] kW
  std::vector<double>
      scarcity;  // [hour x sites + site] what one more kW there would save in that hour, at least 0
  std::vector<double> prompt_kwh;      // [demand x sites + site] over all hours
  std::vector<double> deferrable_kwh;  // [demand x sites + site]
  std::vector<double> cap_use;         // [cap] sum of intensity x load
};

struct DispatchStart {
  std::vector<double>
      scarcity;  // [hour x sites + site]: where to begin; the nearer, the sooner it is done. Or empty.
  std::vector<double>
      cap_prices;  // [cap] money per unit that is charged on top of energy when choosing; or empty
  std::function<bool()> go_on;  // asked now and then; false: stop, and the cost is infinite
};

// `capacity` [site] in kW. Flows are counted in whole units of 2^-50 of the largest sum there is, and choosing looks at
// costs in steps of 2^-48 of the dearest kWh there is; the cost is optimal but for those and the rounding of sums
// (1e-12 of it). With cap prices, optimal at those prices. The same result every time, whatever the start, but for
// ties. Requires check(problem) to be empty.
Dispatch dispatch(const SitingProblem& problem, const std::vector<double>& capacity,
                  const DispatchStart& start = {});

}  // namespace hinterland
