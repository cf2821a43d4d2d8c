// What a render asks of the broker's pools, to price what is left of it.
#pragma once
#include <string>

#include "hinterland/cli/ask_broker.hpp"
#include "hinterland/render/told_estimate.hpp"

namespace hinterland {

// Of the class `work` (empty: the broker's first), whose tasks have so many cores each.
Expected<ClassPlaces> ask_places(const BrokerPlace& broker, const std::string& work, double cores_each);

}  // namespace hinterland
