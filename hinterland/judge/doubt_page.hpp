// Doubt as blocks of a verdict's page, and as JSON (the property `doubt` of data/schema/verdict.schema.json).
#pragma once
#include <string>
#include <vector>

#include "hinterland/judge/doubt.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

std::vector<Block> doubt_blocks(const Atlas& atlas, const Doubt& doubt);

// One JSON object.
std::string doubt_json(const Doubt& doubt);

}  // namespace hinterland
