#include "hinterland/report/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace hinterland {

namespace {

std::string without_trailing_zeros(std::string text) {
  if (!text.contains('.')) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::string compact(double value) {
  if (value == 0) return "0";
  if (!std::isfinite(value)) return fmt::format("{}", value);
  static constexpr std::array<std::string_view, 5> kSuffixes = {"", "k", "M", "G", "T"};
  double scaled = value;
  std::size_t suffix = 0;
  while (std::abs(scaled) >= 999.5 && suffix + 1 < kSuffixes.size()) {
    scaled /= 1000;
    ++suffix;
  }
  // Digits behind the point so that three are significant; small values keep three, not more.
  const double size = std::abs(scaled);
  const int before = size < 1       ? static_cast<int>(std::floor(std::log10(size)))
                     : size < 9.995 ? 0
                     : size < 99.95 ? 1
                                    : 2;
  const int digits = std::min(2 - before, 12);
  return without_trailing_zeros(fmt::format("{:.{}f}", scaled, digits)) + std::string(kSuffixes.at(suffix));
}

std::string calendar_text(double year) {
  return year == std::floor(year) ? fmt::format("{:.0f}", year) : fmt::format("{:.1f}", year);
}

std::string compact_zh(double value) {
  static constexpr double kMyriad = 1e4;
  const double size = std::abs(value);
  if (!(size >= kMyriad) || !std::isfinite(value)) {
    // compact() would write 1,000 to 9,999 with a k.
    return size >= 999.5 && std::isfinite(value) ? fmt::format("{:.0f}", value) : compact(value);
  }
  // 9999.6 myriads would be written as 10000 of them.
  const bool huge = size >= 9999.5 * kMyriad;
  const double scaled = value / (huge ? kMyriad * kMyriad : kMyriad);
  const int before = static_cast<int>(std::floor(std::log10(std::abs(scaled))));
  return without_trailing_zeros(fmt::format("{:.{}f}", scaled, std::max(0, 2 - before))) +
         (huge ? " 亿" : " 万");
}

std::string distinct(double value, double spread) {
  static constexpr double kSteps = 100;
  if (!(spread > 0) || !std::isfinite(value)) return compact(value);
  const int behind = static_cast<int>(std::ceil(-std::log10(spread / kSteps)));
  // What compact() shows of it: three digits, counted from the first.
  const int shown = value == 0 ? behind : 2 - static_cast<int>(std::floor(std::log10(std::abs(value))));
  return behind <= shown ? compact(value) : fmt::format("{:.{}f}", value, std::clamp(behind, 0, 12));
}

std::string megawatts(Kilowatts power) { return compact(power.value / kKilowattsPerMegawatt); }

std::string percent(double share) {
  return without_trailing_zeros(fmt::format("{:.1f}", 100 * share)) + " %";
}

std::string names_text(const std::vector<std::string>& names) {
  static constexpr std::size_t kMost = 5;
  std::vector<std::string> once;
  for (const std::string& name : names)
    if (std::ranges::find(once, name) == once.end()) once.push_back(name);
  const std::size_t shown = std::min(kMost, once.size());
  std::string out;
  for (std::size_t i = 0; i < shown; ++i) out += (i > 0 ? ", " : "") + once[i];
  return once.size() > shown ? out + fmt::format(" and {} more", once.size() - shown) : out;
}

std::string grouped(long long value) {
  std::string digits = std::to_string(std::abs(value));
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return value < 0 ? "-" + digits : digits;
}

std::string counted(long long value, std::string_view what) {
  return fmt::format("{} {}{}", grouped(value), what, value == 1 ? "" : "s");
}

}  // namespace hinterland
