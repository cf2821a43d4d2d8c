#include "hinterland/report/terminal.hpp"

#include <doctest/doctest.h>

#include "hinterland/report/figure.hpp"

using namespace hinterland;

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

TEST_CASE("nothing but bold is ever added, and only when asked for") {
  const Page page{.blocks = {Paragraph{.text = "Move", .strong = true}}};
  CHECK(render_terminal(page, {.colour = false}) == "Move\n");
  CHECK(render_terminal(page, {.colour = true}) == "\033[1mMove\033[0m\n");
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
  CHECK(percent(0.6272) == "62.7 %");
  CHECK(grouped(1'234'567) == "1,234,567");
  CHECK(grouped(-999) == "-999");
}
