// A plan made ready to be simulated: its demand as jobs, its capacities as pools, its scarcity as prices.
//
// Everything is scaled so that about so many jobs come, each of one server for one hour, evenly within its hour;
// fractions of a job are carried to the next hour, so that no demand is lost. Pools are what the plan has at each site,
// scaled and rounded up, on basis sunk: capacity enters by scarcity alone.
//
// Jobs of demand that does not wait are late after two hours, others after the study's wait_hours; a late job counts as
// unserved.
//
//   clairvoyant   the plan's dispatch at its capacities, scaled: energy and network that nobody can pay less than who serves
//                 this demand with this capacity within its windows. Rounding to whole jobs and servers moves it by what one job in
//                 each class and region is of the whole.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "hinterland/plan/study_plan.hpp"

namespace hinterland {

struct PlanRun {
  std::vector<std::pair<std::string, std::string>> files;  // name, text; scenario.toml first
  std::size_t jobs = 0;
};

// Fails where the simulator has no such thing: a study of less than a year, hedged, or with demand whose home takes no
// part.
Expected<void> runnable(const Study& study, const StudyProblem& problem);

// Of a study that is runnable, and a plan that has columns.
PlanRun plan_run(const Study& study, const Atlas& atlas, const StudyPlan& plan, double jobs);

}  // namespace hinterland
