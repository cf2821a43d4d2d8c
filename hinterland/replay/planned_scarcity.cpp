#include "hinterland/replay/planned_scarcity.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "hinterland/siting/dispatch.hpp"

namespace hinterland {

namespace {

constexpr double kUnservedTimes = 1000;  // of the dearest unit-hour: rather anywhere than nowhere

struct Demand {
  double unit_hours = 0;
  std::vector<double> network;        // [pool] millionths, of all of it
  std::vector<double> unit_hours_at;  // [pool] of what may run there
};
struct Bucket {
  std::uint32_t past = 0;
  std::map<std::uint32_t, Demand> by_list;
};

// By the slot in which they come.
std::map<std::uint32_t, Bucket> demands_of(const DayWork& day) {
  std::map<std::uint32_t, Bucket> buckets;
  const std::int64_t together = kHoursTogether * day.slot().ms;
  day.for_each([&](const DayWork::Work& work) {
    if (work.where.empty()) return;
    const auto first = static_cast<std::uint32_t>((work.from - day.begin()).ms / together) * kHoursTogether;
    const auto past = static_cast<std::uint32_t>(((work.until - day.begin()).ms + together - 1) / together) *
                      kHoursTogether;
    Bucket& bucket = buckets[first];
    bucket.past = std::max({bucket.past, past, first + kHoursTogether});
    Demand& demand = bucket.by_list[work.list];
    demand.network.resize(day.pools());
    demand.unit_hours_at.resize(day.pools());
    const double unit_hours = static_cast<double>(work.units) * in_hours(work.where.front().run).value;
    demand.unit_hours += unit_hours;
    for (const DayWork::Where& one : work.where) {
      demand.network[one.pool] += one.network;
      demand.unit_hours_at[one.pool] += unit_hours;
    }
  });
  return buckets;
}

}  // namespace

std::vector<double> planned_scarcity(const DayWork& day) {
  const auto pools = static_cast<std::uint32_t>(day.pools());
  const double hours = in_hours(day.slot()).value;  // of a slot: what the problem takes for one
  SitingProblem problem{.sites = pools, .hours = static_cast<std::uint32_t>(day.slots())};
  double dearest = 1;
  for (std::size_t k = 0; k < day.slots(); ++k) {
    for (std::size_t p = 0; p < pools; ++p) {
      problem.energy.push_back(hours * day.rates(p)[k]);
      problem.availability.push_back(day.built(p) > 0 ? day.room(k, p) / (hours * day.built(p)) : 0);
      dearest = std::max(dearest, std::abs(problem.energy.back()));
    }
  }
  std::uint32_t past = 0;
  for (const auto& [first, bucket] : demands_of(day)) {
    past = std::max(past, std::min(bucket.past, problem.hours));  // windows never go back
    for (const auto& [list, demand] : bucket.by_list) {
      Hub hub{.first_hour = first, .past_hour = past};
      DeferrableDemand one{.network = std::vector<double>(pools), .unserved = kUnservedTimes * dearest};
      for (SiteIndex p = 0; p < pools; ++p) {
        if (demand.unit_hours_at[p] <= 0) continue;
        hub.sites.push_back(p);
        one.network[p] = hours * demand.network[p] / demand.unit_hours_at[p];
      }
      if (hub.sites.empty()) continue;
      hub.deferrals.push_back({.demand = static_cast<std::uint32_t>(problem.deferrable.size()),
                               .kwh = demand.unit_hours / hours});
      problem.deferrable.push_back(std::move(one));
      problem.hubs.push_back(std::move(hub));
    }
  }
  std::vector<double> capacity;
  for (SiteIndex p = 0; p < pools; ++p) {
    capacity.push_back(day.built(p));
    problem.columns.push_back({.site = p, .cost = 0, .most = capacity[p]});
  }
  if (!check(problem).empty()) return {};
  std::vector<double> scarcity = dispatch(problem, capacity).scarcity;
  if (scarcity.size() != day.slots() * day.pools()) return {};
  for (double& one : scarcity) one = std::max(0.0, one / hours);
  return scarcity;
}

}  // namespace hinterland
