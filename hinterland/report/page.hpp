// The page model: what a result looks like, before any renderer knows how.
//
// A library turns its result into a Page (x_page.cpp); renderers turn a Page into a terminal's text or into one
// self-contained HTML file. A page holds words, tables and the data of charts; no colours, no widths, no markup.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace hinterland {

// A text in English, and in Chinese where there is one; the terminal shows the English, HTML lets the reader choose.
struct Words {
  std::string en, zh;
  Words() = default;
  Words(const char* english) : en(english) {}  // NOLINT(google-explicit-constructor): a plain text is words
  Words(std::string english) : en(std::move(english)) {}  // NOLINT(google-explicit-constructor)
  Words(std::string english, std::string chinese) : en(std::move(english)), zh(std::move(chinese)) {}
  [[nodiscard]] bool empty() const { return en.empty(); }
  bool operator==(const Words&) const = default;
};

enum class Align { left, right };

struct Column {
  Words title;
  Align align = Align::left;
};

struct TableBlock {
  Words caption;  // may be empty
  std::vector<Column> columns;
  std::vector<std::vector<Words>> rows;  // one text a column
};

// Name and text, one pair a line.
struct FactsBlock {
  Words caption;
  std::vector<std::pair<Words, Words>> facts;
};

struct Paragraph {
  Words text;
  bool strong = false;  // the line the user came for
};

// Bars of stacked parts, one bar a row, with marks across it (a floor, a ceiling).
struct BarsBlock {
  struct Part {
    Words name;
    std::vector<double> values;  // one a row
  };
  struct Mark {
    Words name;
    std::vector<std::optional<double>> at;  // one a row
  };
  Words caption;
  std::string unit;
  std::vector<Words> rows;
  std::vector<Part> parts;
  std::vector<Mark> marks;
};

// A value for each cell of a grid, such as 12 months x 24 hours.
struct HeatBlock {
  Words caption;
  std::string unit;
  std::vector<Words> rows, columns;
  std::vector<double> values;       // row by row; NaN: nothing there
  std::optional<double> low, high;  // ends of the colours, so that two maps compare; empty: of the values
};

// Curves over a common x.
struct LinesBlock {
  struct Curve {
    Words name;
    std::vector<double> y;  // one an x
  };
  Words caption;
  Words x_name, y_name;  // with their units
  std::vector<double> x;
  std::vector<Curve> curves;
  bool calendar = false;  // x are years, which are read whole: 2030, not 2.03k
};

// One bar a field: where the result goes when this field alone goes to its low and its high end.
struct TornadoBlock {
  struct Bar {
    Words name;
    double at_low = 0, at_high = 0;  // the result
    Words low_text, high_text;       // the field's own ends
  };
  Words caption;
  std::string unit;
  double centre = 0;      // the result as it stands
  std::vector<Bar> bars;  // the widest first
};

// Places and lines on a schematic map. Not drawn on a terminal.
struct MapBlock {
  struct Place {
    Words name;
    double latitude_deg = 0, longitude_deg = 0;
    double size = 0;    // relative area of its mark, 0 to 1
    std::string group;  // places of one group look alike: "home", "best", "allowed", "refused"
    Words text;         // what a pointer or a screen reader is told
  };
  struct Line {
    std::size_t from = 0, to = 0;  // indices into places
    bool strong = false;
    double size = 0;  // relative width, 0 to 1, where lines carry amounts; all 0: by `strong` alone
    Words text;
  };
  struct Group {
    std::string id;
    Words name;
  };
  Words caption;
  std::string outlines;       // which outlines lie below: an atlas's id ("china"); unknown: none
  std::vector<Group> groups;  // how the legend names them, in its order; others follow under their ids
  std::vector<Place> places;
  std::vector<Line> lines;
  Words note;  // may be empty: what the lines stand for, what is left out
};

using Block =
    std::variant<Paragraph, TableBlock, FactsBlock, BarsBlock, HeatBlock, LinesBlock, TornadoBlock, MapBlock>;

struct Page {
  Words title;
  std::vector<Block> blocks;
};

}  // namespace hinterland
