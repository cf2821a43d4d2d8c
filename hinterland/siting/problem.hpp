// The siting problem in numbers: what capacity to keep or build where, and which site serves what in each hour, at
// least cost. Everything that solves, certifies or checks a plan reads this and nothing else.
//
//   min   sum_k (cost_k v_k + fixed_k [v_k > 0])                                    capacity columns
//       + sum (energy[t,s] + network[i,s]) x[t,i,s] + unserved_i u[t,i]             prompt demands
//       + sum network[j,s] y[b,j,s] + sum energy[t,s] z[b,t,s] + unserved_j w[b,j]  deferrable demands
//   s.t.  sum_s x[t,i,s] + u[t,i] = prompt_kw[t,i]
//         sum_s y[b,j,s] + w[b,j] = kwh[b,j]            sum_t z[b,t,s] = sum_j y[b,j,s]
//         load[t,s] = sum_i x + sum_b z <= availability[t,s] C_s,   <= power_limit[t,s],   C_s = sum of s's columns v_k
//         sum_k weight_k v_k >= least                    rows: surviving the loss of sites, building rates, shares
//         sum intensity[t,s] load[t,s] <= most           caps: carbon, water
//         0 <= v_k <= most_k,  everything else >= 0
//
// A deferrable demand goes through a hub: it is given to a site's hub (y), which spreads it over the hours of its
// window (z). That is exact, since where it runs and when cost separately.
// Scenarios are more hours: those of scenario w with prices as they are, demand and availability times its
// probability; the same capacity serves all of them.
// Units: kW of IT load, kWh, money, one hour a step. Numbers, not quantities: this is the edge where units end.
#pragma once
#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "hinterland/base/error.hpp"

namespace hinterland {

// How far a bound is below what a plan costs, of that cost, whose sign may be either; infinite where there is neither.
// A bound that rounding lifts above the plan is at it.
double relative_gap(double objective, double bound);

inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();

using SiteIndex = std::uint32_t;

// Work that is served in the hour in which it comes.
struct PromptDemand {
  std::vector<SiteIndex> sites;  // which may serve it, each once
  std::vector<double> network;   // money per kWh, for each of `sites`
  double unserved;               // money per kWh that nobody serves
};

// Work that may wait, whenever it comes; what is moved for it costs the same in every hour.
struct DeferrableDemand {
  std::vector<double> network;  // [site] money per kWh
  double unserved;
};

struct Deferral {
  std::uint32_t demand;  // index into `deferrable`
  double kwh;
};

// Work that may run in the same hours at the same sites.
struct Hub {
  std::uint32_t first_hour, past_hour;  // its window; multiples of kHoursTogether
  std::vector<SiteIndex> sites;         // each once
  std::vector<Deferral> deferrals;
};

// Capacity of a site that can be had at one price: what stands there already, at what keeping it costs; or new.
struct CapacityColumn {
  SiteIndex site = 0;
  double cost = 0;   // money per kW over all the hours of the problem
  double most = 0;   // kW, finite
  double fixed = 0;  // money, once there is any
};

// A rule of capacity alone. One that says "at most" has weights below 0, and a `least` below 0.
struct CapacityRow {
  std::vector<double> weight;  // [capacity column]
  double least = 0;            // kW

  [[nodiscard]] double sum(const std::vector<double>& columns) const;
  // What the row is of the order of, for tolerances: its least; where that is 0, the sizes that it weighs. kW
  [[nodiscard]] double size(const std::vector<double>& columns) const;
};

struct Cap {
  std::vector<double> intensity;  // [hour x sites + site] kg or litres per kWh, at least 0
  double most;
};

// Hours that the solver looks at in one go; the hours of a problem are a multiple of it.
inline constexpr std::uint32_t kHoursTogether = 4;

// More sites than these the interior point has no room for.
inline constexpr std::uint32_t kMostSites = 64;

struct SitingProblem {
  std::uint32_t sites = 0, hours = 0;
  std::vector<double> energy;        // [hour x sites + site] money per kWh
  std::vector<double> availability;  // [hour x sites + site] of the capacity, at least 0
  std::vector<double> power_limit;   // [hour x sites + site] kW; or empty
  std::vector<PromptDemand> prompt;
  std::vector<double> prompt_kw;  // [hour x prompt + demand]
  std::vector<DeferrableDemand> deferrable;
  std::vector<Hub> hubs;  // neither beginnings nor ends of windows ever go back
  std::vector<CapacityColumn> columns;
  std::vector<CapacityRow> rows;
  std::vector<Cap> caps;

  std::size_t at(std::uint32_t hour, SiteIndex site) const { return std::size_t{hour} * sites + site; }
  // kW that the capacity of a cell's site can carry there.
  double room(std::size_t cell, double capacity) const {
    const double available = availability[cell] * capacity;
    return power_limit.empty() ? available : std::min(available, power_limit[cell]);
  }
};

bool has_fixed_costs(const SitingProblem& problem);

// [site] has one column, and having any of that costs something: who does not pay has no site there.
std::vector<bool> pays_to_open(const SitingProblem& problem);

// [site] kW of sizes by column.
std::vector<double> capacity_of(const SitingProblem& problem, const std::vector<double>& columns);

// All that is asked for, and what it costs to serve nobody.
struct Demanded {
  double kwh = 0, unserved_cost = 0;
};
Demanded demanded(const SitingProblem& problem);

// What a cap counts at most, whatever is served where: one that allows as much is none.
double most_use(const SitingProblem& problem, const Cap& cap);

// What is wrong with the sizes and numbers; no error: every promise above holds, and a solution exists for each
// capacity (whatever is not served is paid for).
Errors check(const SitingProblem& problem);

}  // namespace hinterland
