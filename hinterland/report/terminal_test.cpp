#include "hinterland/report/terminal.hpp"
#include "hinterland/report/terminal_text.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "hinterland/report/chart.hpp"
#include "hinterland/report/figure.hpp"

using namespace hinterland;

TEST_CASE("names that somebody else chose do not steer the terminal") {
  CHECK(printable("a\x1b[2Jb\x7f\r") == "a?[2Jb??");
  CHECK(printable("\xC2\x9B"
                  "1m") == "?1m");  // CSI in one character
  CHECK(printable("x\xE2\x80\xAE"
                  "y\xE2\x81\xA6z") == "x?y?z");  // right to left
  CHECK(printable("影视 é\tb\n") == "影视 é\tb\n");
  const std::string shown = render_terminal(
      {.title = {}, .blocks = {TableBlock{.caption = {}, .columns = {{"name"}}, .rows = {{"\x1b[31mred"}}}}},
      {});
  CHECK(shown.find('\x1b') == std::string::npos);
}

TEST_CASE("what a stranger says is one line of text, and not a long one") {
  CHECK(one_line("no\n\troom \r\n at all \n") == "no room at all");
  CHECK(one_line("\x1b]0;title\x07 \xC2\x9B"
                 "1m 贵安 é") == "?]0;title? ?1m 贵安 é");
  CHECK(one_line(std::string_view("a\0b\xFF\xC3(\xED\xA0\x80", 9)) == "a?b?\?(?\?\?");
  CHECK(one_line("0123456789", 10) == "0123456789");
  CHECK(one_line("0123456789a", 10) == "0123456...");
  CHECK(one_line("贵安集群", 11) == "贵安...");
  CHECK(one_line(std::string(10'000'000, 'a')).size() == 300);
  CHECK(one_line(" \n").empty());
}

TEST_CASE("Chinese characters take two cells, accents none of their own") {
  CHECK(display_width("Guian") == 5);
  CHECK(display_width("贵安集群") == 8);
  CHECK(display_width("e\u0301") == 1);
}

TEST_CASE("columns stand straight behind Chinese names") {
  const Page page{.blocks = {TableBlock{.caption = "",
                                        .columns = {{"site"}, {"price", Align::right}},
                                        .rows = {{"贵安", "1"}, {"Wuhu", "10"}}}}};
  CHECK(render_terminal(page, {}) ==
        "site  price\n"
        "贵安      1\n"
        "Wuhu     10\n");
}

TEST_CASE("paragraphs wrap at the width, long words whole; facts hang under their names") {
  const Page page{.blocks = {Paragraph{.text = "one two three unbreakable"},
                             FactsBlock{.caption = "c", .facts = {{"a", "b"}}}}};
  CHECK(render_terminal(page, {.width = 9}) == "one two\nthree\nunbreakable\n\nc\na  b\n");
}

TEST_CASE(
    "a table wider than the terminal wraps its widest text, between Chinese characters too; never a number") {
  const Page page{.blocks = {TableBlock{.caption = "",
                                        .columns = {{"site"}, {"why"}, {"price", Align::right}},
                                        .rows = {{"Wuhu", "too far from its users", "123456789"},
                                                 {"贵安", "时延超限时延超限", "1"}}}}};
  CHECK(render_terminal(page, {.width = 30}) ==
        "site  why                price\n"
        "Wuhu  too far from   123456789\n"
        "      its users\n"
        "贵安  时延超限时延           1\n"
        "      超限\n");
  // As wide as its words and numbers, where that is more than the terminal has.
  CHECK(render_terminal(page, {.width = 10}).contains("Wuhu  too    123456789\n"));
}

TEST_CASE("bars stack their parts, marks lie over them, and the legend names both") {
  const BarsBlock bars{
      .caption = "Price",
      .unit = "CNY",
      .rows = {"East", "西"},
      .parts = {{.name = "energy", .values = {1, 2}}, {.name = "capacity", .values = {1, 0}}},
      .marks = {{.name = "ceiling", .at = {std::nullopt, 4}}}};
  CHECK(render_terminal({.blocks = {bars}}, {.width = 33}) ==
        "Price, CNY\n"
        "East  2  ██████▒▒▒▒▒▒\n"
        "西    2  ████████████           ┃\n"
        "         █ energy  ▒ capacity\n"
        "         ┃ ceiling  0 to 4\n");
  BarsBlock negative{
      .caption = "", .rows = {"a"}, .parts = {{.name = "n", .values = {-1}}, {.name = "p", .values = {1}}}};
  CHECK(render_terminal({.blocks = {negative}}, {.width = 16}).starts_with("a  0  █████▒▒▒▒▒\n"));
}

TEST_CASE("a heat map is a row of blocks a row, on one scale, with its ends; what is missing is a gap") {
  HeatBlock heat{.caption = "PUE",
                 .rows = {"Jan", "Jul"},
                 .columns = {"0", "6", "12"},
                 .values = {1, 1.5, 1, 2, 2, NAN}};
  CHECK(render_terminal({.blocks = {heat}}, {.width = 60}) ==
        "PUE\n"
        "     0   12\n"
        "Jan  ▁▁▅▅▁▁  1 to 1.5\n"
        "Jul  ████      2 to 2\n");
}

