#include "hinterland/siting/dispatch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace hinterland {

namespace {

double size(std::mt19937_64& random) {
  return std::pow(10.0, static_cast<double>(random() % 9) - 5);
}  // 1e-5 ... 1e3

// Sites that cost the same in all hours, work that may go to two or three of them, and work that may wait: all ways
// cost the same, and some are narrow.
SitingProblem tied_problem(std::uint64_t seed, std::uint32_t sites, std::uint32_t demands) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t most) { return static_cast<std::uint32_t>(random() % most); };
  SitingProblem problem{.sites = sites, .hours = 4 * kHoursTogether};
  const std::size_t cells = std::size_t{sites} * problem.hours;
  problem.energy.assign(cells, 1);
  problem.availability.assign(cells, 1);
  for (std::uint32_t i = 0; i < demands; ++i) {
    PromptDemand demand{.sites = {}, .network = {}, .unserved = 10};
    const std::uint32_t first = below(sites), step = 1 + below(sites / 3);
    for (std::uint32_t k = 0; k < 2 + below(2); ++k) demand.sites.push_back((first + k * step) % sites);
    demand.network.assign(demand.sites.size(), 0.5);
    problem.prompt.push_back(demand);
  }
  for (std::uint32_t k = 0; k < demands * problem.hours; ++k) problem.prompt_kw.push_back(size(random));
  for (std::uint32_t j = 0; j < demands; ++j)
    problem.deferrable.push_back({.network = std::vector<double>(sites, 0.5), .unserved = 10});
  for (std::uint32_t window = 0; window < 3; ++window)
    for (std::uint32_t b = 0; b < 3; ++b) {
      Hub hub{.first_hour = window * kHoursTogether,
              .past_hour = (window + 2) * kHoursTogether,
              .sites = {},
              .deferrals = {}};
      for (SiteIndex s = 0; s < sites; ++s)
        if (below(3) == 0) hub.sites.push_back(s);
      for (std::uint32_t j = 0; j < demands; ++j)
        if (below(2) == 0) hub.deferrals.push_back({.demand = j, .kwh = size(random)});
      problem.hubs.push_back(hub);
    }
  for (SiteIndex s = 0; s < sites; ++s)
    problem.columns.push_back({.site = s, .cost = 1, .most = size(random)});
  return problem;
}

// What all of it costs at least: everybody goes where it is cheapest at these prices, and room earns its price.
double proven(const SitingProblem& problem, const std::vector<double>& capacity,
              const std::vector<double>& scarcity) {
  const auto price = [&](std::uint32_t hour, SiteIndex s) {
    return problem.energy[problem.at(hour, s)] + scarcity[problem.at(hour, s)];
  };
  double least = 0;
  for (std::uint32_t t = 0; t < problem.hours; ++t) {
    for (SiteIndex s = 0; s < problem.sites; ++s) {
      const std::size_t cell = problem.at(t, s);
      least -= scarcity[cell] * problem.room(cell, capacity[s]);
    }
    for (std::size_t i = 0; i < problem.prompt.size(); ++i) {
      const PromptDemand& demand = problem.prompt[i];
      double pays = demand.unserved;
      for (std::size_t k = 0; k < demand.sites.size(); ++k)
        pays = std::min(pays, demand.network[k] + price(t, demand.sites[k]));
      least += pays * problem.prompt_kw[t * problem.prompt.size() + i];
    }
  }
  for (const Hub& hub : problem.hubs)
    for (const Deferral& deferral : hub.deferrals) {
      const DeferrableDemand& demand = problem.deferrable[deferral.demand];
      double pays = demand.unserved;
      for (const SiteIndex s : hub.sites)
        for (std::uint32_t t = hub.first_hour; t < hub.past_hour; ++t)
          pays = std::min(pays, demand.network[s] + price(t, s));
      least += pays * deferral.kwh;
    }
  return least;
}

}  // namespace

TEST_CASE("where all ways cost the same it ends, at what its own prices prove") {
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    const SitingProblem problem = tied_problem(seed, 8 + seed % 20, 10 + seed % 70);
    REQUIRE(check(problem).empty());
    std::vector<double> most(problem.columns.size());
    for (std::size_t k = 0; k < most.size(); ++k) most[k] = problem.columns[k].most;
    const std::vector<double> capacity = capacity_of(problem, most);
    const Dispatch ours = dispatch(problem, capacity);
    CHECK(ours.cost == doctest::Approx(proven(problem, capacity, ours.scarcity)).epsilon(1e-9));
  }
}

}  // namespace hinterland
