// From where a solver stands to a plan: exact capacities, dispatched and bounded.
#pragma once
#include <functional>
#include <vector>

#include "hinterland/siting/certificate.hpp"

namespace hinterland {

// The cheapest columns that carry the loads which `columns` are dispatched to, and keep the rows; certified. Only
// columns that are open count; the bound sees of fixed costs what lower_bound() does. `go_on` is asked now and
// then; false: the objective is infinite.
SitingPlan fitted(const SitingProblem& problem, const std::vector<bool>& open,
                  const std::vector<double>& columns, SitingPrices prices, Carried carried = {},
                  const std::function<bool()>& go_on = {});

// The same by quick_dispatch.hpp, for whoever has no time.
SitingPlan fitted_quickly(const SitingProblem& problem, const std::vector<bool>& open,
                          const std::vector<double>& columns, SitingPrices prices);

}  // namespace hinterland
