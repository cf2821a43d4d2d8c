#include "hinterland/siting/quick_dispatch.hpp"

#include <algorithm>
#include <utility>

namespace hinterland {

namespace {

class Quick {
 public:
  Quick(const SitingProblem& problem, const std::vector<double>& capacity, const SitingPrices& prices)
      : problem_(problem), room_(problem.energy.size()), guide_(problem.energy) {
    out_.load.resize(room_.size());
    out_.scarcity = prices.capacity;
    out_.prompt_kwh.resize(problem.prompt.size() * problem.sites);
    out_.deferrable_kwh.resize(problem.deferrable.size() * problem.sites);
    out_.cap_use.resize(problem.caps.size());
    for (std::size_t c = 0; c < room_.size(); ++c) {
      room_[c] = problem.room(c, capacity[c % problem.sites]);
      guide_[c] += prices.capacity[c];
      for (std::size_t k = 0; k < prices.caps.size(); ++k)
        guide_[c] += prices.caps[k] * problem.caps[k].intensity[c];
    }
  }

  Dispatch run() {
    for (std::uint32_t t = 0; t < problem_.hours; ++t)
      for (std::size_t i = 0; i < problem_.prompt.size(); ++i) serve(t, i);
    for (const Hub& hub : problem_.hubs) serve(hub);
    keep_caps();
    return std::move(out_);
  }

 private:
  double take(std::size_t cell, double wanted, double network) {
    const double kwh = std::min(wanted, room_[cell]);
    room_[cell] -= kwh;
    out_.load[cell] += kwh;
    out_.cost += kwh * (problem_.energy[cell] + network);
    return kwh;
  }
  void leave(double kwh, double unserved) {
    out_.unserved_kwh += kwh;
    out_.cost += kwh * unserved;
  }

  void serve(std::uint32_t hour, std::size_t i) {
    const PromptDemand& demand = problem_.prompt[i];
    double left = problem_.prompt_kw[std::size_t{hour} * problem_.prompt.size() + i];
    while (left > 0) {
      std::size_t best = demand.sites.size();
      double least = kNoLimit;
      for (std::size_t k = 0; k < demand.sites.size(); ++k) {
        const std::size_t cell = problem_.at(hour, demand.sites[k]);
        if (room_[cell] > 0 && guide_[cell] + demand.network[k] < least) {
          least = guide_[cell] + demand.network[k];
          best = k;
        }
      }
      if (best == demand.sites.size()) break;
      const double kwh = take(problem_.at(hour, demand.sites[best]), left, demand.network[best]);
      out_.prompt_kwh[i * problem_.sites + demand.sites[best]] += kwh;
      left -= kwh;
    }
    leave(std::max(left, 0.0), demand.unserved);
  }

  // The hours of each site in the hub's window, the cheapest first; those without room are passed for good.
  void serve(const Hub& hub) {
    hours_.resize(hub.sites.size());
    next_.assign(hub.sites.size(), 0);
    for (std::size_t k = 0; k < hub.sites.size(); ++k) {
      hours_[k].clear();
      for (std::uint32_t t = hub.first_hour; t < hub.past_hour; ++t)
        hours_[k].push_back(problem_.at(t, hub.sites[k]));
      std::ranges::sort(hours_[k], {}, [&](std::size_t cell) { return std::pair(guide_[cell], cell); });
    }
    for (const Deferral& deferral : hub.deferrals) {
      const DeferrableDemand& demand = problem_.deferrable[deferral.demand];
      double left = deferral.kwh;
      while (left > 0) {
        std::size_t best = hub.sites.size();
        double least = kNoLimit;
        for (std::size_t k = 0; k < hub.sites.size(); ++k) {
          while (next_[k] < hours_[k].size() && room_[hours_[k][next_[k]]] <= 0) ++next_[k];
          if (next_[k] == hours_[k].size()) continue;
          const double price = guide_[hours_[k][next_[k]]] + demand.network[hub.sites[k]];
          if (price < least) least = price, best = k;
        }
        if (best == hub.sites.size()) break;
        const SiteIndex s = hub.sites[best];
        const double kwh = take(hours_[best][next_[best]], left, demand.network[s]);
        out_.deferrable_kwh[deferral.demand * problem_.sites + s] += kwh;
        left -= kwh;
      }
      leave(std::max(left, 0.0), demand.unserved);
    }
  }

  // Serving a share of everything is a dispatch too, with that share of each use.
  void keep_caps() {
    double share = 1;
    for (std::size_t k = 0; k < problem_.caps.size(); ++k) {
      for (std::size_t c = 0; c < out_.load.size(); ++c)
        out_.cap_use[k] += problem_.caps[k].intensity[c] * out_.load[c];
      if (out_.cap_use[k] > problem_.caps[k].most)
        share = std::min(share, problem_.caps[k].most / out_.cap_use[k]);
    }
    if (share == 1) return;
    const Demanded all = demanded(problem_);
    out_.cost = share * out_.cost + (1 - share) * all.unserved_cost;
    out_.unserved_kwh = share * out_.unserved_kwh + (1 - share) * all.kwh;
    for (std::vector<double>* list : {&out_.load, &out_.prompt_kwh, &out_.deferrable_kwh, &out_.cap_use})
      for (double& amount : *list) amount *= share;
  }

  const SitingProblem& problem_;
  std::vector<double> room_, guide_;             // [cell]
  std::vector<std::vector<std::size_t>> hours_;  // [site of a hub] cells
  std::vector<std::size_t> next_;
  Dispatch out_;
};

}  // namespace

Dispatch dispatch_quickly(const SitingProblem& problem, const std::vector<double>& capacity,
                          const SitingPrices& prices) {
  return Quick(problem, capacity, prices).run();
}

}  // namespace hinterland
