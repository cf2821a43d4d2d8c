// What a shock's page calls things.
#pragma once
#include "hinterland/impact/kept_cost.hpp"
#include "hinterland/impact/shock_scenario.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// "Computers, communication and electronics"; the code where the atlas has no such industry.
Words industry_words(const Atlas& atlas, const IndustryId& industry);

// What an entry of [exports], [imports] or [capacity] is about: its site, or its industries and regions.
Words object_words(const Atlas& atlas, const ShockLoss& loss);

// "30 %", with the range that the scenario gives: "30 % (10 % to 50 %)".
Words lost_text(const ShockLoss& loss);

Words words_of(CostOf part);
// "building": in JSON.
const char* name_of(CostOf part);

}  // namespace hinterland
