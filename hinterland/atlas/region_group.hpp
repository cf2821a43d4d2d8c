// Groups of regions, by which a nation is taken apart: coast and hinterland, four economic regions, hubs.
//
// The groups of one grouping are a partition: every region of the atlas is in exactly one of them. The loader has
// checked that. A user's own grouping is a groups.csv in the books.
#pragma once
#include <string>
#include <vector>

#include "hinterland/base/field.hpp"

namespace hinterland {

struct RegionGroup {
  GroupId id;
  std::string grouping;  // the partition that it belongs to: "four"
  std::string name, name_zh;
  std::vector<RegionId> regions;
};

Fields<RegionGroup> region_group_fields();

struct Atlas;

// The names of the partitions, in the order of the table.
std::vector<std::string> groupings(const Atlas& atlas);

// The groups of one, in the order of the table. Fails for an unknown one, with the known names; `flag` says where it
// was written.
Expected<std::vector<RegionGroup>> groups_of(const Atlas& atlas, const std::string& grouping,
                                             const std::string& flag);

}  // namespace hinterland
