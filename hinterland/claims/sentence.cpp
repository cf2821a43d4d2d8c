#include "hinterland/claims/sentence.hpp"

#include <fmt/format.h>

#include <cmath>

#include "hinterland/claims/claim.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kGrouped = 1000;  // from here on whole, unless digits are asked for
constexpr double kMostGrouped = 1e15;

std::string bare_text(double value, const Shown& shown) {
  if (shown.digits) {
    std::string text = fmt::format("{:.{}f}", value, static_cast<int>(*shown.digits));
    if (*shown.digits == 0 && std::abs(value) < kMostGrouped) text = grouped(std::llround(value));
    return text;
  }
  if (std::abs(value) >= kGrouped && std::abs(value) < kMostGrouped) return grouped(std::llround(value));
  return fmt::format("{:.4g}", value);
}

// "1st", "22nd", "113th".
std::string ordinal(long long place) {
  const long long tens = place % 100;
  const bool teen = tens > 10 && tens < 14;
  switch (teen ? 0 : place % 10) {
    case 1: return fmt::format("{}st", place);
    case 2: return fmt::format("{}nd", place);
    case 3: return fmt::format("{}rd", place);
    default: return fmt::format("{}th", place);
  }
}

}  // namespace

std::string shown_text(double value, const Shown& shown) {
  if (shown.unit == "%") {
    const int digits = static_cast<int>(shown.digits.value_or(1));
    return fmt::format("{:.{}f} %", 100 * shown.times * value, digits);
  }
  if (shown.unit == "year") return fmt::format("{:.0f}", shown.times * value);
  if (shown.unit == "place") return ordinal(std::llround(shown.times * value));
  const std::string text = bare_text(shown.times * value, shown);
  return shown.unit.empty() ? text : text + " " + shown.unit;
}

std::string bar_text(double bar, const Shown& shown) {
  if (shown.unit == "%") return fmt::format("{:g} %", 100 * shown.times * bar);
  const std::string text = fmt::format("{:g}", shown.times * bar);
  return shown.unit.empty() || shown.unit == "year" || shown.unit == "place" ? text : text + " " + shown.unit;
}

Expected<std::vector<std::string>> names_in(std::string_view pattern, const Location& where) {
  std::vector<std::string> names;
  for (std::size_t at = pattern.find_first_of("{}"); at != std::string_view::npos;
       at = pattern.find_first_of("{}", at + 1)) {
    const std::size_t end = pattern.find_first_of("{}", at + 1);
    if (pattern[at] == '}' || end == std::string_view::npos || pattern[end] == '{')
      return failure({.what = "a brace without its partner",
                      .where = where,
                      .mend = "Write {NAME} where a number is to stand, and no other braces."});
    names.emplace_back(pattern.substr(at + 1, end - at - 1));
    at = end;
  }
  return names;
}

std::string filled(std::string_view pattern, const std::function<std::string(const std::string&)>& text_of) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{', begin)) {
    const std::size_t close = pattern.find('}', open);
    out += pattern.substr(begin, open - begin);
    out += text_of(std::string(pattern.substr(open + 1, close - open - 1)));
    begin = close + 1;
  }
  out += pattern.substr(begin);
  return out;
}

}  // namespace hinterland
