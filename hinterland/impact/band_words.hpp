// A figure with its band, and money, as a planner reads them.
#pragma once
#include "hinterland/report/page.hpp"

namespace hinterland {

// "1,800 (150 to 4,500)"; where all three read alike, that alone. A text without Chinese is read in both.
Words band_words(const Words& central, const Words& low, const Words& high);

// "532 billion" and "5320 亿", "9.3 million" and "930 万"; below a million as compact().
Words money_in_words(double value);

}  // namespace hinterland
