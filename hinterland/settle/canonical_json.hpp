// The one way to write a record down, so that it can be signed: JSON (RFC 8259) in its canonical bytes.
//
//   objects    {"a":1,"b":2}, keys each once, in the order of their bytes
//   lists      [1,2]
//   numbers    whole ones that 64 bits with a sign hold: -12, without a point, an exponent or a leading zero
//   text       UTF-8 as it is; of the escapes \" \\ \b \f \n \r \t, and \u00xx for the other control characters
//   no spaces, no true, false or null
//
// As RFC 8785 (JCS) has it but for the order of keys, which is that of their UTF-8 bytes here. What is not in this form is
// not canonical, whatever it means.
#pragma once
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "hinterland/base/error.hpp"

namespace hinterland {

inline constexpr std::size_t kMostCanonicalBytes = std::size_t{256} << 20U;
inline constexpr int kMostCanonicalDepth = 8;

// Requires whole numbers, text in UTF-8, objects and lists.
std::string canonical(const nlohmann::json& json);

// Reads JSON that has no other values than canonical JSON can have; its spaces, escapes and order of keys may be others.
// Fails, located in `file`, for what is no JSON or too long or too deep, for a key that comes twice, and for numbers that
// are not whole or are too large.
Expected<nlohmann::json> parse_plain_json(std::string_view text, const std::string& file);

}  // namespace hinterland