TEST_CASE("a year that is the same in every hour has no relief and no digits of rounding") {
  HeatBlock heat{.caption = "", .rows = {"Jan", "Jul"}, .columns = {"0", "1"}, .values = {}};
  heat.values = {0.3097, 0.3097 + 1e-15, 0.3097, 0.3097 - 1e-15};
  CHECK(render_terminal({.blocks = {heat}}, {.width = 60}) ==
        "     0\n"
        "Jan  ▁▁▁▁  0.31 to 0.31\n"
        "Jul  ▁▁▁▁  0.31 to 0.31\n");
}

TEST_CASE("curves are sparks, of means where they have more points than the line has room") {
  LinesBlock lines{
      .caption = "Load", .x_name = "hour", .y_name = "kW", .x = {}, .curves = {{.name = "East", .y = {}}}};
  for (int i = 0; i < 8760; ++i) {
    lines.x.push_back(i);
    lines.curves[0].y.push_back(i < 4380 ? 0 : 1);
  }
  CHECK(render_terminal({.blocks = {lines}}, {.width = 30}) ==
        "Load, kW\n"
        "East  ▁▁▁▁▁▁▁▁████████  0 to 1\n"
        "      hour: 0 to 8.76k\n");
}

TEST_CASE("years are written whole") {
  LinesBlock lines{.caption = "Deals",
                   .x_name = "year",
                   .y_name = "",
                   .x = {2025.5, 2026, 2031},
                   .curves = {{.name = "a", .y = {1, 2, 3}}}};
  CHECK(render_terminal({.blocks = {lines}}, {.width = 60}).contains("year: 2.03k to 2.03k"));
  lines.calendar = true;
  CHECK(render_terminal({.blocks = {lines}}, {.width = 60}).contains("year: 2025.5 to 2031\n"));
  CHECK(json_of(lines).contains("\"calendar\":true"));
}

TEST_CASE("a tornado lies around the result as it stands") {
  const TornadoBlock tornado{
      .caption = "Room",
      .unit = "CNY",
      .centre = 2,
      .bars = {{.name = "price", .at_low = 1, .at_high = 3, .low_text = "0.3", .high_text = "0.5"}}};
  CHECK(render_terminal({.blocks = {tornado}}, {.width = 36}) ==
        "Room, CNY\n"
        "price  0.3: 1  ░░░░░░┃██████  0.5: 3\n"
        "       ┃ as it stands: 2  ░ at its low end  █ at its high end\n");
}

TEST_CASE("a map leaves no trace, and charts without data do no harm") {
  CHECK(render_terminal({.blocks = {Paragraph{.text = "a"}, MapBlock{}, Paragraph{.text = "b"}}}, {}) ==
        "a\n\nb\n");
  const Page empty{.blocks = {BarsBlock{}, HeatBlock{}, LinesBlock{}, TornadoBlock{}, TableBlock{}}};
  CHECK(!render_terminal(empty, {.width = 1}).empty());
}

TEST_CASE("nothing but bold is ever added, and only when asked for") {
  const Page page{.blocks = {Paragraph{.text = "Move", .strong = true}}};
  CHECK(render_terminal(page, {.colour = false}) == "Move\n");
  CHECK(render_terminal(page, {.colour = true}) == "\033[1mMove\033[0m\n");
}

TEST_CASE("of many names the first five are said, each once") {
  CHECK(names_text({}).empty());
  CHECK(names_text({"a", "b", "a"}) == "a, b");
  CHECK(names_text({"a", "b", "c", "d", "e"}) == "a, b, c, d, e");
  CHECK(names_text({"a", "b", "c", "d", "e", "f", "a", "g"}) == "a, b, c, d, e and 2 more");
}

TEST_CASE("figures have three digits that count") {
  CHECK(compact(0) == "0");
  CHECK(compact(1'234'567) == "1.23M");
  CHECK(compact(999.6) == "1k");
  CHECK(compact(999.4) == "999");
  CHECK(compact(-12.34) == "-12.3");
  CHECK(compact(0.0014) == "0.0014");
  CHECK(compact(0.23976) == "0.24");
  CHECK(compact(99.96) == "100");
  CHECK(compact(5e15) == "5000T");
  CHECK(compact_zh(17'142'000) == "1714 万");
  CHECK(compact_zh(-15'000) == "-1.5 万");
  CHECK(compact_zh(9'999) == "9999");
  CHECK(compact_zh(99'999'600) == "1 亿");
  CHECK(compact_zh(0.24) == "0.24");
  CHECK(distinct(1.16342, 0.15) == "1.163");
  CHECK(distinct(19.4, 30) == "19.4");
  CHECK(distinct(1.2, 0) == "1.2");
  CHECK(percent(0.6272) == "62.7 %");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(grouped(-999) == "-999");
}
