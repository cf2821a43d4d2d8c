#include "hinterland/impact/io_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "tests/reference_data.hpp"

using namespace hinterland;

namespace {

constexpr const char* kFarmsAndMills =
    "Code,Description,Origin,farm,mill,TIU,TC,FU201,FU202,EX,TFU,GO\n"
    "farm,Farms,Domestic,10,30,40,50,5,-5,10,60,100\n"
    "mill,Mills,Domestic,20,40,60,100,20,0,20,140,200\n"
    "farm,Farms,Imports,5,10,15,5,0,0,0,5,20\n"
    "mill,Mills,Imports,5,20,25,5,0,0,0,5,30\n"
    "TII,Inputs,TOT,40,100,,,,,,,\n"
    "VA001,Pay,TOT,30,60,,,,,,,\n"
    "VA002,Taxes,TOT,-5,10,,,,,,,\n"
    "VA003,Depreciation,TOT,5,10,,,,,,,\n"
    "VA004,Surplus,TOT,30,20,,,,,,,\n"
    "TVA,Value added,TOT,60,100,,,,,,,\n"
    "TI,Inputs,TOT,100,200,,,,,,,\n";

std::string with(std::string_view from, std::string_view to) {
  std::string text = kFarmsAndMills;
  text.replace(text.find(from), from.size(), to);
  return text;
}

// All complaints, one after another.
std::string complaints(const std::string& text) {
  const auto table = parse_io_table(text, "io.csv", 1);
  if (table) return {};
  std::string all;
  for (const Error& error : table.error()) all += describe(error) + "\n";
  return all;
}

}  // namespace

TEST_CASE("a table is read into flows, final uses and value added, in the currency") {
  const IoTable table = parse_io_table(kFarmsAndMills, "io.csv", 1e4).value();
  REQUIRE(table.size() == 2);
  CHECK(table.industries[1].code == "mill");
  CHECK(table.industries[1].name == "Mills");
  CHECK(table.domestic(0, 1) == 30e4);
  CHECK(table.imported(1, 0) == 5e4);
  CHECK(table.domestic_use.inventories[0] == -5e4);
  CHECK(table.imported_use.consumption[1] == 5e4);
  CHECK(table.output[1] == 200e4);
  CHECK(table.taxes[0] == -5e4);
  CHECK(table.value_added(0) == 60e4);
}

TEST_CASE("what is wrong with a table is said where it stands") {
  CHECK(complaints("a,b\n1,2\n").contains("io.csv:1: is no header"));
  CHECK(complaints("").contains("is no header"));
  CHECK(complaints(with("farm,mill,TIU", "farm,farm,TIU"))
            .contains("io.csv:1: farm: the industry stands twice"));
  CHECK(complaints(with("10,30,40", "10,x,40")).contains("io.csv:2: mill: 'x' is no number"));
  CHECK(complaints(with("10,30,40", "10,,40")).contains("io.csv:2: mill: '' is no number"));
  CHECK(complaints(with("10,30,40", "10,-30,40")).contains("io.csv:2: mill: -30 is below zero"));
  CHECK(complaints(with("VA001,Pay,TOT,30", "VA001,Pay,TOT,-30"))
            .contains("io.csv:7: farm: -30 is below zero"));
  CHECK(complaints(with("20,40,60", "20,40,60,1")).contains("io.csv:3: 13 cells where the header has 12"));
  CHECK(complaints(with("mill,Mills,Imports", "mall,Mills,Imports"))
            .contains("the row mill of origin Imports is missing"));
  CHECK(
      complaints(with("TI,Inputs,TOT,100,200,,,,,,,\n", "")).contains("10 rows where 2 industries have 11"));
}

TEST_CASE("a table out of balance is refused, row and column") {
  const std::string moved = complaints(with("10,30,40,50", "10,31,40,50"));
  CHECK(moved.contains("io.csv:2: GO: where its product goes adds up to 101, its output is 100"));
  CHECK(moved.contains("io.csv: mill: what its output is made of adds up to 201, its output is 200"));
  CHECK(complaints(with("10,60,100\n", "10,60,0\n"))
            .contains("an industry that makes nothing sells something"));
}

TEST_CASE("China's table of 2020 is in balance, and adds up to its gross domestic product") {
  const auto text = reference_text("regional/china_io_2020_42_1e4cny.csv.gz");
  if (!text) return;
  const IoTable table = parse_io_table(*text, "china_io_2020_42_1e4cny.csv.gz", 1e4).value();
  REQUIRE(table.size() == 42);
  double added = 0;
  for (std::size_t i = 0; i < table.size(); ++i) added += table.value_added(i);
  CHECK(added == doctest::Approx(101.64e12).epsilon(1e-3));
  CHECK(std::accumulate(table.output.begin(), table.output.end(), 0.0) ==
        doctest::Approx(269.9e12).epsilon(1e-3));
}
