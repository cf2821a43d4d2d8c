// Pages as text for a terminal: columns aligned by what characters take on the screen, so that Chinese names
// (two cells each) stand straight; paragraphs wrapped at `width`, and so is the widest column of text of a table that
// would be wider. Charts are drawn in block characters (terminal_chart.hpp), maps left out. Texts are in English.
#pragma once
#include <string>
#include <string_view>

#include "hinterland/report/page.hpp"

namespace hinterland {

struct TerminalStyle {
  std::size_t width = 100;
  bool colour = false;  // bold only; the CLI sets it on a terminal without NO_COLOR
};

// Cells that `text` takes on a terminal; requires UTF-8 (utf8proc's East Asian widths).
std::size_t display_width(std::string_view text);

std::string render_terminal(const Page& page, const TerminalStyle& style);

}  // namespace hinterland
