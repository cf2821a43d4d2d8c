// Facility location as OR-Library keeps it (Beasley 1990, J. Operational Research Society 41(11), 1069), solved to
// proven optimality by HiGHS on formulations whose relaxations are strong.
//
// Warehouses ("cap"): sites with a capacity and a fixed cost, customers with a demand and a cost of being served whole
// by each site; a customer may be served by several.
//     min  sum cost_ij x_ij + sum fixed_j y_j    sum_j x_ij = 1,  x_ij <= y_j,  sum_i demand_i x_ij <= capacity_j y_j
// Medians ("pmed"): p nodes of a graph, so that the distances of all nodes to the nearest of them are least in sum.
// Edges go both ways, the last of a pair given twice counts. With D_1 < D_2 < ... the distances from node i and z_ik =
// 1 if no median is within D_k (Elloumi 2010, J. Combinatorial Optimization 19, 69):
//     min  sum_i D_i1 + sum_k (D_i,k+1 - D_ik) z_ik     z_i,k-1 <= z_ik + sum_(j at D_ik) y_j,  sum_j y_j = p
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/error.hpp"
#include "hinterland/siting/linear_program.hpp"

namespace hinterland {

struct Warehouses {
  std::vector<double> capacity, fixed;  // [site]
  std::vector<double> demand;           // [customer]
  std::vector<double> cost;             // [customer x sites + site]
};

struct Medians {
  std::size_t nodes = 0, medians = 0;
  std::vector<double> distance;  // [node x nodes + node], along shortest paths; infinite where there is none
};

struct LocationAnswer {
  ProgramEnd end;
  double objective, bound;
  std::vector<std::size_t> open;  // from 0
};

// Which of the two a text is shows in its first lines: a median's has three numbers in its first, then edges of three.
// `capacity` stands in where a file says "capacity" instead of one.
struct OrLibraryProblem {
  std::optional<Warehouses> warehouses;
  std::optional<Medians> medians;
};
Expected<OrLibraryProblem> parse_orlib(std::string_view text, const std::string& file,
                                       std::optional<double> capacity = std::nullopt);
// The same from a file.
Expected<OrLibraryProblem> read_orlib(const std::string& file, std::optional<double> capacity = std::nullopt);

LocationAnswer solve(const Warehouses& problem, double gap = 0, double seconds = 1e30);
LocationAnswer solve(const Medians& problem, double gap = 0, double seconds = 1e30);

}  // namespace hinterland
