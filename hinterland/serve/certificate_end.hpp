// When a certificate ends.
#pragma once
#include <optional>
#include <string>

#include "hinterland/base/time.hpp"

namespace hinterland {

// The first of a PEM file, which is the one that is shown; nullopt: there is none.
std::optional<Instant> certificate_end(const std::string& file);

}  // namespace hinterland
