#include "hinterland/siting/capped_dispatch.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace hinterland {

namespace {

constexpr double kFirstStep = 1e-3, kNarrow = 1e-5, kMostFactor = 1e14;  // of cap prices
constexpr double kCheap = 2e-7;  // share of its cost that a mixture may cost too much

// By how much of itself the most broken cap is broken; at most 0 when all are kept.
double worst_excess(const SitingProblem& problem, const Dispatch& dispatched) {
  double worst = -1;
  for (std::size_t k = 0; k < problem.caps.size(); ++k) {
    const double most = problem.caps[k].most, use = dispatched.cap_use[k];
    worst = std::max(worst, most > 0 ? use / most - 1 : use > 0 ? kNoLimit : 0.0);
  }
  return worst;
}

// (1 - share) of `a` and `share` of `b`: a dispatch too, for loads, uses and costs are sums of flows.
Dispatch mixture(Dispatch a, const Dispatch& b, double share) {
  const auto mix = [share](double& to, double other) { to += share * (other - to); };
  const auto mix_all = [&](std::vector<double>& to, const std::vector<double>& other) {
    for (std::size_t k = 0; k < to.size(); ++k) mix(to[k], other[k]);
  };
  mix(a.cost, b.cost);
  mix(a.unserved_kwh, b.unserved_kwh);
  mix_all(a.load, b.load);
  mix_all(a.scarcity, b.scarcity);
  mix_all(a.prompt_kwh, b.prompt_kwh);
  mix_all(a.deferrable_kwh, b.deferrable_kwh);
  mix_all(a.cap_use, b.cap_use);
  return a;
}

// The least share of the thrifty dispatch that keeps every cap.
double least_share(const SitingProblem& problem, const Dispatch& wasteful, const Dispatch& thrifty) {
  double share = 0;
  for (std::size_t k = 0; k < problem.caps.size(); ++k) {
    const double over = wasteful.cap_use[k] - problem.caps[k].most,
                 saves = wasteful.cap_use[k] - thrifty.cap_use[k];
    if (over > 0) share = std::max(share, std::min(1.0, over / saves));
  }
  return share;
}

Dispatch dispatch_within_caps(const SitingProblem& problem, const std::vector<double>& capacity,
                              const DispatchStart& start) {
  if (problem.caps.empty()) return dispatch(problem, capacity, start);
  std::vector<double> guess = start.cap_prices;
  guess.resize(problem.caps.size());
  // A cap without a price gets one that says nothing yet, so that raising all of them raises it.
  double energy = 0, intensity = 0;
  for (const Cap& cap : problem.caps)
    for (std::size_t c = 0; c < cap.intensity.size(); ++c) {
      energy += std::abs(problem.energy[c]);
      intensity += cap.intensity[c];
    }
  for (double& price : guess) price = std::max(price, intensity > 0 ? 1e-9 * energy / intensity : 0);

  const auto at = [&](double factor) {
    DispatchStart scaled{.scarcity = start.scarcity, .cap_prices = guess, .go_on = start.go_on};
    for (double& price : scaled.cap_prices) price *= factor;
    return dispatch(problem, capacity, scaled);
  };
  // Factors of the guess at which the caps are broken and kept: out from 1 in growing steps, then in by halves.
  double low = 1, high = 1;
  Dispatch broken = at(1), kept = broken;
  if (broken.cost == kNoLimit) return broken;
  const bool at_once = worst_excess(problem, broken) <= 0;
  for (double step = kFirstStep; low == high; step *= 4) {
    const double factor = at_once ? std::max(0.0, 1 - step) : 1 + step;
    Dispatch next = at(factor);
    if (next.cost == kNoLimit) return next;
    const bool keeps = worst_excess(problem, next) <= 0;
    if (at_once != keeps)
      (keeps ? high : low) = factor;
    else if (factor == 0 || factor > kMostFactor)
      return next;
    else
      low = high = factor;
    (keeps ? kept : broken) = std::move(next);
  }
  // What the mixture costs beyond what any dispatch that keeps the caps does, by Lagrange's bound at either end.
  const auto beyond = [&] {
    const double share = least_share(problem, broken, kept);
    const double mixed = broken.cost + share * (kept.cost - broken.cost);
    double at_low = broken.cost, at_high = kept.cost;
    for (std::size_t k = 0; k < problem.caps.size(); ++k) {
      at_low += low * guess[k] * (broken.cap_use[k] - problem.caps[k].most);
      at_high += high * guess[k] * (kept.cap_use[k] - problem.caps[k].most);
    }
    return (mixed - std::max(at_low, at_high)) / mixed;
  };
  while (high - low > kNarrow * high && beyond() > kCheap) {
    const double factor = (low + high) / 2;
    Dispatch next = at(factor);
    if (next.cost == kNoLimit) return next;
    const bool keeps = worst_excess(problem, next) <= 0;
    (keeps ? high : low) = factor;
    (keeps ? kept : broken) = std::move(next);
  }
  const double share = least_share(problem, broken, kept);
  return mixture(std::move(broken), kept, share);
}

}  // namespace

Dispatch capped_dispatch(const SitingProblem& problem, const std::vector<double>& capacity,
                         const SitingPrices& prices, const Carried& carried,
                         const std::function<bool()>& go_on) {
  const DispatchStart start{.scarcity = prices.capacity, .cap_prices = prices.caps, .go_on = go_on};
  return carried.empty() ? dispatch_within_caps(problem, capacity, start)
                         : dispatch_within_caps(cut(problem, carried), capacity, start);
}

}  // namespace hinterland
