// A site's skilled people as a page, with what it says to a plan.
#pragma once
#include "hinterland/impact/hub_talent.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page hub_talent_page(const HubTalent& result);

}  // namespace hinterland
