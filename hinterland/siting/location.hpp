// Facility location, solved to a proven gap (median_search.hpp, warehouse_search.hpp).
//
// Warehouses: sites with a capacity and a fixed cost, customers with a demand and a cost of being served whole by each
// site; a customer may be served by several.
//     min  sum cost_ij x_ij + sum fixed_j y_j    sum_j x_ij = 1,  x_ij <= y_j,  sum_i demand_i x_ij <= capacity_j y_j
// Medians: p nodes of a graph, so that the distances of all nodes to the nearest of them are least in sum.
#pragma once
#include <cstddef>
#include <functional>
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
  ProgramEnd end = ProgramEnd::out_of_time;
  double objective = 0, bound = 0;
  std::vector<std::size_t> open;  // from 0
};

// To a gap of (objective - bound) / objective; where `go_on` says no, what has been found.
LocationAnswer solve(const Warehouses& problem, double gap = 0, const std::function<bool()>& go_on = {});
LocationAnswer solve(const Medians& problem, double gap = 0, const std::function<bool()>& go_on = {});

}  // namespace hinterland
