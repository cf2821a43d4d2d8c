#include "hinterland/report/terminal_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <vector>

#include "hinterland/report/chart.hpp"
#include "hinterland/report/extent.hpp"
#include "hinterland/report/figure.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

constexpr std::array<std::string_view, 6> kShades = {"█", "▒", "▚", "░", "▄", "▐"};  // one a part
// One a mark, the same in every chart: a floor, a ceiling, the ceiling of a home that is sunk (web/charts/bars.js).
constexpr std::array<std::string_view, 4> kMarks = {"┃", "◆", "○", "×"};
constexpr std::array<std::string_view, 8> kEighths = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::size_t kWidestName = 28, kLeastDrawing = 10;

void add_caption(const Words& caption, const std::string& unit, const TerminalStyle& style,
                 std::string& out) {
  if (caption.empty()) return;
  add_line(out, bold(unit.empty() ? caption.en : fmt::format("{}, {}", caption.en, unit), style));
}

std::size_t widest(const std::vector<std::string>& texts, std::size_t most = kWidestName) {
  std::size_t width = 0;
  for (const std::string& text : texts) width = std::max(width, display_width(text));
  return std::min(width, most);
}

// What is left of the line for drawing.
std::size_t room(const TerminalStyle& style, std::size_t taken, std::size_t most) {
  return std::clamp(style.width > taken ? style.width - taken : 0, kLeastDrawing, most);
}

// The items in lines from `indent` on; none is broken.
void add_legend(const std::vector<std::string>& items, std::size_t indent, std::size_t width,
                std::string& out) {
  std::string line;
  for (const std::string& item : items) {
    if (!line.empty() && indent + display_width(line) + 2 + display_width(item) > width) {
      add_line(out, std::string(indent, ' ') + line);
      line.clear();
    }
    line += (line.empty() ? "" : "  ") + item;
  }
  add_line(out, std::string(indent, ' ') + line);
}

// A line of cells, each one character.
class Canvas {
 public:
  explicit Canvas(std::size_t width) : cells_(width, " ") {}
  // Fills the cells whose middles lie between `from` and `to`, in cells from the left.
  void fill(double from, double to, std::string_view with) {
    const auto begin = at(from), end = at(to);
    for (auto i = std::min(begin, end); i < std::max(begin, end); ++i) cells_[i] = with;
  }
  void put(double where, std::string_view mark) {
    const auto i =
        static_cast<std::size_t>(std::clamp(std::floor(where), 0.0, static_cast<double>(cells_.size() - 1)));
    cells_[i] = mark;
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const auto cell : cells_) out += cell;
    return out;
  }

 private:
  [[nodiscard]] std::size_t at(double where) const {
    return static_cast<std::size_t>(std::clamp(std::round(where), 0.0, static_cast<double>(cells_.size())));
  }
  std::vector<std::string_view> cells_;
};

// From values to cells.
struct Scale {
  double low = 0, high = 1, cells = 1;
  [[nodiscard]] double at(double value) const {
    return high > low ? (value - low) / (high - low) * cells : 0;
  }
};

// A spark for each value; a gap where there is none.
std::string spark(double value, const Extent& extent) {
  if (!std::isfinite(value)) return " ";
  const double spread = visible_spread(extent.low, extent.high);
  const double share = spread > 0 ? (value - extent.low) / extent.spread() : 0;
  return std::string(kEighths.at(static_cast<std::size_t>(std::clamp(share * 8, 0.0, 7.0))));
}

// `count` values as `cells` means of neighbours; a mean of nothing is NaN.
std::vector<double> means(const std::vector<double>& values, std::size_t begin, std::size_t count,
                          std::size_t cells) {
  std::vector<double> out;
  for (std::size_t i = 0; i < cells; ++i) {
    double sum = 0;
    std::size_t known = 0;
    for (std::size_t j = begin + i * count / cells; j < begin + (i + 1) * count / cells; ++j) {
      const double value = value_at(values, j);
      if (!std::isfinite(value)) continue;
      sum += value;
      ++known;
    }
    out.push_back(known > 0 ? sum / static_cast<double>(known) : std::numeric_limits<double>::quiet_NaN());
  }
  return out;
}

