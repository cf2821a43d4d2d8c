// The figures that a result follows, as a table and in JSON.
#pragma once
#include <nlohmann/json_fwd.hpp>

#include "hinterland/impact/drivers.hpp"
#include "hinterland/report/page.hpp"

namespace hinterland {

// `result` in words: "the loss".
TableBlock drivers_block(const Words& result, const std::vector<Driver>& drivers);

nlohmann::ordered_json drivers_json(const std::vector<Driver>& drivers);

}  // namespace hinterland
