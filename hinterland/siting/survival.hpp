// Surviving the loss of sites that fail together: capacity rows from minimum cuts.
//
// When a group of sites is lost, its critical demands must find room at the others, in every hour and with no notice.
// By Hall's condition (max-flow, min-cut) they do if and only if for every set U of them
//     sum over the sites Z outside the group that may serve U of  min(availability C, power limit)  >=  demand of U
// There are far too many sets to write down; those that a plan breaks are found one by one, each hour and group by a
// small maximum flow, and become rows of the problem until none is broken.
#pragma once
#include <string>
#include <vector>

#include "hinterland/siting/solve_siting.hpp"

namespace hinterland {

struct Survival {
  std::vector<std::vector<SiteIndex>> groups;  // lost together, one group at a time
  std::vector<std::uint32_t> critical;         // [prompt demand] that must be served all the same
};

// What capacity must keep for critical demand that has nowhere else to go when a group is lost: the sites Z that are left
// must carry the demands U, all of whose sites are in Z or lost.
struct SurvivalCut {
  std::size_t group;
  std::uint32_t hour;
  std::vector<std::uint32_t> demands;  // U
  std::vector<SiteIndex> sites;        // Z
  std::vector<SiteIndex> limited;      // those of Z that count with their power limit and not their capacity
  double kw;                           // demand of U
  double lacks;                        // of it, at the capacity asked about
  CapacityRow row;                     // what capacity must keep
};

// The cut of a group, an hour and a set Z: every capacity that survives keeps its row, whichever sites count with their
// power limit. `lacks` is left at 0. Requires Z outside the group, and `limited` within Z.
SurvivalCut cut_of_sites(const SitingProblem& problem, const Survival& survival, std::size_t group,
                         std::uint32_t hour, std::vector<SiteIndex> sites, std::vector<SiteIndex> limited);

// What a kW of a site's capacity counts for in a cut.
double counts_for(const SitingProblem& problem, const SurvivalCut& cut, SiteIndex site);

// For each group and set Z the cut that lacks most, those that lack more than `tolerance` of their demand.
std::vector<SurvivalCut> broken_cuts(const SitingProblem& problem, const Survival& survival,
                                     const std::vector<double>& capacity, double tolerance = 1e-6);

// Critical demand that no capacity could save, for no site outside the group may serve it: [group] the most kW of any
// hour. Reported, and left out of the cuts.
std::vector<double> beyond_saving(const SitingProblem& problem, const Survival& survival);

struct SurvivingAnswer {
  SitingAnswer answer;    // of the problem with the rows below; its bound is one of the problem with all cuts
  SitingProblem problem;  // with them
  std::vector<SurvivalCut> cuts;  // those that became rows, in the order of the problem's rows after its own
  int rounds = 0;                 // of solving
  bool survives = false;          // no cut is broken, in no hour, for no group
};

// The cheapest plan that survives each group. Rows that cannot be kept leave `survives` false, and the cuts say why.
SurvivingAnswer solve_surviving(SitingProblem problem, const Survival& survival,
                                const SitingOptions& options = {});

}  // namespace hinterland
