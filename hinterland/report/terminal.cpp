#include "hinterland/report/terminal.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace hinterland {

std::size_t display_width(std::string_view text) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  std::size_t width = 0;
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const auto length = utf8proc_iterate(bytes, left, &point);
    if (length <= 0) break;
    width += static_cast<std::size_t>(std::max(0, utf8proc_charwidth(point)));
    bytes += length;
    left -= length;
  }
  return width;
}

namespace {

std::string padded(const std::string& text, std::size_t width, Align align) {
  const std::size_t taken = display_width(text);
  const std::string space(width > taken ? width - taken : 0, ' ');
  return align == Align::left ? text + space : space + text;
}

std::string bold(const std::string& text, const TerminalStyle& style) {
  return style.colour ? "\033[1m" + text + "\033[0m" : text;
}

void add_line(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

// Words of `text` in lines of at most `width` cells; a longer word gets a line of its own.
std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const auto space = text.find(' ');
    const std::string word(text.substr(0, space));
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
    if (!line.empty() && display_width(line) + 1 + display_width(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

void render(const Paragraph& paragraph, const TerminalStyle& style, std::string& out) {
  for (const std::string& line : wrapped(paragraph.text.en, style.width)) {
    add_line(out, paragraph.strong ? bold(line, style) : line);
  }
}

void render(const TableBlock& table, const TerminalStyle& style, std::string& out) {
  std::vector<std::size_t> widths;
  for (const Column& column : table.columns) widths.push_back(display_width(column.title.en));
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  if (!table.caption.empty()) add_line(out, bold(table.caption.en, style));
  std::string head;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    head += (i > 0 ? "  " : "") + padded(table.columns[i].title.en, widths[i], table.columns[i].align);
  }
  add_line(out, bold(head, style));
  for (const auto& row : table.rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += (i > 0 ? "  " : "") + padded(row[i], widths[i], table.columns[i].align);
    add_line(out, line);
  }
}

void render(const FactsBlock& block, const TerminalStyle& style, std::string& out) {
  if (!block.caption.empty()) add_line(out, bold(block.caption.en, style));
  std::size_t name_width = 0;
  for (const auto& [name, text] : block.facts) name_width = std::max(name_width, display_width(name));
  const std::size_t indent = name_width + 2;
  for (const auto& [name, text] : block.facts) {
    const auto lines = wrapped(text, style.width > indent + 20 ? style.width - indent : 20);
    add_line(out, padded(name, indent, Align::left) + (lines.empty() ? "" : lines.front()));
    for (std::size_t i = 1; i < lines.size(); ++i) add_line(out, std::string(indent, ' ') + lines[i]);
  }
}

// Charts are drawn below; a block without a terminal form leaves no trace.
template <class Chart>
void render(const Chart&, const TerminalStyle&, std::string&) {}

}  // namespace

std::string render_terminal(const Page& page, const TerminalStyle& style) {
  std::string out;
  for (const Block& block : page.blocks) {
    if (!out.empty()) out += "\n";
    std::visit([&](const auto& one) { render(one, style, out); }, block);
  }
  return out;
}

}  // namespace hinterland
