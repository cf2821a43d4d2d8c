// A verdict as a page and as JSON (data/schema/verdict.schema.json).
#pragma once
#include <string>

#include "hinterland/judge/verdict.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

Page verdict_page(const Atlas& atlas, const Question& question, const Verdict& verdict);
std::string verdict_json(const Atlas& atlas, const Question& question, const Verdict& verdict);

// "built", "sunk", "rented at 3.2 an hour", "auto".
std::string describe_capacity(const Capacity& capacity);

}  // namespace hinterland
