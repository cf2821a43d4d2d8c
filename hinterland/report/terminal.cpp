#include "hinterland/report/terminal.hpp"

#include <algorithm>
#include <numeric>

#include "hinterland/report/terminal_chart.hpp"
#include "hinterland/report/terminal_text.hpp"

namespace hinterland {

namespace {

void render(const Paragraph& paragraph, const TerminalStyle& style, std::string& out) {
  for (const std::string& line : wrapped(paragraph.text.en, style.width)) {
    add_line(out, paragraph.strong ? bold(line, style) : line);
  }
}

constexpr std::size_t kGap = 2;  // between columns

// How wide each column is. A table that is wider than the terminal takes it from its widest column of text, cell by
// cell, down to that column's longest word; numbers are never broken, so a table of numbers may still be wider.
std::vector<std::size_t> column_widths(const TableBlock& table, std::size_t width) {
  std::vector<std::size_t> widths, least;
  for (const Column& column : table.columns) {
    widths.push_back(display_width(column.title.en));
    least.push_back(widths.back());
  }
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i].en));
      least[i] = std::max(least[i], widest_piece(row[i].en));
    }
  }
  const auto total = [&] {
    return std::accumulate(widths.begin(), widths.end(), widths.empty() ? 0 : kGap * (widths.size() - 1));
  };
  for (std::size_t over = total() > width ? total() - width : 0; over > 0; --over) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (table.columns[i].align == Align::right || widths[i] <= least[i]) continue;
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) break;
    --widths[widest];
  }
  return widths;
}

// One row, in as many lines as its tallest cell needs.
void add_row(const TableBlock& table, const std::vector<Words>& row, const std::vector<std::size_t>& widths,
             std::string& out) {
  std::vector<std::vector<std::string>> cells;
  std::size_t lines = 1;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const bool fits = display_width(row[i].en) <= widths[i];
    cells.push_back(fits ? std::vector{printable(row[i].en)} : wrapped(row[i].en, widths[i]));
    lines = std::max(lines, cells.back().size());
  }
  for (std::size_t k = 0; k < lines; ++k) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      line += (i > 0 ? std::string(kGap, ' ') : "") +
              padded(k < cells[i].size() ? cells[i][k] : "", widths[i], table.columns[i].align);
    }
    add_line(out, line);
  }
}

void render(const TableBlock& table, const TerminalStyle& style, std::string& out) {
  const auto widths = column_widths(table, style.width);
  if (!table.caption.empty()) add_line(out, bold(table.caption.en, style));
  std::string head;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    head += (i > 0 ? std::string(kGap, ' ') : "") +
            padded(table.columns[i].title.en, widths[i], table.columns[i].align);
  }
  add_line(out, bold(head, style));
  for (const auto& row : table.rows) add_row(table, row, widths, out);
}

void render(const FactsBlock& block, const TerminalStyle& style, std::string& out) {
  if (!block.caption.empty()) add_line(out, bold(block.caption.en, style));
  std::size_t name_width = 0;
  for (const auto& [name, text] : block.facts) name_width = std::max(name_width, display_width(name.en));
  const std::size_t indent = name_width + 2;
  for (const auto& [name, text] : block.facts) {
    const auto lines = wrapped(text.en, style.width > indent + 20 ? style.width - indent : 20);
    add_line(out, padded(name.en, indent) + (lines.empty() ? "" : lines.front()));
    for (std::size_t i = 1; i < lines.size(); ++i) add_line(out, std::string(indent, ' ') + lines[i]);
  }
}

void render(const MapBlock&, const TerminalStyle&, std::string&) {}

template <class Chart>
void render(const Chart& chart, const TerminalStyle& style, std::string& out) {
  render_chart(chart, style, out);
}

}  // namespace

std::string render_terminal(const Page& page, const TerminalStyle& style) {
  std::string out;
  for (const Block& block : page.blocks) {
    std::string text;
    std::visit([&](const auto& one) { render(one, style, text); }, block);
    if (!out.empty() && !text.empty()) out += '\n';
    out += text;
  }
  return out;
}

}  // namespace hinterland
