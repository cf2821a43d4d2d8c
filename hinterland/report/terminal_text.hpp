// Text on a terminal, measured in the cells that characters take: padding, wrapping, bold.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "hinterland/report/terminal.hpp"

namespace hinterland {

// What a terminal would obey or turn round (control and direction characters of names that somebody else chose) as '?'; line ends and
// tabs stay.
std::string printable(std::string_view text);

// What somebody else said, as a message, a log and a table may have it: one line of printable() UTF-8, a space for each run of
// spaces and line ends, '?' for each byte that is none. What is longer than so many bytes (3 at least) ends in "...".
std::string one_line(std::string_view said, std::size_t most_bytes = 300);

std::string padded(const std::string& text, std::size_t width, Align align = Align::left);
std::string bold(const std::string& text, const TerminalStyle& style);

// Adds `line` without the spaces at its end.
void add_line(std::string& out, std::string line);

// `text` in lines of at most `width` cells, broken at spaces and after Chinese characters; a longer word gets a line of
// its own. No text: no line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

// The widest piece of `text` that wrapped() will not break.
std::size_t widest_piece(std::string_view text);

// The beginning of `text` that takes at most `width` cells, with an ellipsis where something is left out.
std::string shortened(const std::string& text, std::size_t width);

}  // namespace hinterland
