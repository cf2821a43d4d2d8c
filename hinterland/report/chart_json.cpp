#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include <fmt/format.h>

#include "hinterland/report/chart.hpp"

namespace hinterland {

namespace {

using nlohmann::json;

json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::strtod(fmt::format("{:.7g}", value).c_str(), nullptr);
}

json numbers(const std::vector<double>& values) {
  json out = json::array();
  for (const double value : values) out.push_back(number(value));
  return out;
}

json words(const Words& text) {
  json out = {{"en", text.en}};
  if (!text.zh.empty()) out["zh"] = text.zh;
  return out;
}

json words(const std::vector<Words>& texts) {
  json out = json::array();
  for (const Words& text : texts) out.push_back(words(text));
  return out;
}

json data(const BarsBlock& bars) {
  json parts = json::array(), marks = json::array();
  for (const auto& part : bars.parts)
    parts.push_back({{"name", words(part.name)}, {"values", numbers(part.values)}});
  for (const auto& mark : bars.marks) {
    json at = json::array();
    for (const auto& value : mark.at) at.push_back(value ? number(*value) : json());
    marks.push_back({{"name", words(mark.name)}, {"at", at}});
  }
  return {
      {"kind", "bars"}, {"unit", bars.unit}, {"rows", words(bars.rows)}, {"parts", parts}, {"marks", marks}};
}

json data(const HeatBlock& heat) {
  const auto [low, high] = colour_ends(heat);
  return {{"kind", "heat"},
          {"unit", heat.unit},
          {"rows", words(heat.rows)},
          {"columns", words(heat.columns)},
          {"values", numbers(heat.values)},
          {"low", number(low)},
          {"high", number(high)}};
}

json data(const LinesBlock& lines) {
  json curves = json::array();
  for (const auto& curve : lines.curves)
    curves.push_back({{"name", words(curve.name)}, {"y", numbers(curve.y)}});
  return {{"kind", "lines"},       {"x_name", words(lines.x_name)}, {"y_name", words(lines.y_name)},
          {"x", numbers(lines.x)}, {"calendar", lines.calendar},    {"curves", curves}};
}

json data(const TornadoBlock& tornado) {
  json bars = json::array();
  for (const auto& bar : tornado.bars) {
    bars.push_back({{"name", words(bar.name)},
                    {"at_low", number(bar.at_low)},
                    {"at_high", number(bar.at_high)},
                    {"low_text", words(bar.low_text)},
                    {"high_text", words(bar.high_text)}});
  }
  return {{"kind", "tornado"}, {"unit", tornado.unit}, {"centre", number(tornado.centre)}, {"bars", bars}};
}

json data(const MapBlock& map) {
  json places = json::array(), lines = json::array(), groups = json::array();
  for (const auto& place : map.places) {
    places.push_back({{"name", words(place.name)},
                      {"latitude_deg", number(place.latitude_deg)},
                      {"longitude_deg", number(place.longitude_deg)},
                      {"size", number(place.size)},
                      {"group", place.group},
                      {"text", words(place.text)}});
  }
  for (const auto& line : map.lines) {
    if (line.from >= map.places.size() || line.to >= map.places.size()) continue;
    lines.push_back({{"from", line.from},
                     {"to", line.to},
                     {"strong", line.strong},
                     {"size", number(line.size)},
                     {"text", words(line.text)}});
  }
  for (const auto& group : map.groups) groups.push_back({{"id", group.id}, {"name", words(group.name)}});
  return {{"kind", "map"},    {"outlines", map.outlines}, {"caption", words(map.caption)},
          {"places", places}, {"lines", lines},           {"groups", groups}};
}

}  // namespace

std::string json_of(const Chart& chart) {
  const json out = std::visit([](const auto& one) { return data(one); }, chart);
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace hinterland
