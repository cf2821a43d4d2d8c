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

// The cheapest and the second of what somebody may choose from.
class Cheapest {
 public:
  explicit Cheapest(double unserved) : least_(unserved) {}

  void look_at(SiteIndex site, double price) {
    if (price < least_) {
      second_ = least_;
      least_ = price;
      site_ = site;
    } else {
      second_ = std::min(second_, price);
    }
  }

  // Adds what `kwh` of it cost, and what more they would without the cheapest site.
  void add(double kwh, double& constant, double* closing) const {
    constant += kwh * least_;
    if (site_ != kNobody) closing[site_] += kwh * (second_ - least_);
  }

 private:
  static constexpr SiteIndex kNobody = 0xffffffff;
  double least_, second_ = kNoLimit;
  SiteIndex site_ = kNobody;
};

}  // namespace

ValueCut value_cut(const SitingProblem& problem, const SitingPrices& prices, std::uint32_t blocks) {
  ValueCut out{.constant = std::vector<double>(blocks),
               .worth = std::vector<double>(std::size_t{blocks} * problem.sites),
               .closing = std::vector<double>(std::size_t{blocks} * problem.sites)};
  std::vector<double> cells = without_capacity(problem, prices);
  const std::uint32_t hours = problem.hours / blocks;
  const auto block_of = [&](std::uint32_t hour) { return hour / hours; };
  for (std::uint32_t t = 0; t < problem.hours; ++t)
    for (SiteIndex s = 0; s < problem.sites; ++s) {
      const std::size_t c = problem.at(t, s);
      const double lambda = std::max(0.0, prices.capacity[c]);
      cells[c] += lambda;
      out.worth[std::size_t{block_of(t)} * problem.sites + s] += problem.availability[c] * lambda;
      double& constant = out.constant[block_of(t)];
      if (!prices.power.empty() && prices.power[c] > 0 && problem.power_limit[c] < kNoLimit)
        constant -= prices.power[c] * problem.power_limit[c];
    }
  for (std::uint32_t t = 0; t < problem.hours; ++t)
    for (std::size_t i = 0; i < problem.prompt.size(); ++i) {
      const PromptDemand& demand = problem.prompt[i];
      Cheapest cheapest(demand.unserved);
      for (std::size_t k = 0; k < demand.sites.size(); ++k)
        cheapest.look_at(demand.sites[k], demand.network[k] + cells[problem.at(t, demand.sites[k])]);
      cheapest.add(problem.prompt_kw[t * problem.prompt.size() + i], out.constant[block_of(t)],
                   &out.closing[std::size_t{block_of(t)} * problem.sites]);
    }
  std::vector<double> at_site(problem.sites);
  for (const Hub& hub : problem.hubs) {
    for (const SiteIndex s : hub.sites) at_site[s] = hub_price(problem, hub, s, cells);
    const std::uint32_t block = block_of(hub.first_hour);
    for (const Deferral& deferral : hub.deferrals) {
      const DeferrableDemand& demand = problem.deferrable[deferral.demand];
      Cheapest cheapest(demand.unserved);
      for (const SiteIndex s : hub.sites) cheapest.look_at(s, demand.network[s] + at_site[s]);
      cheapest.add(deferral.kwh, out.constant[block], &out.closing[std::size_t{block} * problem.sites]);
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
  const std::vector<bool> alone = alone_at_site(problem);
  for (std::size_t k = 0; k < problem.columns.size(); ++k) {
    const CapacityColumn& column = problem.columns[k];
    double worth = value.worth[column.site];
    for (std::size_t r = 0; r < prices.rows.size(); ++r)
      worth += std::max(0.0, prices.rows[r]) * problem.rows[r].weight[k];
    bound += std::min(alone[k] ? value.closing[column.site] : 0,
                      column.fixed + std::min(0.0, (column.cost - worth) * column.most));
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
