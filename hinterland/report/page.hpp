// The page model: what a result looks like, before any renderer knows how.
//
// A library turns its result into a Page (x_page.cpp); renderers turn a Page into a terminal's text, and
// later into HTML. A page holds words and tables, no colours and no widths.
#pragma once
#include <string>
#include <variant>
#include <vector>

namespace hinterland {

enum class Align { left, right };

struct Column {
  std::string title;
  Align align = Align::left;
};

struct TableBlock {
  std::string caption;  // may be empty
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  // one text a column
};

// Name and text, one pair a line.
struct FactsBlock {
  std::string caption;
  std::vector<std::pair<std::string, std::string>> facts;
};

struct Paragraph {
  std::string text;
  bool strong = false;  // the line the user came for
};

using Block = std::variant<Paragraph, TableBlock, FactsBlock>;

struct Page {
  std::vector<Block> blocks;
};

}  // namespace hinterland
