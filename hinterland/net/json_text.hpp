// JSON that somebody sent: what would cost more to read than it is worth is refused before it is read.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"

namespace hinterland {

// UTF-8, at most `most` bytes, brackets at most 16 deep (a tree is written and taken apart by recursion), keys in any
// number (they are looked up in a tree), each once in its object. `what` is sent, for messages.
Expected<nlohmann::json> parse_sent(std::string_view text, std::size_t most, const std::string& what);

}  // namespace hinterland
