// Numbers as people read them. JSON carries full precision; these are for eyes only.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/base/quantity.hpp"

namespace hinterland {

// Three significant digits with k, M, G, T: 1234567 -> "1.23M", 0.2398 -> "0.24", -12.3 -> "-12.3", 0 -> "0".
std::string compact(double value);

// The same by the Chinese myriads: 17142000 -> "1714 万", 1.23e8 -> "1.23 亿", 999 -> "999".
std::string compact_zh(double value);

// A point of the calendar: "2026" for its beginning, else with its tenth, "2025.5".
std::string calendar_text(double year);

// With the digits that tell apart values which lie within `spread` of each other: PUEs of 1.16 to 1.31 as "1.163".
// Where three digits do that, as compact().
std::string distinct(double value, double spread);

// A power in MW, compact and without its unit: 300,000 kW -> "300".
std::string megawatts(Kilowatts power);

// 0.627 -> "62.7 %".
std::string percent(double share);

// Names, each once: the first five, and how many more there are.
std::string names_text(const std::vector<std::string>& names);

// 1234567 -> "1,234,567".
std::string grouped(long long value);

// "1 job", "1,234 jobs": with an s, as most English words.
std::string counted(long long value, std::string_view what);

}  // namespace hinterland