// "1.16 to 1.31", with the digits that tell apart the values of `all`.
std::string range_text(const Extent& extent, const Extent& all) {
  if (extent.empty()) return "";
  const double spread = visible_spread(all.low, all.high);
  return fmt::format("{} to {}", distinct(extent.low, spread), distinct(extent.high, spread));
}

Extent extent_of(const BarsBlock& bars) {
  Extent extent{.low = 0, .high = 0};
  for (std::size_t i = 0; i < bars.rows.size(); ++i) {
    double below = 0, above = 0;
    for (const auto& part : bars.parts) {
      const double value = value_at(part.values, i);
      if (std::isfinite(value)) (value < 0 ? below : above) += value;
    }
    extent.add(below);
    extent.add(above);
    for (const auto& mark : bars.marks) {
      if (i < mark.at.size() && mark.at[i]) extent.add(*mark.at[i]);
    }
  }
  return extent;
}

std::string bar_of(const BarsBlock& bars, std::size_t row, const Scale& scale) {
  Canvas canvas(static_cast<std::size_t>(scale.cells));
  double below = 0, above = 0;
  for (std::size_t p = 0; p < bars.parts.size(); ++p) {
    const double value = value_at(bars.parts[p].values, row);
    if (!std::isfinite(value)) continue;
    double& end = value < 0 ? below : above;
    canvas.fill(scale.at(end), scale.at(end + value), kShades.at(p % kShades.size()));
    end += value;
  }
  for (std::size_t m = 0; m < bars.marks.size(); ++m) {
    const auto& at = bars.marks[m].at;
    if (row < at.size() && at[row]) canvas.put(scale.at(*at[row]), kMarks.at(m % kMarks.size()));
  }
  return canvas.text();
}

}  // namespace

void render_chart(const BarsBlock& bars, const TerminalStyle& style, std::string& out) {
  add_caption(bars.caption, bars.unit, style, out);
  std::vector<std::string> names, totals;
  for (std::size_t i = 0; i < bars.rows.size(); ++i) {
    double total = 0;
    for (const auto& part : bars.parts) {
      const double value = value_at(part.values, i);
      total += std::isfinite(value) ? value : 0;
    }
    names.push_back(bars.rows[i].en);
    totals.push_back(compact(total));
  }
  const std::size_t name_width = widest(names), total_width = widest(totals);
  const Extent extent = extent_of(bars);
  const Scale scale{.low = extent.low,
                    .high = extent.high,
                    .cells = static_cast<double>(room(style, name_width + total_width + 4, 80))};
  for (std::size_t i = 0; i < bars.rows.size(); ++i) {
    add_line(out, fmt::format("{}  {}  {}", padded(shortened(names[i], name_width), name_width),
                              padded(totals[i], total_width, Align::right), bar_of(bars, i, scale)));
  }
  std::vector<std::string> legend;
  for (std::size_t p = 0; p < bars.parts.size(); ++p)
    legend.push_back(fmt::format("{} {}", kShades.at(p % kShades.size()), bars.parts[p].name.en));
  for (std::size_t m = 0; m < bars.marks.size(); ++m)
    legend.push_back(fmt::format("{} {}", kMarks.at(m % kMarks.size()), bars.marks[m].name.en));
  legend.push_back(fmt::format("{} to {}", compact(extent.low), compact(extent.high)));
  add_legend(legend, name_width + total_width + 4, style.width, out);
}

void render_chart(const HeatBlock& heat, const TerminalStyle& style, std::string& out) {
  add_caption(heat.caption, heat.unit, style, out);
  if (heat.columns.empty()) return;
  Extent all;
  for (const double value : heat.values) all.add(value);
  if (heat.low) all.low = *heat.low;
  if (heat.high) all.high = *heat.high;
  std::vector<std::string> names, ranges;
  for (std::size_t i = 0; i < heat.rows.size(); ++i) {
    Extent row;
    for (std::size_t j = 0; j < heat.columns.size(); ++j)
      row.add(value_at(heat.values, i * heat.columns.size() + j));
    names.push_back(heat.rows[i].en);
    ranges.push_back(range_text(row, all));
  }
  const std::size_t name_width = widest(names), range_width = widest(ranges, 40);
  const std::size_t most = room(style, name_width + range_width + 4, 2 * heat.columns.size());
  const std::size_t cells = std::min(most, heat.columns.size());
  const std::size_t times = most >= 2 * cells ? 2 : 1;
  std::string head;
  std::size_t ends = 0;
  for (std::size_t j = 0; j < cells; ++j) {
    const std::string& title = heat.columns[j * heat.columns.size() / cells].en;
    if (j * times < ends) continue;
    head = padded(head, j * times);
    head += title;
    ends = j * times + display_width(title) + 2;
  }
  add_line(out, padded("", name_width + 2) + head);
  for (std::size_t i = 0; i < heat.rows.size(); ++i) {
    std::string line;
    for (const double value : means(heat.values, i * heat.columns.size(), heat.columns.size(), cells)) {
      for (std::size_t k = 0; k < times; ++k) line += spark(value, all);
    }
    add_line(out, fmt::format("{}  {}  {}", padded(shortened(names[i], name_width), name_width), line,
                              padded(ranges[i], range_width, Align::right)));
  }
}

