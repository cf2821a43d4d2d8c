// Until when: as hours from now ("6", "1.5"), as the next time the clocks say so ("06:00"), or as a day and time
// ("2026-12-01T06:00:00"). Clocks are those of a zone.
#pragma once
#include <string>
#include <string_view>

#include "hinterland/base/time.hpp"

namespace hinterland {

// After `now`, by a hundred years at most. Fails, located at `where`, for anything else.
Expected<Instant> parse_deadline(std::string_view text, std::string_view zone, Instant now,
                                 const std::string& where);

}  // namespace hinterland
