// Words that the sentence and the page of `fill` share.
#pragma once
#include <optional>
#include <string>

#include "hinterland/judge/fill.hpp"

namespace hinterland {

// "Film rendering from Shanghai", 上海的电影渲染.
Words name_of(const FillPair& pair);

// A class's Chinese name, or its name where it has none.
const std::string& chinese_name_of(const Workload& workload);

// Of the pair's money, what a server-hour has of it; nothing of none.
std::string an_hour(const FillPair& pair, const std::optional<Money>& money);

}  // namespace hinterland
