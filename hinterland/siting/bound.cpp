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

// The cheapest hour of the hub's window at a site.
double hub_price(const SitingProblem& problem, const Hub& hub, SiteIndex site,
                 const std::vector<double>& cells) {
  double least = kNoLimit;
  for (std::uint32_t t = hub.first_hour; t < hub.past_hour; ++t)
    least = std::min(least, cells[problem.at(t, site)]);
  return least;
}

// The sites that a demand may use and what it costs there: ways(look) calls look(site, cost) for each.
auto ways_of(const PromptDemand& demand, const double* cell) {
  return [&demand, cell](auto&& look) {
    for (std::size_t k = 0; k < demand.sites.size(); ++k)
      look(demand.sites[k], demand.network[k] + cell[demand.sites[k]]);
  };
}

auto ways_of(const DeferrableDemand& demand, const Hub& hub, const std::vector<double>& at_site) {
  return [&](auto&& look) {
    for (const SiteIndex s : hub.sites) look(s, demand.network[s] + at_site[s]);
  };
}

double cheapest(double unserved, const auto& ways) {
  double least = unserved;
  ways([&](SiteIndex, double cost) { least = std::min(least, cost); });
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

  void add(double kwh, double unserved, const auto& ways, std::uint32_t block) {
    if (!any_to_open_) {  // then there is nobody to give back to
      cut_.constant[block] += kwh * cheapest(unserved, ways);
      return;
    }
    double asked = unserved, least = kNoLimit;
    ways([&](SiteIndex site, double cost) {
      if (!free_.empty() && free_[site]) return;
      asked = std::min(asked, std::max(cost, least));
      least = std::min(least, cost);
    });
    cut_.constant[block] += kwh * asked;
    ways([&](SiteIndex site, double cost) {
      const double saved = kwh * std::max(0.0, asked - cost);
      if (to_open_[site])
        cut_.opening[std::size_t{block} * sites_ + site] += saved;
      else
        cut_.constant[block] -= saved;
    });
  }

 private:
  const std::uint32_t sites_;
  const std::vector<bool>& free_;
  const std::vector<bool> to_open_;  // [site]
  const bool any_to_open_;
  ValueCut& cut_;
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
      sum.add(problem.prompt_kw[t * problem.prompt.size() + i], demand.unserved,
              ways_of(demand, &cells[problem.at(t, 0)]), block_of(t));
    }
  std::vector<double> at_site(problem.sites);
  for (const Hub& hub : problem.hubs) {
    for (const SiteIndex s : hub.sites) at_site[s] = hub_price(problem, hub, s, cells);
    for (const Deferral& deferral : hub.deferrals) {
      const DeferrableDemand& demand = problem.deferrable[deferral.demand];
      sum.add(deferral.kwh, demand.unserved, ways_of(demand, hub, at_site), block_of(hub.first_hour));
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
  for (std::size_t k = 0; k < prices.caps.size(); ++k)
    if (problem.caps[k].most >= most_use(problem, problem.caps[k])) prices.caps[k] = 0;
  const std::vector<double> base = without_capacity(problem, prices);
  std::vector<double> cells = base, least(base.size());
  for (std::size_t c = 0; c < cells.size(); ++c) cells[c] += std::max(0.0, prices.capacity[c]);
  // A site serves a demand at price p only if its cell costs at least p less the network.
  for (std::uint32_t t = 0; t < problem.hours; ++t)
    for (const PromptDemand& demand : problem.prompt) {
      const double price = cheapest(demand.unserved, ways_of(demand, &cells[problem.at(t, 0)]));
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
        most = std::max(most, cheapest(demand.unserved, ways_of(demand, hub, at_site)) - demand.network[s]);
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
