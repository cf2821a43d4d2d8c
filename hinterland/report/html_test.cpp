#include "hinterland/report/html.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "hinterland/report/chart.hpp"
#include "hinterland/report/html_book.hpp"
#include "hinterland/report/html_text.hpp"
#include "hinterland/report/page_assets.hpp"

using namespace hinterland;

namespace {

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

const BarsBlock kBars{
    .caption = {"Price", "价格"},
    .unit = "CNY",
    .rows = {{"East", "东"}, {"West", "西"}},
    .parts = {{.name = "energy", .values = {1, 2}}, {.name = "capacity", .values = {0.5, 0}}},
    .marks = {{.name = "floor", .at = {std::nullopt, 1.5}}}};

}  // namespace

TEST_CASE("whatever a text holds, no markup comes out of it") {
  CHECK(escaped("<b a=\"1\" c='2'>&") == "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
  CHECK(escaped("贵安\n\t") == "贵安\n\t");
  CHECK(escaped(std::string_view("\x1b\0", 2)) == "\uFFFD\uFFFD");
  rc::check("no character that means something to HTML is left", [](const std::string& text) {
    RC_ASSERT(escaped(text).find_first_of("<>\"'") == std::string::npos);
  });
}

TEST_CASE("JSON in a script says the same and cannot end the script") {
  rc::check("any name comes back", [](const std::string& name) {
    MapBlock map{.caption = "m", .outlines = "", .places = {}, .lines = {}};
    map.places.push_back({.name = "</script>" + name, .group = "g"});
    const std::string text = json_in_script(json_of(map));
    RC_ASSERT(text.find('<') == std::string::npos);
    const std::string back = nlohmann::json::parse(text)["places"][0]["name"]["en"];
    RC_ASSERT(back.starts_with("</script>"));
  });
  const auto json = nlohmann::json::parse(json_of(
      LinesBlock{.x_name = "x",
                 .y_name = "y",
                 .x = {1, 2},
                 .curves = {{.name = "a", .y = {1.0 / 3, std::numeric_limits<double>::quiet_NaN()}}}}));
  CHECK(json["curves"][0]["y"][0] == 0.3333333);
  CHECK(json["curves"][0]["y"][1].is_null());
}

TEST_CASE("a page shows both languages, and English where there is no Chinese") {
  CHECK(in_both({"Move", "迁往"}) ==
        R"(<span class="en">Move</span><span class="zh" lang="zh-Hans">迁往</span>)");
  CHECK(in_both("Move") == "Move");
  const std::string html =
      render_html({.title = "A page", .blocks = {Paragraph{.text = "Stay.", .strong = true}}});
  CHECK(html.contains("<h1>A page</h1>"));
  CHECK(html.contains(R"(<p class="headline">Stay.</p>)"));
}

TEST_CASE("a page without charts carries no charts' script; two maps share their outlines") {
  const std::string plain =
      render_html({.title = "t", .blocks = {TableBlock{.columns = {{"a"}}, .rows = {{"1"}}}}});
  CHECK(plain.size() < 20'000);
  CHECK(plain.contains("default-src 'none'"));
  CHECK(!plain.contains(page_assets::kChartScript));
  const MapBlock map{
      .caption = "m", .outlines = "china", .places = {{.name = "a", .group = "g"}}, .lines = {}};
  const std::string maps = render_html({.title = "t", .blocks = {map, map}});
  CHECK(maps.size() < 1'500'000);
  CHECK(count(maps, "Heilongjiang") == 1);
  CHECK(count(maps, R"(role="img")") == 2);
  CHECK(maps.contains("schematic"));
  CHECK(maps.contains("Licensed under the Apache License, Version 2.0"));
}

TEST_CASE("every chart says what it shows, and has its data as a table") {
  CHECK(label_of(kBars).en ==
        "Price. Stacked bars, 2 rows; totals from 1.5 to 2 CNY. The data follow as a table.");
  CHECK(label_of(kBars).zh.starts_with("价格。"));
  const TableBlock bars = table_of(kBars);
  CHECK(bars.columns.size() == 5);
  CHECK(bars.rows[1] == std::vector<Words>{{"West", "西"}, "2", "0", "2", "1.5"});
  CHECK(bars.rows[0][4] == "");

  const HeatBlock heat{.caption = "h", .rows = {"Jan"}, .columns = {"0", "1"}, .values = {1.1634, 1.2}};
  CHECK(table_of(heat).rows[0] == std::vector<Words>{"Jan", "1.1634", "1.2000"});
  CHECK(colour_ends(heat) == std::pair(1.1634, 1.2));
  CHECK(colour_ends(HeatBlock{}) == std::pair(0.0, 0.0));

  LinesBlock lines{
      .caption = "l", .x_name = "hour", .y_name = "kW", .x = {}, .curves = {{.name = "load", .y = {}}}};
  for (int i = 0; i < 8760; ++i) {
    lines.x.push_back(i);
    lines.curves[0].y.push_back(i % 2);
  }
  const TableBlock year = table_of(lines);
  CHECK(year.rows.size() == 48);
  CHECK(year.rows[0][2] == "0.5");
  lines.x.resize(3);
  CHECK(table_of(lines).rows.size() == 3);
}

TEST_CASE("what only rounding sets apart is flat, and no figure has more than seven digits") {
  HeatBlock heat{.caption = "h", .rows = {"Jan"}, .columns = {"0", "1"}, .values = {0.3097, 0.3097 + 1e-15}};
  CHECK(table_of(heat).rows[0] == std::vector<Words>{"Jan", "0.31", "0.31"});
  CHECK(colour_ends(heat) == std::pair(0.3097, 0.3097));
  CHECK(visible_spread(0, 0) == 0);
  CHECK(visible_spread(-1, 1) == 2);
  heat.values = {1.2, 1.2 + 1e-7};
  CHECK(table_of(heat).rows[0] == std::vector<Words>{"Jan", "1.200000", "1.200000"});
  CHECK(colour_ends(heat).second > 1.2);
}

TEST_CASE("a chart whose lists do not match is drawn as far as they do") {
  BarsBlock bars = kBars;
  bars.parts[1].values.clear();
  bars.marks[0].at.clear();
  CHECK(table_of(bars).rows.size() == 2);
  const MapBlock map{.caption = "m", .outlines = "", .places = {}, .lines = {{.from = 0, .to = 9}}};
  CHECK(nlohmann::json::parse(json_of(map))["lines"].empty());
  CHECK(
      render_html({.blocks = {bars, map, HeatBlock{}, LinesBlock{}, TornadoBlock{}}}).ends_with("</html>\n"));
}

TEST_CASE("pages are bound as chapters, with one copy of what they share") {
  const MapBlock map{
      .caption = "m", .outlines = "china", .places = {{.name = "</script>", .group = "g"}}, .lines = {}};
  const std::string first = render_html({.title = {"One", "一"}, .blocks = {map, kBars}});
  const std::string second =
      render_html({.title = {}, .blocks = {Paragraph{.text = " data-chart=\"0\""}, kBars, map}});
  const std::string third = render_html({.title = "Words", .blocks = {Paragraph{.text = "Only."}}});
  const auto book = bind_html({"Book", "书"}, {{.name = "a.html", .html = first},
                                               {.name = "b.html", .html = second},
                                               {.name = "c.html", .html = third}});
  REQUIRE(book);
  CHECK(book->size() < first.size() + 100'000);
  CHECK(count(*book, "Heilongjiang") == 1);
  for (int k = 0; k < 4; ++k) CHECK(count(*book, fmt::format("data-chart=\"{}\"", k)) == 1);
  CHECK(count(*book, " data-chart=&quot;0&quot;") == 1);
  CHECK(book->contains("<li><a href=\"#chapter-1\"><span class=\"en\">One</span>"));
  CHECK(book->contains("<li><a href=\"#chapter-2\">b.html</a>"));
  CHECK(count(*book, "</script>") == 3);
  // What is bound can be bound again.
  const auto again = bind_html("Shelf", {{.name = "book.html", .html = *book}});
  REQUIRE(again);
  CHECK(count(*again, "data-chart=\"3\"") == 1);
  for (const char* chapter : {"chapter-1", "chapter-1-1", "chapter-1-3"}) {
    CHECK(count(*again, fmt::format(" id=\"{}\"", chapter)) == 1);
    CHECK(count(*again, fmt::format(" href=\"#{}\"", chapter)) == 1);
  }
  CHECK(bind_html("Empty", {}));
}

TEST_CASE("what is no page of this version is not bound, and named") {
  const std::string page = render_html({.title = "t", .blocks = {kBars}});
  const auto refused = [&](const std::string& html) {
    const auto book = bind_html("b", {{.name = "a.html", .html = page}, {.name = "b.html", .html = html}});
    return book ? std::string() : describe(book.error().front());
  };
  CHECK(refused("<html></html>").starts_with("b.html: it is no report"));
  CHECK(refused(page.substr(0, 500)).starts_with("b.html: it is no report"));
  std::string other = page;
  other.replace(other.find("sha256-"), 12, "sha256-older");
  CHECK(refused(other).starts_with("b.html: another version"));
  CHECK(refused(page.substr(0, page.find("\"charts\":") + 40)).starts_with("b.html: it ends within"));
  std::string odd = page;
  odd.replace(odd.find("{\"charts\":"), 2, "[");
  CHECK(refused(odd).starts_with("b.html: the data of its charts"));
}
