// The sceptic's question as a page: the answer, both ways side by side, what it turns on, the arithmetic and its limits.
#pragma once
#include "hinterland/impact/people_study.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page people_page(const Atlas& atlas, const PeopleStudy& study);

}  // namespace hinterland
