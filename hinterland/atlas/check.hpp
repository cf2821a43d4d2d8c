// Is the atlas honest? Every value has a citation, every assumed number a range, and each range holds its
// value.
//
// Form (headers, units, references, ranges of fields) is checked by load_atlas and makes an atlas malformed;
// what is found here makes it unsourced.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "hinterland/atlas/atlas.hpp"

namespace hinterland {

struct AtlasCheck {
  std::map<std::string, std::int64_t> rows_by_table;
  std::map<std::string, std::int64_t>
      values_by_kind;  // measured, official, reported, estimated, assumed, yours
  std::int64_t values = 0;
  Errors problems;  // unsourced values, assumed numbers without a range, values outside their range

  [[nodiscard]] bool honest() const { return problems.empty(); }
};

AtlasCheck check_atlas(const Atlas& atlas);

// Numbers of the books that lie more than fivefold beyond all that is cited for their cell: "sites.guian.power_price_... =
// 39: 7 times the most that is cited (0.56)". Nothing is wrong with them, unless their unit is.
std::vector<std::string> far_from_cited(const Atlas& atlas);

}  // namespace hinterland
