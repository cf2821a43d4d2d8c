#include "hinterland/siting/bound.hpp"

#include <algorithm>
#include <cmath>

namespace hinterland {

namespace {

// What a kWh costs before its capacity does: energy, power limit and caps.
std::vector<double> without_capacity(const SitingProblem& problem, const SitingPrices& prices) {
  std::vector<double> out = problem.energy;
  for (std::size_t c = 0; c < prices.power.size(); ++c)
    if (problem.power_limit[c] < kNoLimit) out[c] += std::max(0.0, prices.power[c]);
  for (std::size_t k = 0; k < prices.caps.size(); ++k)
    for (std::size_t c = 0; c < out.size(); ++c)
      out[c] += std::max(0.0, prices.caps[k]) * problem.caps[k].intensity[c];
  return out;
}

double prompt_price(const PromptDemand& demand, const double* cell) {
  double least = demand.unserved;
  for (std::size_t k = 0; k < demand.sites.size(); ++k)
    least = std::min(least, demand.network[k] + cell[demand.sites[k]]);
  return least;
}

// The cheapest hour of the hub's window at a site.
double hub_price(const SitingProblem& problem, const Hub& hub, SiteIndex site,
                 const std::vector<double>& cells) {
  double least = kNoLimit;
  for (std::uint32_t t = hub.first_hour; t < hub.past_hour; ++t)
    least = std::min(least, cells[problem.at(t, site)]);
  return least;
}

double deferrable_price(const DeferrableDemand& demand, const Hub& hub, const std::vector<double>& at_site) {
  double least = demand.unserved;
  for (const SiteIndex s : hub.sites) least = std::min(least, demand.network[s] + at_site[s]);
  return least;
}

// Who sums up a cut, a demand at a time.
class CutSum {
 public:
  CutSum(const SitingProblem& problem, const SitingPrices& prices, ValueCut& cut)
      : sites_(problem.sites),
        free_(prices.free_once_open),
        to_open_(pays_to_open(problem)),
        any_to_open_(std::ranges::count(to_open_, true) > 0),
        cut_(cut) {}

  void begin(double unserved) {
    asked_ = unserved;
    least_ = kNoLimit;
    costs_.clear();
  }

  void offer(SiteIndex site, double cost) {
    if (!any_to_open_) {  // then there is nobody to give back to
      asked_ = std::min(asked_, cost);
      return;
    }
    costs_.emplace_back(site, cost);
    if (!free_.empty() && free_[site]) return;
    asked_ = std::min(asked_, std::max(cost, least_));
    least_ = std::min(least_, cost);
  }

  void ask(double kwh, std::uint32_t block) {
    cut_.constant[block] += kwh * asked_;
    for (const auto& [site, cost] : costs_) {
      const double saved = kwh * std::max(0.0, asked_ - cost);
      if (to_open_[site])
        cut_.opening[std::size_t{block} * sites_ + site] += saved;
      else
        cut_.constant[block] -= saved;
    }
  }

