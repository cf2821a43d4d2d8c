// Facility location as OR-Library keeps it (Beasley 1990, J. Operational Research Society 41(11), 1069): warehouses
// ("cap") and medians ("pmed"). Edges of a graph go both ways, the last of a pair given twice counts.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"
#include "hinterland/siting/location.hpp"

namespace hinterland {

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

}  // namespace hinterland
