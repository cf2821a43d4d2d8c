// A settlement to look at, to read, and to compute with.
//
// JSON is data/schema/settle.schema.json: whole millionths. CSV has a row for each line of each statement, six exact
// decimal places, and its column `total` adds up to 0 over all parties.
#pragma once
#include <string>

#include "hinterland/report/page.hpp"
#include "hinterland/settle/settlement.hpp"

namespace hinterland {

Page settlement_page(const Settlement& settlement);
std::string settlement_json(const Settlement& settlement);
std::string settlement_csv(const Settlement& settlement);

}  // namespace hinterland
