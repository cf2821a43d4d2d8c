#include "hinterland/impact/band_words.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string>
#include <utility>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kMillion = 1e6;

// 9.3, of a number of which compact() would write 9.3M: three digits, whatever the unit.
std::string in_unit(double value, double unit, const char* name) {
  return compact(value / unit) + " " + name;
}

}  // namespace

Words band_words(const Words& central, const Words& low, const Words& high) {
  const auto zh = [](const Words& one) { return one.zh.empty() ? one.en : one.zh; };
  if (low.en == central.en && high.en == central.en) return {central.en, zh(central)};
  return {fmt::format("{} ({} to {})", central.en, low.en, high.en),
          fmt::format("{}（{} 至 {}）", zh(central), zh(low), zh(high))};
}

Words money_in_words(double value) {
  // 999.6 million would be written as 1k of them.
  static constexpr std::array<std::pair<double, const char*>, 3> kUnits = {
      std::pair{1e12, "trillion"}, std::pair{1e9, "billion"}, std::pair{kMillion, "million"}};
  for (const auto& [unit, name] : kUnits) {
    if (std::isfinite(value) && std::abs(value) >= 0.9995 * unit)
      return {in_unit(value, unit, name), compact_zh(value)};
  }
  return {compact(value), compact_zh(value)};
}

}  // namespace hinterland
