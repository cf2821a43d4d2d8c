// Facility location as OR-Library keeps it (Beasley 1990, J. Operational Research Society 41(11), 1069): warehouses
// ("cap") and medians ("pmed"). Edges of a graph go both ways; of a pair that is given twice, the last counts.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"
#include "hinterland/siting/location.hpp"

namespace hinterland {

// The first lines tell which of the two a text is: that of medians has three numbers in each, a graph's size and then its
// edges. `capacity` is that of a warehouse whose line has the word "capacity" for a number.
struct OrLibraryProblem {
  std::optional<Warehouses> warehouses;
  std::optional<Medians> medians;
};
Expected<OrLibraryProblem> parse_orlib(std::string_view text, const std::string& file,
                                       std::optional<double> capacity = std::nullopt);
// The same from a file.
Expected<OrLibraryProblem> read_orlib(const std::string& file, std::optional<double> capacity = std::nullopt);

}  // namespace hinterland
