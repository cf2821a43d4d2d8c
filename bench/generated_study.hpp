// The siting problem that the planner is timed on: generated regions with two deferrable and three prompt classes,
// and generated sites with weather, periods of the tariff and carbon. The draws are libstdc++'s, in a fixed order, so
// that an instance is the same here and in the programs it is compared with (optimum of 10 sites x 31 regions x 365
// days within calendar days, by HiGHS: 236177244.29).
#pragma once
#include <string>

#include "hinterland/siting/problem.hpp"

namespace hinterland {

enum class Windows { within_days, relaxed, kept };  // over midnight: a day of waiting at most out, at least in

struct StudySize {
  std::uint32_t sites = 10, regions = 31, days = 365;
  Windows windows = Windows::within_days;
  unsigned seed = 7;
  double fixed = 0;  // money a year for opening a site, between half and one and a half of it
};

SitingProblem generated_study(const StudySize& size);

}  // namespace hinterland
