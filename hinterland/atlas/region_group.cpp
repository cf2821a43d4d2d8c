#include "hinterland/atlas/region_group.hpp"

#include <algorithm>

#include "hinterland/atlas/atlas.hpp"

namespace hinterland {

Fields<RegionGroup> region_group_fields() {
  return {
      field("id", &RegionGroup::id).naming().documented("short name of the group"),
      field("grouping", &RegionGroup::grouping)
          .naming()
          .documented("the partition of the regions that it belongs to: its groups hold every region once"),
      field("name", &RegionGroup::name).naming().documented("English name"),
      field("name_zh", &RegionGroup::name_zh).naming().documented("Chinese name"),
      field("regions", &RegionGroup::regions).refers("regions").documented("its regions, split by ;"),
  };
}

std::vector<std::string> groupings(const Atlas& atlas) {
  std::vector<std::string> names;
  for (const RegionGroup& group : atlas.groups) {
    if (std::ranges::find(names, group.grouping) == names.end()) names.push_back(group.grouping);
  }
  return names;
}

Expected<std::vector<RegionGroup>> groups_of(const Atlas& atlas, const std::string& grouping,
                                             const std::string& flag) {
  std::vector<RegionGroup> groups;
  for (const RegionGroup& group : atlas.groups) {
    if (group.grouping == grouping) groups.push_back(group);
  }
  if (!groups.empty()) return groups;
  return failure({.what = in_quotes(grouping) + " is no grouping of this atlas",
                  .where = {.file = flag},
                  .mend = did_you_mean(grouping, groupings(atlas))});
}

}  // namespace hinterland
