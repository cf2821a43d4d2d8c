// What a study asks of a plan beyond serving its demand, as numbers of the siting problem: caps, limits of capacity,
// hazards.
//
//   cap     sum over the hours and the cap's sites of intensity x load <= most
//   limit   of the capacity that it counts, C_in at its sites and C_all at all:
//             C_in >= least_mw     C_in <= most_mw     C_in <= most_mw_per_year x years until the year planned for, at least one
//             C_in - least_share C_all >= 0            most_share C_all - C_in >= 0
//           each one row, with its name in StudyProblem::limits
//   hazard  a group of sites that critical demand must survive
//
// A limit of how much a site must be used (energy >= share x capacity x hours) is none of these: it ties load to
// capacity, and a problem has rows of capacity and caps of load only.
#pragma once
#include "hinterland/plan/study_problem.hpp"

namespace hinterland {

// Each takes a problem whose sites, hours, demands and columns are there.
void add_caps(const Study& study, StudyProblem& problem);
void add_limits(const Study& study, StudyProblem& problem);
void add_survival(const Study& study, const Atlas& atlas, StudyProblem& problem);

// "limit west.least_share"
std::string name_of(const LimitRow& row);

// What a plan with these columns has of what a limit asks for: kW, or a share (of nothing: 0).
double limit_use(const StudyProblem& problem, const LimitRow& row, const std::vector<double>& columns);

}  // namespace hinterland
