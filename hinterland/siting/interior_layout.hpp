// How the interior point lays out a siting problem: its open sites, hours in groups of four, arcs and hubs.
#pragma once
#include <cstdint>
#include <vector>

#include "hinterland/siting/lanes.hpp"
#include "hinterland/siting/problem.hpp"

namespace hinterland {

// Below, "site" counts open sites only: those with capacity to be had.
struct InteriorLayout {
  // `open` [column]: which capacity columns may be used.
  InteriorLayout(const SitingProblem& problem, const std::vector<bool>& open);

  struct HubPlace {
    std::uint32_t first_group, past_group;
    std::vector<std::uint32_t> sites;
    std::size_t first_outflow;   // into outflows, [(group - first_group) x sites + site]
    std::size_t first_deferral;  // into deferrals; each has `sites` inflows
    std::uint32_t block;         // hubs of the same hours and of no site in common are one block
    std::uint32_t past_reach;    // the hubs from this block's to before that one may share an hour with it
  };

  const SitingProblem* problem;
  std::uint32_t sites = 0, groups = 0, demands = 0, arcs = 0, caps = 0;
  std::uint32_t border = 0;                // sites + caps
  std::uint32_t rows = 0;                  // of a block
  std::vector<SiteIndex> site;             // [site] its number in the problem
  std::vector<std::uint32_t> column;       // the open columns, by their number in the problem
  std::vector<std::uint32_t> column_site;  // [open column] its site here
  std::vector<std::uint32_t> first_arc;    // [demand + 1]
  std::vector<std::uint32_t> arc_site;     // [arc]
  std::vector<double> arc_network;         // [arc]
  std::vector<double> unserved;            // [demand] money per kWh
  std::vector<HubPlace> hubs;
  std::vector<std::uint32_t> first_hub, past_hub;  // [group] the hubs that may reach it
  std::vector<double> inflow_network;              // [deferrable x sites + site]
  std::vector<std::uint32_t> deferral_demand;      // [deferral] its number among the deferrable
  std::size_t outflows = 0, deferrals = 0;
  std::vector<std::uint32_t> block_first;  // [block + 1] its first hub
  std::uint32_t band = 0;                  // blocks at most so many apart share an hour

  std::size_t cell(std::uint32_t group, std::uint32_t s) const { return std::size_t{group} * sites + s; }
  std::size_t outflow(const HubPlace& hub, std::uint32_t group, std::uint32_t s) const {
    return hub.first_outflow + std::size_t{group - hub.first_group} * sites + s;
  }
  std::uint32_t blocks() const { return static_cast<std::uint32_t>(block_first.size() - 1); }
  // Of what is kept by [block x rows + site]: no two hubs have a site of a block. Rows are sites, filled up to whole
  // vector registers.
  std::size_t first_row(const HubPlace& hub) const { return std::size_t{hub.block} * rows; }
  bool reaches(const HubPlace& hub, std::uint32_t group) const {
    return hub.first_group <= group && group < hub.past_group;
  }

  // The problem's numbers in lanes.
  LanesVector energy, availability, power_limit;  // [group x sites + site]
  std::vector<LanesVector> intensity;             // [cap] of the same
  std::vector<double> cap_most;                   // [cap] no more than twice what it may count
  LanesVector prompt_kw;                          // [group x demands + demand], at least a trace of the mean
  std::vector<double> kwh;                        // [deferral]
};

}  // namespace hinterland
