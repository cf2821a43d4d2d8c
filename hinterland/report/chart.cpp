#include "hinterland/report/chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "hinterland/report/extent.hpp"
#include "hinterland/report/figure.hpp"

namespace hinterland {

namespace {

constexpr std::size_t kMostPoints = 100;  // of a curve in a table
constexpr std::size_t kStretches = 48;

// "1.16 to 1.35 CNY"
Words text_of(const Extent& extent, const std::string& unit) {
  if (extent.empty()) return {"no values", "无数值"};
  const bool alike = compact(extent.low) == compact(extent.high);
  const double spread = visible_spread(extent.low, extent.high);
  const std::string from = alike ? distinct(extent.low, spread) : compact(extent.low);
  const std::string to = alike ? distinct(extent.high, spread) : compact(extent.high);
  const std::string behind = unit.empty() ? "" : " " + unit;
  return {fmt::format("{} to {}{}", from, to, behind), fmt::format("{} 至 {}{}", from, to, behind)};
}

std::string figure(double value) { return std::isfinite(value) ? compact(value) : ""; }

// A caption, or what stands for one.
std::string zh_or_en(const Words& words) { return words.zh.empty() ? words.en : words.zh; }

Words with_unit(const Words& name, const std::string& unit) {
  if (unit.empty()) return name;
  return {fmt::format("{}, {}", name.en, unit), name.zh.empty() ? "" : fmt::format("{}，{}", name.zh, unit)};
}

Words sentence(const Words& caption, const Words& kind, const Words& extent) {
  return {fmt::format("{}. {}; {}. The data follow as a table.", caption.en, kind.en, extent.en),
          fmt::format("{}。{}；{}。其后附数据表。", zh_or_en(caption), kind.zh, extent.zh)};
}

Words label(const BarsBlock& bars) {
  Extent totals;
  for (std::size_t i = 0; i < bars.rows.size(); ++i) {
    double total = 0;
    for (const auto& part : bars.parts) total += value_at(part.values, i);
    totals.add(total);
  }
  const Words extent = text_of(totals, bars.unit);
  return sentence(bars.caption,
                  {fmt::format("Stacked bars, {} rows", bars.rows.size()),
                   fmt::format("堆积条形图，{} 行", bars.rows.size())},
                  {"totals from " + extent.en, "合计 " + extent.zh});
}

Words label(const HeatBlock& heat) {
  Extent extent;
  extent.add(heat.values);
  return sentence(heat.caption,
                  {fmt::format("Heat map of {} by {}", heat.rows.size(), heat.columns.size()),
                   fmt::format("热力图，{} 行 × {} 列", heat.rows.size(), heat.columns.size())},
                  text_of(extent, heat.unit));
}

Words label(const LinesBlock& lines) {
  Extent extent;
  for (const auto& curve : lines.curves) extent.add(curve.y);
  return sentence(
      lines.caption,
      {fmt::format("{} curves of {} over {}", lines.curves.size(), lines.y_name.en, lines.x_name.en),
       fmt::format("{} 条曲线：{}（横轴 {}）", lines.curves.size(), zh_or_en(lines.y_name),
                   zh_or_en(lines.x_name))},
      text_of(extent, ""));
}

Words label(const TornadoBlock& tornado) {
  Extent extent;
  for (const auto& bar : tornado.bars) {
    extent.add(bar.at_low);
    extent.add(bar.at_high);
  }
  const Words ends = text_of(extent, tornado.unit);
  return sentence(
      tornado.caption,
      {fmt::format("Tornado chart of {} values around {}", tornado.bars.size(), compact(tornado.centre)),
       fmt::format("龙卷风图，{} 个参数，现值 {}", tornado.bars.size(), compact(tornado.centre))},
      ends);
}

Words label(const MapBlock& map) {
  return sentence(map.caption, {"Schematic map", "示意地图"},
                  {fmt::format("{} places and {} paths", map.places.size(), map.lines.size()),
                   fmt::format("{} 个地点，{} 条路径", map.places.size(), map.lines.size())});
}

TableBlock table(const BarsBlock& bars) {
  TableBlock out{.caption = with_unit(bars.caption, bars.unit), .columns = {{""}}, .rows = {}};
  for (const auto& part : bars.parts) out.columns.push_back({part.name, Align::right});
  out.columns.push_back({{"total", "合计"}, Align::right});
  for (const auto& mark : bars.marks) out.columns.push_back({mark.name, Align::right});
  for (std::size_t i = 0; i < bars.rows.size(); ++i) {
    auto& row = out.rows.emplace_back();
    row.push_back(bars.rows[i]);
    double total = 0;
    for (const auto& part : bars.parts) {
      row.emplace_back(figure(value_at(part.values, i)));
      total += value_at(part.values, i);
    }
    row.emplace_back(figure(total));
    for (const auto& mark : bars.marks)
      row.emplace_back(i < mark.at.size() && mark.at[i] ? figure(*mark.at[i]) : "");
  }
  return out;
}

TableBlock table(const HeatBlock& heat) {
  TableBlock out{.caption = with_unit(heat.caption, heat.unit), .columns = {{""}}, .rows = {}};
  for (const Words& column : heat.columns) out.columns.push_back({column, Align::right});
  Extent extent;
  extent.add(heat.values);
  const double spread = extent.empty() ? 0 : visible_spread(extent.low, extent.high);
  for (std::size_t i = 0; i < heat.rows.size(); ++i) {
    auto& row = out.rows.emplace_back();
    row.push_back(heat.rows[i]);
    for (std::size_t j = 0; j < heat.columns.size(); ++j) {
      const double value = value_at(heat.values, i * heat.columns.size() + j);
      row.emplace_back(std::isfinite(value) ? distinct(value, spread) : "");
    }
  }
  return out;
}

TableBlock points(const LinesBlock& lines) {
  TableBlock out{.caption = lines.caption, .columns = {{lines.x_name, Align::right}}, .rows = {}};
  for (const auto& curve : lines.curves) out.columns.push_back({curve.name, Align::right});
  for (std::size_t i = 0; i < lines.x.size(); ++i) {
    auto& row = out.rows.emplace_back();
    row.emplace_back(figure(lines.x[i]));
    for (const auto& curve : lines.curves) row.emplace_back(figure(value_at(curve.y, i)));
  }
  return out;
}

TableBlock stretches(const LinesBlock& lines) {
  TableBlock out{.caption = lines.caption, .columns = {{lines.x_name}}, .rows = {}};
  for (const auto& curve : lines.curves) {
    out.columns.push_back({{curve.name.en + ", least", zh_or_en(curve.name) + "，最小"}, Align::right});
    out.columns.push_back({{"mean", "平均"}, Align::right});
    out.columns.push_back({{"greatest", "最大"}, Align::right});
  }
  for (std::size_t i = 0; i < kStretches; ++i) {
    const std::size_t begin = i * lines.x.size() / kStretches, end = (i + 1) * lines.x.size() / kStretches;
    auto& row = out.rows.emplace_back();
    const std::string from = figure(lines.x[begin]), to = figure(lines.x[end - 1]);
    row.push_back({fmt::format("{} to {}", from, to), fmt::format("{} 至 {}", from, to)});
    for (const auto& curve : lines.curves) {
      Extent extent;
      double sum = 0;
      std::size_t count = 0;
      for (std::size_t j = begin; j < end; ++j) {
        const double value = value_at(curve.y, j);
        if (!std::isfinite(value)) continue;
        extent.add(value);
        sum += value;
        ++count;
      }
      row.emplace_back(count == 0 ? "" : compact(extent.low));
      row.emplace_back(count == 0 ? "" : compact(sum / static_cast<double>(count)));
      row.emplace_back(count == 0 ? "" : compact(extent.high));
    }
  }
  return out;
}

TableBlock table(const LinesBlock& lines) {
  TableBlock out = lines.x.size() > kMostPoints ? stretches(lines) : points(lines);
  out.caption = {with_unit(lines.caption, lines.y_name.en).en,
                 with_unit(lines.caption, zh_or_en(lines.y_name)).zh};
  return out;
}

TableBlock table(const TornadoBlock& tornado) {
  TableBlock out{.caption = with_unit(tornado.caption, tornado.unit),
                 .columns = {{{"value", "参数"}},
                             {{"low end", "下限"}},
                             {{"result there", "结果"}, Align::right},
                             {{"high end", "上限"}},
                             {{"result there", "结果"}, Align::right}},
                 .rows = {}};
  for (const auto& bar : tornado.bars)
    out.rows.push_back({bar.name, bar.low_text, figure(bar.at_low), bar.high_text, figure(bar.at_high)});
  return out;
}

TableBlock table(const MapBlock& map) {
  TableBlock out{.caption = map.caption,
                 .columns = {{{"place", "地点"}},
                             {{"what it is", "类别"}},
                             {{"latitude, longitude", "纬度，经度"}},
                             {{"more", "说明"}}},
                 .rows = {}};
  for (const auto& place : map.places) {
    const auto group = std::ranges::find(map.groups, place.group, &MapBlock::Group::id);
    out.rows.push_back({place.name, group != map.groups.end() ? group->name : Words(place.group),
                        fmt::format("{:.2f}, {:.2f}", place.latitude_deg, place.longitude_deg), place.text});
  }
  for (const auto& line : map.lines) {
    if (line.from >= map.places.size() || line.to >= map.places.size()) continue;
    const Words &from = map.places[line.from].name, &to = map.places[line.to].name;
    out.rows.push_back(
        {{fmt::format("{} → {}", from.en, to.en), fmt::format("{} → {}", zh_or_en(from), zh_or_en(to))},
         {"path", "路径"},
         "",
         line.text});
  }
  return out;
}

}  // namespace

std::pair<double, double> colour_ends(const HeatBlock& heat) {
  Extent extent;
  extent.add(heat.values);
  if (extent.empty()) extent = {.low = 0, .high = 0};
  const double low = heat.low.value_or(extent.low), high = heat.high.value_or(extent.high);
  return {low, visible_spread(low, high) == 0 ? low : high};
}

double visible_spread(double low, double high) {
  static constexpr double kRounding = 1e-9, kLeast = 1e-4;  // of the greatest value
  const double spread = high - low, size = std::max(std::abs(low), std::abs(high));
  return spread <= kRounding * size ? 0 : std::max(spread, kLeast * size);
}

Words label_of(const Chart& chart) {
  return std::visit([](const auto& one) { return label(one); }, chart);
}

TableBlock table_of(const Chart& chart) {
  return std::visit([](const auto& one) { return table(one); }, chart);
}

}  // namespace hinterland
