// The regions of a model, from the atlas's: each for itself, or the groups of a grouping as one region each.
//
//   size        sum of the gross products of its members in the table's year (regions.csv where no account is of it)
//   place       mean of its members' places by size, for distances
//   quotients   of the mix: mean of its members' by size; of exports likewise. A region that stands alone may lie off its row
//               of the mix by a factor of its own, drawn between 1 / quotient_factor and quotient_factor
#pragma once
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/impact/multiregional_table.hpp"

namespace hinterland {

struct ModelRegion {
  std::string id, name, name_zh;
  std::vector<RegionId> members;
  std::vector<double> member_sizes;
  double size = 0;
  Coordinates place;
};

inline constexpr const char* kEachRegion = "each";

// `grouping`: of groups.csv, or "each". Fails for an unknown one; `flag` says where it was written.
Expected<std::vector<ModelRegion>> model_regions(const Atlas& atlas, const std::string& grouping, int year,
                                                 const std::string& flag);

// The place of the one that holds a region of the atlas.
std::size_t place_of(const std::vector<ModelRegion>& regions, const RegionId& region);

// The places of what is named: regions of the model, or groups of the atlas that are made of whole ones. Fails for a name
// that is neither.
Expected<std::vector<std::size_t>> places_of(const Atlas& atlas, const std::vector<ModelRegion>& regions,
                                             const std::vector<std::string>& names, const Location& where);

// Makes the mix of a model from figures that change from draw to draw, while what belongs to what stays.
class RegionalMixer {
 public:
  // The rows in `rows` are those of every mix(), in their order.
  RegionalMixer(const IoTable& table, const std::vector<ModelRegion>& regions,
                const Table<IndustryMix>& rows);

  // `off`: [industry][region] factors of regions that stand alone; empty: all 1.
  [[nodiscard]] RegionalMix mix(const Table<IndustryMix>& rows, const RegionalEconomy& economy,
                                const Matrix& off = {}) const;

 private:
  const std::vector<ModelRegion>& regions_;
  std::size_t industries_;
  std::vector<std::size_t> row_of_;  // [region][member][industry]; beyond the last: none
  RegionalMix fixed_;
};

// Factors drawn for regions that stand alone, 1 for groups: triangular on the logarithm.
Matrix drawn_factors(const std::vector<ModelRegion>& regions, std::size_t industries, double factor,
                     std::uint64_t seed, std::size_t draw);

}  // namespace hinterland
