// Whether quotes held (broker/quote_bands.hpp), as JSON, for whoever shows it.
#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>

#include "hinterland/broker/quote_bands.hpp"

namespace hinterland {

nlohmann::ordered_json quotes_json(const State& state, const std::function<bool(ProjectIndex)>& takes);

}  // namespace hinterland
