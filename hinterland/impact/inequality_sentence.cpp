#include "hinterland/impact/inequality_sentence.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr double kTurnTold = 0.05;  // of the value at the turn

// "fell by 52 %", "rose by 3 %", of a part that may have been nothing.
Words moved(double before, double after) {
  if (before <= 0) return {"was nothing before", "此前为零"};
  const double share = after / before - 1;
  const std::string size = fmt::format("{:.1f} %", 100 * std::abs(share));
  return share < 0 ? Words{"fell by " + size, "下降 " + size} : Words{"rose by " + size, "上升 " + size};
}

// Groups whose own inequality rose from the one year to the other.
std::vector<std::string> opened_inside(const RegionalInequality& result, const InequalityYear& from,
                                       const InequalityYear& to, std::string RegionGroup::* name) {
  std::vector<std::string> out;
  for (std::size_t g = 0; g < result.groups.size(); ++g) {
    const double before = from.parts.groups[g].own.theil_t;
    const double after = to.parts.groups[g].own.theil_t;
    if (result.groups[g].regions.size() > 1 && after > before) out.push_back(result.groups[g].*name);
  }
  return out;
}

// How many of the years are of the first revision.
std::size_t of_first_revision(const RegionalInequality& result) {
  if (result.breaks.empty()) return result.years.size();
  return static_cast<std::size_t>(
      std::ranges::find(result.years, result.breaks.front().from, &InequalityYear::year) -
      result.years.begin());
}

// The year from which a part went the other way than it did from the first year to the last of `years`, where it went far.
const InequalityYear* turn_of(std::span<const InequalityYear> years, double (*part)(const Decomposition&)) {
  const auto value = [&](const InequalityYear& one) { return part(one.parts); };
  const double last = value(years.back());
  const bool fell = last < value(years.front());
  const InequalityYear& turn =
      fell ? *std::ranges::min_element(years, {}, value) : *std::ranges::max_element(years, {}, value);
  const bool far = value(turn) > 0 && std::abs(last / value(turn) - 1) >= kTurnTold;
  return far ? &turn : nullptr;
}

// " Since its low in 2013 what lies within them rose by 26.2 %, inside Coast and Hinterland."
void add_turn(const RegionalInequality& result, const Words& what, double (*part)(const Decomposition&),
              bool inside, Words& out) {
  const auto years = std::span(result.years).first(of_first_revision(result));
  const InequalityYear* const turn = turn_of(years, part);
  if (turn == nullptr) return;
  const InequalityYear& last = years.back();
  const double before = part(turn->parts), after = part(last.parts);
  const bool rose = after > before, to_the_end = years.size() == result.years.size();
  const char* const extreme = rose ? "low" : "high";
  out.en += to_the_end ? fmt::format(" Since its {} in {}", extreme, turn->year)
                       : fmt::format(" From its {} in {} to {}", extreme, turn->year, last.year);
  out.en += fmt::format(" {} {}", what.en, moved(before, after).en);
  out.zh += fmt::format("{}自 {} 年的{}点{}{}", what.zh, turn->year, rose ? "低" : "高",
                        to_the_end ? "以来" : fmt::format("至 {} 年", last.year), moved(before, after).zh);
  if (const auto names = opened_inside(result, *turn, last, &RegionGroup::name);
      inside && rose && !names.empty()) {
    out.en += fmt::format(", inside {}", fmt::join(names, " and "));
    out.zh +=
        fmt::format("，涉及{}", fmt::join(opened_inside(result, *turn, last, &RegionGroup::name_zh), "、"));
  }
  out.en += '.';
  out.zh += "。";
}

void add_breaks(const RegionalInequality& result, Words& out) {
  for (const SeriesBreak& one : result.breaks) {
    out.en += fmt::format(
        " From {} on the accounts are of another revision: had each region's GDP risen like the whole since "
        "{}, Theil T of {} would be {:.4f}.",
        one.from, one.before, one.from, one.even_theil_t);
    out.zh +=
        fmt::format("{} 年起账目换用新修订口径：若各地区自 {} 年起与总体同步增长，{} 年泰尔 T 为 {:.4f}。",
                    one.from, one.before, one.from, one.even_theil_t);
  }
}

}  // namespace

Words inequality_sentence(const RegionalInequality& result) {
  const Decomposition &first = result.first().parts, &last = result.last().parts;
  if (result.years.size() == 1)
    return {fmt::format(
                "In {} Theil T of GDP per head is {:.4f}: {} of it between the groups, the rest within them.",
                result.last().year, last.all.theil_t, percent(last.between_t / last.all.theil_t)),
            fmt::format("{} 年人均生产总值的泰尔 T 为 {:.4f}，其中 {} 在组间，其余在组内。",
                        result.last().year, last.all.theil_t, percent(last.between_t / last.all.theil_t))};
  const Words all = moved(first.all.theil_t, last.all.theil_t),
              between = moved(first.between_t, last.between_t), within = moved(first.within_t, last.within_t);
  Words out{
      fmt::format(
          "From {} to {} inequality of GDP per head {} (Theil T {:.4f} -> {:.4f}): what lies between the "
          "groups {}, what lies within them {}.",
          result.first().year, result.last().year, all.en, first.all.theil_t, last.all.theil_t, between.en,
          within.en),
      fmt::format("{} 至 {} 年，人均生产总值的不平等{}（泰尔 T {:.4f} -> {:.4f}）：组间{}，组内{}。",
                  result.first().year, result.last().year, all.zh, first.all.theil_t, last.all.theil_t,
                  between.zh, within.zh)};
  if (const auto names = opened_inside(result, result.first(), result.last(), &RegionGroup::name);
      !names.empty()) {
    out.en += fmt::format(" It rose inside {}.", fmt::join(names, " and "));
    out.zh += fmt::format(
        "其内部上升的有：{}。",
        fmt::join(opened_inside(result, result.first(), result.last(), &RegionGroup::name_zh), "、"));
  }
  add_turn(
      result, {"the whole", "总体"}, [](const Decomposition& one) { return one.all.theil_t; }, false, out);
  add_turn(
      result, {"what lies between the groups", "组间"},
      [](const Decomposition& one) { return one.between_t; }, false, out);
  add_turn(
      result, {"what lies within them", "组内"}, [](const Decomposition& one) { return one.within_t; }, true,
      out);
  add_breaks(result, out);
  return out;
}

Words ratio_and_gap_sentence(const RegionalInequality& result) {
  std::vector<std::string> en, zh;
  for (const Course& one : result.group_courses) {
    if (!one.both()) continue;
    en.push_back(fmt::format("{} ({:.3f} -> {:.3f} of the nation's, {} -> {} behind it)", one.name,
                             one.first.ratio(), one.last.ratio(), grouped(std::llround(one.first.gap())),
                             grouped(std::llround(one.last.gap()))));
    zh.push_back(fmt::format("{}（与全国之比 {:.3f} -> {:.3f}，落后 {} -> {}）", one.name_zh,
                             one.first.ratio(), one.last.ratio(), grouped(std::llround(one.first.gap())),
                             grouped(std::llround(one.last.gap()))));
  }
  if (en.empty()) return {};
  return {fmt::format("Nearer by the ratio and farther in money: {}.", fmt::join(en, ", ")),
          fmt::format("比值接近而绝对差距扩大：{}。", fmt::join(zh, "，"))};
}

}  // namespace hinterland
