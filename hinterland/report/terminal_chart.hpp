// Charts in a terminal's characters. Colours are not used: parts differ by their shade.
//
//   bars      a row of blocks a part, after the total; marks stand over them, with a legend below
//   heat      a row of eighth blocks, two cells a column where there is room, between the row's least and greatest
//   lines     the same, a row a curve, each cell the mean of what it stands for
//   tornado   blocks left and right of the result as it stands
//   map       nothing: too coarse to be of use
#pragma once
#include <string>

#include "hinterland/report/page.hpp"
#include "hinterland/report/terminal.hpp"

namespace hinterland {

void render_chart(const BarsBlock& bars, const TerminalStyle& style, std::string& out);
void render_chart(const HeatBlock& heat, const TerminalStyle& style, std::string& out);
void render_chart(const LinesBlock& lines, const TerminalStyle& style, std::string& out);
void render_chart(const TornadoBlock& tornado, const TerminalStyle& style, std::string& out);

}  // namespace hinterland