void render_chart(const LinesBlock& lines, const TerminalStyle& style, std::string& out) {
  add_caption(lines.caption, lines.y_name.en, style, out);
  if (lines.x.empty()) return;
  Extent all;
  std::vector<std::string> names, ranges;
  for (const auto& curve : lines.curves) {
    for (const double y : curve.y) all.add(y);
  }
  for (const auto& curve : lines.curves) {
    Extent own;
    for (const double y : curve.y) own.add(y);
    names.push_back(curve.name.en);
    ranges.push_back(range_text(own, all));
  }
  const std::size_t name_width = widest(names), range_width = widest(ranges, 40);
  const std::size_t cells = std::min(room(style, name_width + range_width + 4, 96), lines.x.size());
  for (std::size_t c = 0; c < lines.curves.size(); ++c) {
    std::string line;
    for (const double y : means(lines.curves[c].y, 0, lines.x.size(), cells)) line += spark(y, all);
    add_line(out, fmt::format("{}  {}  {}", padded(shortened(names[c], name_width), name_width), line,
                              padded(ranges[c], range_width, Align::right)));
  }
  const auto x_text = lines.calendar ? calendar_text : compact;
  add_line(out, fmt::format("{}{}: {} to {}", std::string(name_width + 2, ' '), lines.x_name.en,
                            x_text(lines.x.front()), x_text(lines.x.back())));
}

void render_chart(const TornadoBlock& tornado, const TerminalStyle& style, std::string& out) {
  add_caption(tornado.caption, tornado.unit, style, out);
  Extent extent;
  extent.add(tornado.centre);
  std::vector<std::string> names, lows, highs;
  for (const auto& bar : tornado.bars) {
    extent.add(bar.at_low);
    extent.add(bar.at_high);
  }
  for (const auto& bar : tornado.bars) {
    names.push_back(bar.name.en);
    lows.push_back(fmt::format("{}: {}", bar.low_text.en, compact(bar.at_low)));
    highs.push_back(fmt::format("{}: {}", bar.high_text.en, compact(bar.at_high)));
  }
  const std::size_t name_width = widest(names, 44), low_width = widest(lows), high_width = widest(highs);
  const Scale scale{.low = extent.low,
                    .high = extent.high,
                    .cells = static_cast<double>(room(style, name_width + low_width + high_width + 6, 60))};
  for (std::size_t i = 0; i < tornado.bars.size(); ++i) {
    Canvas canvas(static_cast<std::size_t>(scale.cells));
    const double centre = scale.at(tornado.centre);
    const double low = scale.at(tornado.bars[i].at_low), high = scale.at(tornado.bars[i].at_high);
    // The longer one first, so that both are seen where they lie on one side.
    const bool low_first = std::abs(low - centre) >= std::abs(high - centre);
    canvas.fill(centre, low_first ? low : high, low_first ? kShades[3] : kShades[0]);
    canvas.fill(centre, low_first ? high : low, low_first ? kShades[0] : kShades[3]);
    canvas.put(centre, "┃");
    add_line(out, fmt::format("{}  {}  {}  {}", padded(shortened(names[i], name_width), name_width),
                              padded(shortened(lows[i], low_width), low_width, Align::right), canvas.text(),
                              shortened(highs[i], high_width)));
  }
  add_line(out,
           fmt::format("{}┃ as it stands: {}  {} at its low end  {} at its high end",
                       std::string(name_width + 2, ' '), compact(tornado.centre), kShades[3], kShades[0]));
}

}  // namespace hinterland
