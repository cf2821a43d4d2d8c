// The atlas to look at: its sites on a map, what they charge and who says so, and how much of it is measured,
// official, reported, estimated or assumed.
#pragma once
#include "hinterland/atlas/check.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// `check` is what check_atlas() says of the atlas.
Page atlas_report(const Atlas& atlas, const AtlasCheck& check);

}  // namespace hinterland
