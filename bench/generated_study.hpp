// The siting problem that the planner is timed on: generated regions with two deferrable and three prompt classes,
// and generated sites with weather, periods of the tariff and carbon. The draws are libstdc++'s, in a fixed order, so
// that an instance is the same here and in the programs it is compared with (optimum of 10 sites x 31 regions x 365
// days within calendar days, by HiGHS: 236177244.29).
#pragma once
#include <string>

#include "hinterland/siting/survival.hpp"

namespace hinterland {

enum class Windows { within_days, relaxed, kept };  // over midnight: a day of waiting at most out, at least in

inline constexpr std::uint32_t kKinds = 5;  // of classes: three prompt, two that wait

struct StudySize {
  std::uint32_t sites = 10, regions = 31, days = 365;
  std::uint32_t of_each_kind = 1;  // classes of each kind, which share what one of them would want
  Windows windows = Windows::within_days;
  unsigned seed = 7;
  double fixed = 0;  // money a year for opening a site, between half and one and a half of it

  std::size_t classes() const { return std::size_t{kKinds} * of_each_kind; }
};

SitingProblem generated_study(const StudySize& size);

// Its carbon, as a cap that so much may be emitted.
Cap carbon_cap(const StudySize& size, double most);

// So many years of equal probability at once: in each, demand and prices are another factor of the study's.
SitingProblem with_scenarios(const SitingProblem& problem, std::uint32_t scenarios);

// Groups of two neighbours that are lost together, and the least patient class of each region to be served all the same.
Survival generated_hazards(const SitingProblem& problem, std::uint32_t groups);

}  // namespace hinterland
