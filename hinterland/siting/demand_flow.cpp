#include "hinterland/siting/demand_flow.hpp"

#include <algorithm>

namespace hinterland {

CostGrid::CostGrid(const SitingProblem& problem, const std::vector<double>& energy) {
  double most = 1e-300;
  const auto look_at = [&](const std::vector<double>& costs) {
    for (const double money : costs) most = std::max(most, std::abs(money));
  };
  look_at(energy);
  for (const PromptDemand& demand : problem.prompt) {
    look_at(demand.network);
    most = std::max(most, std::abs(demand.unserved));
  }
  for (const DeferrableDemand& demand : problem.deferrable) {
    look_at(demand.network);
    most = std::max(most, std::abs(demand.unserved));
  }
  most_ = std::exp2(std::ceil(std::log2(most)));
  step_ = most_ * 0x1p-48;
}

DemandCosts::DemandCosts(const SitingProblem& problem, const CostGrid& grid)
    : demands(static_cast<std::uint32_t>(problem.prompt.size())),
      places(problem.sites + 1),
      exact(std::size_t{demands} * places, kNoLimit) {
  for (std::size_t i = 0; i < demands; ++i) {
    const PromptDemand& demand = problem.prompt[i];
    for (std::size_t k = 0; k < demand.sites.size(); ++k)
      exact[i * places + demand.sites[k]] = demand.network[k];
    exact[i * places + unserved()] = demand.unserved;
  }
  for (const double cost : exact) money.push_back(grid(cost));
}

DemandCosts::DemandCosts(const SitingProblem& problem, const Hub& hub, const CostGrid& grid)
    : demands(static_cast<std::uint32_t>(hub.deferrals.size())),
      places(problem.sites + 1),
      exact(std::size_t{demands} * places, kNoLimit) {
  for (std::size_t j = 0; j < demands; ++j) {
    const DeferrableDemand& demand = problem.deferrable[hub.deferrals[j].demand];
    for (const SiteIndex s : hub.sites) exact[j * places + s] = demand.network[s];
    exact[j * places + unserved()] = demand.unserved;
  }
  for (const double cost : exact) money.push_back(grid(cost));
}

DemandFlow::DemandFlow(const DemandCosts& costs)
    : costs_(&costs),
      units_(std::size_t{costs.demands} * costs.places),
      least_(std::size_t{costs.places} * costs.places),
      who_(least_.size()),
      fresh_(costs.places) {}

void DemandFlow::freshen(std::uint32_t from) {
  const std::uint32_t places = costs_->places;
  double* least = &least_[std::size_t{from} * places];
  std::uint32_t* who = &who_[std::size_t{from} * places];
  std::fill_n(least, places, kNoLimit);
  for (std::uint32_t i = 0; i < costs_->demands; ++i) {
    if (at(i, from) == 0) continue;
    const double* money = &costs_->money[std::size_t{i} * places];
    const double here = money[from];
    for (std::uint32_t q = 0; q < places; ++q)
      if (money[q] - here < least[q]) {
        least[q] = money[q] - here;
        who[q] = i;
      }
  }
  fresh_[from] = 1;
}

}  // namespace hinterland
