// A shock as a page: what is lost and where, day by day, the sums behind it, and what backup zones and reserves are worth.
#pragma once
#include "hinterland/impact/shock_study.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page shock_page(const Atlas& atlas, const ShockStudy& study);

std::string shock_json(const Atlas& atlas, const ShockStudy& study);

}  // namespace hinterland
