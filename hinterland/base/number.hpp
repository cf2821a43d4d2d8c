// Numbers from text: the one place where text becomes a double or an integer.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hinterland {

// The whole of `text` as a finite decimal number ("0.40", "1e6", "-3"); nullopt for anything else: empty
// text, spaces, a trailing unit, "nan", "inf", hexadecimal, thousands separators. Independent of the locale.
std::optional<double> parse_number(std::string_view text);

// The whole of `text` as a decimal integer that fits.
std::optional<std::int64_t> parse_integer(std::string_view text);

// The shortest text that reads back as the same double ("0.1", "5259600").
std::string shortest(double value);

}  // namespace hinterland
