// The id of a site is not the id of a region.
#include "hinterland/base/id.hpp"

using namespace hinterland;

bool in_region(const RegionId& region);
const bool right = in_region(RegionId{"guizhou"});
#ifdef WRONG
const bool wrong = in_region(SiteId{"guian"});  // error
#endif
