// Facility location as textbooks write it down, for HiGHS, and problems of points in the plane.
#pragma once
#include <cstdint>

#include "hinterland/siting/location.hpp"

namespace hinterland {

// Whole distances, or as they are.
Medians medians_in_plane(std::size_t nodes, std::size_t medians, std::uint64_t seed, bool whole);

// `tight` is all demand by all capacity; `fixed` is what opening costs at most. Some have a site without capacity or a
// customer without demand.
Warehouses warehouses_in_plane(std::size_t sites, std::size_t customers, double tight, double fixed,
                               std::uint64_t seed);

// x_ij <= y_j for each node and site.
ProgramSolution by_textbook(const Medians& problem, double seconds = 1e30);
// `open`: those sites alone, all of them paid for.
ProgramSolution by_textbook(const Warehouses& problem, double seconds = 1e30,
                            const std::vector<std::size_t>* open = nullptr);

}  // namespace hinterland
