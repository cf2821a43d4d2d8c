// What a broker does, for Prometheus: its text format 0.0.4, names and units as Prometheus advises.
#pragma once
#include <string>

#include "hinterland/serve/service.hpp"

namespace hinterland {

// Goes through all jobs and tasks: some milliseconds for a million.
std::string metrics_text(const Service& service);

}  // namespace hinterland
