#include "hinterland/siting/certificate.hpp"

#include <algorithm>
#include <cmath>

#include "hinterland/siting/cheapest_columns.hpp"
#include "hinterland/siting/cut_master.hpp"
#include "hinterland/siting/quick_dispatch.hpp"

namespace hinterland {

namespace {

constexpr double kFirstStep = 1e-3, kNarrow = 1e-5, kMostFactor = 1e14;  // of cap prices
constexpr double kCheap = 2e-7;     // share of its cost that a mixture may cost too much
constexpr double kRounding = 1e-7;  // to which HiGHS keeps rows
// A hair more than the solver says: what it lacks would be left unserved, and what is too much is not kept.
constexpr double kHair = 1e-6;
constexpr double kNoKw = 1e-6;   // a column of less than a thousandth of a watt is none
constexpr double kSame = 1e-12;  // rounding

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

}  // namespace

bool SitingPlan::keeps_rows() const {
  return std::ranges::all_of(row_lacks, [](double lacks) { return lacks == 0; });
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

namespace {

Dispatch dispatch_carrying(const SitingProblem& problem, const std::vector<double>& capacity,
                           const SitingPrices& prices, const Carried& carried,
                           const std::function<bool()>& go_on = {}) {
  const DispatchStart start{.scarcity = prices.capacity, .cap_prices = prices.caps, .go_on = go_on};
  return carried.empty() ? dispatch_within_caps(problem, capacity, start)
                         : dispatch_within_caps(cut(problem, carried), capacity, start);
}

// What a plan's columns and its dispatch cost, and the rows they keep.
void add_up(const SitingProblem& problem, SitingPlan& out) {
  out.objective = out.dispatch.cost;
  for (std::size_t k = 0; k < out.columns.size(); ++k)
    out.objective +=
        out.columns[k] * problem.columns[k].cost + (out.columns[k] > 0 ? problem.columns[k].fixed : 0);
  out.row_lacks.clear();
  for (const CapacityRow& row : problem.rows) {
    const double lacks = row.least - row.sum(out.columns);
    out.row_lacks.push_back(lacks <= kRounding * row.size(out.columns) ? 0 : lacks);
  }
}

SitingPlan priced(const SitingProblem& problem, std::vector<double> columns, SitingPrices prices,
                  Carried carried, Dispatch dispatched) {
  SitingPlan out{.columns = std::move(columns),
                 .prices = std::move(prices),
                 .more_prices = {},
                 .carried = std::move(carried),
                 .dispatch = std::move(dispatched),
                 .row_lacks = {}};
  add_up(problem, out);
  out.bound = lower_bound(problem, out.prices);
  return out;
}

// A hair more than the solver says, of what may be had.
std::vector<double> hair_more(const SitingProblem& problem, const std::vector<bool>& open,
                              const std::vector<double>& columns) {
  std::vector<double> capacity = capacity_of(problem, columns), most(problem.sites);
  for (std::size_t k = 0; k < columns.size(); ++k)
    most[problem.columns[k].site] += open[k] ? problem.columns[k].most : 0;
  for (SiteIndex s = 0; s < problem.sites; ++s) capacity[s] = std::min(capacity[s] * (1 + kHair), most[s]);
  return capacity;
}

// A kW that is not there in any hour leaves that much unserved at most.
double worth_of_a_kw(const SitingProblem& problem) {
  double most = 0;
  for (const PromptDemand& demand : problem.prompt) most = std::max(most, demand.unserved);
  for (const DeferrableDemand& demand : problem.deferrable) most = std::max(most, demand.unserved);
  return most * problem.hours;
}

// The cheapest columns for the loads of a dispatch at `capacity`, a hair more than `columns`; empty: the rows cannot be
// kept. `same` says whether the dispatch stays one of these columns.
std::vector<double> columns_for(const SitingProblem& problem, const std::vector<bool>& open,
                                const std::vector<double>& columns, const std::vector<double>& capacity,
                                const Dispatch& dispatched, bool& same) {
  std::vector<double> needs(problem.sites);
  for (std::size_t c = 0; c < dispatched.load.size(); ++c)
    if (dispatched.load[c] > 0)
      needs[c % problem.sites] =
          std::max(needs[c % problem.sites], dispatched.load[c] / problem.availability[c]);

  for (SiteIndex s = 0; s < problem.sites; ++s) needs[s] = std::min(needs[s], capacity[s]);
  std::vector<double> fit = cheapest_columns(problem, open, needs);
  const bool enough = !fit.empty();
  if (!enough) {
    // Where a row says "at most", a hair is too much, and so may be what the solver has not settled.
    const std::vector<double> without = capacity_of(problem, columns);
    for (SiteIndex s = 0; s < problem.sites; ++s) needs[s] = std::min(needs[s], without[s]);
    fit = cheapest_columns(problem, open, needs, worth_of_a_kw(problem));
  }
  for (double& kw : fit)
    if (kw < kNoKw) kw = 0;
  same = enough;
  if (!enough) return fit;
  // What HiGHS's tolerance left out.
  std::vector<double> kept = capacity_of(problem, fit);
  for (std::size_t k = 0; k < fit.size(); ++k) {
    const SiteIndex s = problem.columns[k].site;
    const double room = open[k] ? problem.columns[k].most - fit[k] : 0;
    const double more = std::clamp(needs[s] - kept[s], 0.0, room);
    fit[k] += more;
    kept[s] += more;
  }
  // A dispatch stays the cheapest when only what it does not use is taken away; otherwise ask again.
  for (SiteIndex s = 0; s < problem.sites; ++s)
    same = same && kept[s] >= needs[s] * (1 - kSame) && kept[s] <= needs[s] * (1 + kRounding) + kNoKw;
  return fit;
}

}  // namespace

SitingPlan fitted(const SitingProblem& problem, const std::vector<bool>& open,
                  const std::vector<double>& columns, SitingPrices prices, Carried carried,
                  const std::function<bool()>& go_on) {
  prices = tightened(problem, std::move(prices));
  const std::vector<double> capacity = hair_more(problem, open, columns);
  const auto again = [&](std::vector<double> those) {
    Dispatch dispatched = dispatch_carrying(problem, capacity_of(problem, those), prices, carried, go_on);
    return priced(problem, std::move(those), std::move(prices), std::move(carried), std::move(dispatched));
  };
  Dispatch dispatched = dispatch_carrying(problem, capacity, prices, carried, go_on);
  if (dispatched.cost == kNoLimit)
    return priced(problem, columns, std::move(prices), std::move(carried), std::move(dispatched));
  bool same = false;
  std::vector<double> fit = columns_for(problem, open, columns, capacity, dispatched, same);
  if (fit.empty()) return again(columns);
  if (!same) return again(std::move(fit));
  return priced(problem, std::move(fit), std::move(prices), std::move(carried), std::move(dispatched));
}

SitingPlan dispatched(const SitingProblem& problem, SitingPlan given, const std::function<bool()>& go_on) {
  const std::vector<double> capacity = capacity_of(problem, given.columns);
  if (given.quick) given.carried.clear();
  given.dispatch = given.quick ? dispatch_quickly(problem, capacity, given.prices.capacity)
                               : dispatch_carrying(problem, capacity, given.prices, given.carried, go_on);
  add_up(problem, given);
  return given;
}

SitingPlan certify(const SitingProblem& problem, SitingPlan given) {
  given = dispatched(problem, std::move(given));
  given.bound = bound_of(problem, given.prices, given.more_prices);
  return given;
}

SitingPlan fitted_quickly(const SitingProblem& problem, const std::vector<bool>& open,
                          const std::vector<double>& columns, SitingPrices prices) {
  prices = tightened(problem, std::move(prices));
  const std::vector<double> capacity = hair_more(problem, open, columns);
  bool same = false;
  std::vector<double> fit = columns_for(problem, open, columns, capacity,
                                        dispatch_quickly(problem, capacity, prices.capacity), same);
  if (fit.empty()) fit = columns;
  Dispatch dispatched = dispatch_quickly(problem, capacity_of(problem, fit), prices.capacity);
  SitingPlan out = priced(problem, std::move(fit), std::move(prices), {}, std::move(dispatched));
  out.quick = true;
  return out;
}

}  // namespace hinterland