 private:
  const std::uint32_t sites_;
  const std::vector<bool>& free_;
  const std::vector<bool> to_open_;  // [site]
  const bool any_to_open_;
  ValueCut& cut_;
  double asked_ = 0, least_ = 0;
  std::vector<std::pair<SiteIndex, double>> costs_;
};

}  // namespace

ValueCut value_cut(const SitingProblem& problem, const SitingPrices& prices, std::uint32_t blocks) {
  ValueCut out{.constant = std::vector<double>(blocks),
               .worth = std::vector<double>(std::size_t{blocks} * problem.sites),
               .opening = std::vector<double>(std::size_t{blocks} * problem.sites)};
  std::vector<double> cells = without_capacity(problem, prices);
  const std::uint32_t hours = problem.hours / blocks;
  const auto block_of = [&](std::uint32_t hour) { return hour / hours; };
  const auto is_free = [&](SiteIndex s) {
    return !prices.free_once_open.empty() && prices.free_once_open[s];
  };
  for (std::uint32_t t = 0; t < problem.hours; ++t)
    for (SiteIndex s = 0; s < problem.sites; ++s) {
      const std::size_t c = problem.at(t, s);
      const double lambda = is_free(s) ? 0 : std::max(0.0, prices.capacity[c]);
      cells[c] += lambda;
      out.worth[std::size_t{block_of(t)} * problem.sites + s] += problem.availability[c] * lambda;
      double& constant = out.constant[block_of(t)];
      if (!prices.power.empty() && prices.power[c] > 0 && problem.power_limit[c] < kNoLimit)
        constant -= prices.power[c] * problem.power_limit[c];
    }
  CutSum sum(problem, prices, out);
  for (std::uint32_t t = 0; t < problem.hours; ++t)
    for (std::size_t i = 0; i < problem.prompt.size(); ++i) {
      const PromptDemand& demand = problem.prompt[i];
      sum.begin(demand.unserved);
      for (std::size_t k = 0; k < demand.sites.size(); ++k)
        sum.offer(demand.sites[k], demand.network[k] + cells[problem.at(t, demand.sites[k])]);
      sum.ask(problem.prompt_kw[t * problem.prompt.size() + i], block_of(t));
    }
  std::vector<double> at_site(problem.sites);
  for (const Hub& hub : problem.hubs) {
    for (const SiteIndex s : hub.sites) at_site[s] = hub_price(problem, hub, s, cells);
    for (const Deferral& deferral : hub.deferrals) {
      const DeferrableDemand& demand = problem.deferrable[deferral.demand];
      sum.begin(demand.unserved);
      for (const SiteIndex s : hub.sites) sum.offer(s, demand.network[s] + at_site[s]);
      sum.ask(deferral.kwh, block_of(hub.first_hour));
    }
  }
  for (std::size_t k = 0; k < prices.caps.size(); ++k)
    if (prices.caps[k] > 0) out.constant[0] -= prices.caps[k] * problem.caps[k].most;
  return out;
}

double lower_bound(const SitingProblem& problem, const SitingPrices& prices) {
  const ValueCut value = value_cut(problem, prices);
  double bound = value.constant[0];
  for (std::size_t r = 0; r < prices.rows.size(); ++r)
    bound += std::max(0.0, prices.rows[r]) * problem.rows[r].least;
  for (std::size_t k = 0; k < problem.columns.size(); ++k) {
    const CapacityColumn& column = problem.columns[k];
    double worth = value.worth[column.site];
    for (std::size_t r = 0; r < prices.rows.size(); ++r)
      worth += std::max(0.0, prices.rows[r]) * problem.rows[r].weight[k];
    bound += std::min(
        0.0, column.fixed - value.opening[column.site] + std::min(0.0, (column.cost - worth) * column.most));
  }
  return bound;
}

SitingPrices tightened(const SitingProblem& problem, SitingPrices prices) {
  const std::vector<double> base = without_capacity(problem, prices);
  std::vector<double> cells = base, least(base.size());
  for (std::size_t c = 0; c < cells.size(); ++c) cells[c] += std::max(0.0, prices.capacity[c]);
  // A site serves a demand at price p only if its cell costs at least p less the network.
  for (std::uint32_t t = 0; t < problem.hours; ++t)
    for (const PromptDemand& demand : problem.prompt) {
      const double price = prompt_price(demand, &cells[problem.at(t, 0)]);
      for (std::size_t k = 0; k < demand.sites.size(); ++k) {
        const std::size_t c = problem.at(t, demand.sites[k]);
        least[c] = std::max(least[c], price - demand.network[k] - base[c]);
      }
    }
  std::vector<double> at_site(problem.sites);
  for (const Hub& hub : problem.hubs) {
    for (const SiteIndex s : hub.sites) at_site[s] = hub_price(problem, hub, s, cells);
    for (const SiteIndex s : hub.sites) {
      double most = -kNoLimit;
      for (const Deferral& deferral : hub.deferrals) {
        const DeferrableDemand& demand = problem.deferrable[deferral.demand];
        most = std::max(most, deferrable_price(demand, hub, at_site) - demand.network[s]);
      }
      for (std::uint32_t t = hub.first_hour; t < hub.past_hour; ++t) {
        const std::size_t c = problem.at(t, s);
        least[c] = std::max(least[c], most - base[c]);
      }
    }
  }
  prices.capacity = std::move(least);
  return prices;
}

}  // namespace hinterland
