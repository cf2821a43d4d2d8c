#include "hinterland/base/number.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace hinterland {

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::string shortest(double value) {
  std::array<char, 32> buffer{};
  const auto fixed = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  std::string text(buffer.data(), fixed.ptr);
  // Whole numbers below 1e15 read better without an exponent.
  if (text.contains('e') && std::abs(value) < 1e15 && value == std::trunc(value)) {
    text = std::to_string(static_cast<std::int64_t>(value));
  }
  return text;
}

}  // namespace hinterland
