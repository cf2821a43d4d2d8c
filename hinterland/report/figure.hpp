// Numbers as people read them. JSON carries full precision; these are for eyes only.
#pragma once
#include <string>

namespace hinterland {

// Three significant digits with k, M, G, T: 1234567 -> "1.23M", 0.2398 -> "0.24", -12.3 -> "-12.3", 0 -> "0".
std::string compact(double value);

// 0.627 -> "62.7 %".
std::string percent(double share);

// 1234567 -> "1,234,567".
std::string grouped(long long value);

}  // namespace hinterland
