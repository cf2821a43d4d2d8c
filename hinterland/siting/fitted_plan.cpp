#include "hinterland/siting/fitted_plan.hpp"

#include <algorithm>
#include <utility>

#include "hinterland/siting/capped_dispatch.hpp"
#include "hinterland/siting/cheapest_columns.hpp"
#include "hinterland/siting/quick_dispatch.hpp"

namespace hinterland {

namespace {

constexpr double kRounding = 1e-7;  // to which HiGHS keeps rows
// A hair more than the solver says: what it lacks would be left unserved, and what is too much is not kept.
constexpr double kHair = 1e-6;
constexpr double kNoKw = 1e-6;   // a column of less than a thousandth of a watt is none
constexpr double kSame = 1e-12;  // rounding

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
    Dispatch dispatched = capped_dispatch(problem, capacity_of(problem, those), prices, carried, go_on);
    return priced(problem, std::move(those), std::move(prices), std::move(carried), std::move(dispatched));
  };
  Dispatch dispatched = capped_dispatch(problem, capacity, prices, carried, go_on);
  if (dispatched.cost == kNoLimit)
    return priced(problem, columns, std::move(prices), std::move(carried), std::move(dispatched));
  bool same = false;
  std::vector<double> fit = columns_for(problem, open, columns, capacity, dispatched, same);
  if (fit.empty()) return again(columns);
  if (!same) return again(std::move(fit));
  return priced(problem, std::move(fit), std::move(prices), std::move(carried), std::move(dispatched));
}

SitingPlan fitted_quickly(const SitingProblem& problem, const std::vector<bool>& open,
                          const std::vector<double>& columns, SitingPrices prices) {
  prices = tightened(problem, std::move(prices));
  const std::vector<double> capacity = hair_more(problem, open, columns);
  bool same = false;
  std::vector<double> fit =
      columns_for(problem, open, columns, capacity, dispatch_quickly(problem, capacity, prices), same);
  if (fit.empty()) fit = columns;
  Dispatch dispatched = dispatch_quickly(problem, capacity_of(problem, fit), prices);
  SitingPlan out = priced(problem, std::move(fit), std::move(prices), {}, std::move(dispatched));
  out.quick = true;
  return out;
}

}  // namespace hinterland
