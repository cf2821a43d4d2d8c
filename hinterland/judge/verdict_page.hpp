// A verdict as a page and as JSON (data/schema/verdict.schema.json).
#pragma once
#include <string>
#include <vector>

#include "hinterland/judge/doubt.hpp"
#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page verdict_page(const Atlas& atlas, const RateYear& rates, const Question& question,
                  const Verdict& verdict);
// Of it the price of each site that is allowed, and why the others are not.
std::vector<Block> price_blocks(const Atlas& atlas, const Question& question, const Verdict& verdict);
// `doubt` is null where it was not asked for.
std::string verdict_json(const Atlas& atlas, const Question& question, const Verdict& verdict,
                         const Doubt* doubt = nullptr);

// How capacity is paid for: "built", "sunk", "rented at 3.2 an hour", "auto".
Words capacity_words(const Capacity& capacity);

// "1.2 to 3.4"
Words range_words(const std::string& low, const std::string& high);

// "迁移", "留下", "不可行".
const char* chinese_name_of(Answer answer);

}  // namespace hinterland
