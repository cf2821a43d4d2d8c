// What the physics of a site's year gave, kept between runs.
//
// One file a (climate, plant, load, seed), named by a 128-bit hash of all of them and of the physics' version; inside, the
// doubles as they are behind their own hash. A file that is missing, short or damaged is as good as none: the year is
// worked out anew. The folder may be deleted at any time; past kMostKept files it is emptied.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "hinterland/facility/climate.hpp"
#include "hinterland/facility/facility_year.hpp"

namespace hinterland {

inline constexpr int kMostKept = 512;  // some 70 MB

// The name of the year: equal for equal inputs only.
std::string year_key(const Climate& climate, const Plant& plant, double load, std::uint64_t seed);

std::optional<FacilityYear> find_year(const std::string& folder, const std::string& key);

// Makes the folder if needed; does nothing where it cannot write.
void keep_year(const std::string& folder, const std::string& key, const FacilityYear& year);

}  // namespace hinterland
