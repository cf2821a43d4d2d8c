#include "hinterland/report/terminal_text.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace hinterland {

namespace {

struct Character {
  std::size_t bytes = 0;
  std::size_t cells = 0;
};

// The first character of `text`, which is not empty; a wrong byte is one character that takes no cell.
Character first_of(std::string_view text) {
  utf8proc_int32_t point = 0;
  const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
  if (length <= 0) return {.bytes = 1, .cells = 0};
  return {.bytes = static_cast<std::size_t>(length),
          .cells = static_cast<std::size_t>(std::max(0, utf8proc_charwidth(point)))};
}

// What a line may not break: a word without its space, or up to a wide character and what combines with it.
struct Piece {
  std::string_view text;
  std::size_t cells = 0;
  bool space_before = false;
};

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  std::size_t at = 0;
  bool space = false;
  while (at < text.size()) {
    if (text[at] == ' ') {
      space = true;
      ++at;
      continue;
    }
    Piece piece{.text = {}, .space_before = space};
    space = false;
    const std::size_t begin = at;
    bool wide = false;
    while (at < text.size() && text[at] != ' ') {
      const Character next = first_of(text.substr(at));
      if (wide && next.cells > 0) break;
      at += next.bytes;
      piece.cells += next.cells;
      wide = next.cells > 1;
    }
    piece.text = text.substr(begin, at - begin);
    pieces.push_back(piece);
  }
  return pieces;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character next = first_of(text);
    width += next.cells;
    text.remove_prefix(next.bytes);
  }
  return width;
}

std::string printable(std::string_view text) {
  const auto at = [&](std::size_t place) {
    return place < text.size() ? static_cast<unsigned char>(text[place]) : 0U;
  };
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const unsigned a = at(i), b = at(i + 1), c = at(i + 2);
    std::size_t length = 0;  // of what is not to be printed
    if ((a < 0x20 && a != '\n' && a != '\t') || a == 0x7F) length = 1;
    if (a == 0xC2 && b >= 0x80 && b <= 0x9F) length = 2;  // C1
    if (a == 0xD8 && b == 0x9C) length = 2;               // directions, here and below
    if (a == 0xE2 && b == 0x80 && ((c >= 0xAA && c <= 0xAE) || c == 0x8E || c == 0x8F)) length = 3;
    if (a == 0xE2 && b == 0x81 && c >= 0xA6 && c <= 0xA9) length = 3;
    out += length > 0 ? '?' : text[i];
    i += std::max(length, std::size_t{1});
  }
  return out;
}

std::string one_line(std::string_view said, std::size_t most_bytes) {
  static constexpr std::string_view kMore = "...";
  std::string out;
  std::size_t cut = 0;  // where what is too long ends
  bool space = false;
  while (!said.empty() && out.size() <= most_bytes) {
    utf8proc_int32_t point = 0;
    const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(said.data()),
                                         static_cast<utf8proc_ssize_t>(said.size()), &point);
    const std::string_view character = said.substr(0, length > 0 ? static_cast<std::size_t>(length) : 1);
    said.remove_prefix(character.size());
    if (character.find_first_of(" \t\r\n\v\f") != std::string_view::npos) {
      space = true;
      continue;
    }
    if (space && !out.empty()) out += ' ';
    space = false;
    if (out.size() + kMore.size() <= most_bytes) cut = out.size();
    out += length > 0 ? printable(character) : "?";
  }
  return out.size() <= most_bytes ? out : out.substr(0, cut) + std::string(kMore);
}

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

std::vector<std::string> wrapped(std::string_view raw, std::size_t width) {
  const std::string text = printable(raw);
  std::vector<std::string> lines;
  std::string line;
  std::size_t taken = 0;
  for (const Piece& piece : pieces_of(text)) {
    const std::size_t space = piece.space_before && !line.empty() ? 1 : 0;
    if (!line.empty() && taken + space + piece.cells > width) {
      lines.push_back(std::move(line));
      line.clear();
      taken = 0;
    } else if (space > 0) {
      line += ' ';
      ++taken;
    }
    line += piece.text;
    taken += piece.cells;
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

std::size_t widest_piece(std::string_view text) {
  std::size_t widest = 0;
  for (const Piece& piece : pieces_of(text)) widest = std::max(widest, piece.cells);
  return widest;
}

std::string shortened(const std::string& text, std::size_t width) {
  if (display_width(text) <= width) return text;
  std::string out;
  std::size_t taken = 1;  // the ellipsis
  for (std::string_view left = text; !left.empty();) {
    const Character next = first_of(left);
    if (taken + next.cells > width) break;
    out += left.substr(0, next.bytes);
    taken += next.cells;
    left.remove_prefix(next.bytes);
  }
  return out + "…";
}

}  // namespace hinterland
