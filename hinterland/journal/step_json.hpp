// The steps of a journal as JSON Lines, for whoever reads or moves them without this program:
//
//   {"step": 3, "facts": [{"fact": "hold set", "job": 0, "held": true}]}
//
// Members are those of fact.hpp, by their names; times are milliseconds, money millionths. Text that is not UTF-8 is
// {"hex": "..."}.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"
#include "hinterland/journal/journal.hpp"

namespace hinterland {

std::string step_json(std::uint64_t step, const Facts& facts);  // without an end of line

// Fails, located at `where`, for what step_json() does not give, and for another step's number.
Expected<Facts> parse_step(std::string_view line, std::uint64_t step, const Location& where);

}  // namespace hinterland
