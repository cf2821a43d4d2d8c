// Facility location, solved to proven optimality on formulations whose relaxations are strong, by HiGHS.
//
// Warehouses: sites with a capacity and a fixed cost, customers with a demand and a cost of being served whole by each
// site; a customer may be served by several.
//     min  sum cost_ij x_ij + sum fixed_j y_j    sum_j x_ij = 1,  x_ij <= y_j,  sum_i demand_i x_ij <= capacity_j y_j
// Medians: p nodes of a graph, so that the distances of all nodes to the nearest of them are least in sum. What
// median_search.hpp leaves open, with D_1 < D_2 < ... the distances from node i to what may be a median, and z_ik = 1 if
// none is within D_k (Elloumi 2010, J. Combinatorial Optimization 19, 69):
//     min  sum_i D_i1 + sum_k (D_i,k+1 - D_ik) z_ik     z_i,k-1 <= z_ik + sum_(j at D_ik) y_j,  sum_j y_j = p
#pragma once
#include <vector>

#include "hinterland/siting/linear_program.hpp"

namespace hinterland {

struct Warehouses {
  std::vector<double> capacity, fixed;  // [site]
  std::vector<double> demand;           // [customer]
  std::vector<double> cost;             // [customer x sites + site]
};

struct Medians {
  std::size_t nodes = 0, medians = 0;
  std::vector<double> distance;  // [node x nodes + node], symmetric; infinite where there is no way
};

struct LocationAnswer {
  ProgramEnd end;
  double objective, bound;
  std::vector<std::size_t> open;  // from 0
};

// What is known of a site or node in all choices that are better than the best known.
enum class Fate : std::uint8_t { open, never, always };

LocationAnswer solve(const Warehouses& problem, double gap = 0, double seconds = 1e30);
LocationAnswer solve(const Medians& problem, double gap = 0, double seconds = 1e30);

}  // namespace hinterland
