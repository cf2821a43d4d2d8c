// Tables of places: figures from elsewhere, and what is refused where.
#include "hinterland/impact/place_table.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/reference_data.hpp"

using namespace hinterland;

namespace {

std::string refusal(const std::string& text, const PlaceColumns& columns) {
  const auto table = parse_places(text, "t.csv", columns);
  std::string said;
  if (!table) {
    for (const Error& error : table.error()) said += describe(error) + "\n";
  }
  return said;
}

}  // namespace

TEST_CASE("32 Mexican states in 1940 have the Theil T that was worked out elsewhere, in its parts") {
  const auto text = reference_text("../checks/theil/mexico.csv");
  if (!text) return;
  const auto table =
      parse_places(*text, "mexico.csv", {.value = "pcgdp1940", .weight = "", .group = "hanson98"});
  REQUIRE(table.has_value());
  CHECK(table->places.size() == 32);
  const PlaceInequality result = place_inequality(*table);
  CHECK(std::abs(result.parts.all.theil_t - 0.20894344) < 5e-9);
  CHECK(std::abs(result.parts.between_t - 0.03458890) < 5e-9);
  CHECK(std::abs(result.parts.within_t - 0.17435454) < 5e-9);
}

TEST_CASE("China's counties are there with their provinces; two without GDP leave Theil L without a value") {
  if (!reference_text("regional/china_county_gdp_2015_usd.csv.gz")) return;
  const auto file = county_file(std::getenv("HINTERLAND_DATA"), "china");
  REQUIRE(file.has_value());
  CHECK(file->year == "2015");
  const auto table = read_places(file->path, file->columns());
  REQUIRE(table.has_value());
  CHECK(table->places.size() == 2836);
  CHECK(table->groups.size() == 31);
  CHECK(table->empty_places() == 2);
  const PlaceInequality result = place_inequality(*table);
  CHECK_FALSE(result.parts.all.theil_l.has_value());
  CHECK(std::abs(result.parts.between_t + result.parts.within_t - result.parts.all.theil_t) < 1e-12);
  CHECK_FALSE(county_file(std::getenv("HINTERLAND_DATA"), "atlantis").has_value());
}

TEST_CASE("weights count: a place of weight two is two places") {
  const auto weighted = parse_places("x,w\n1,2\n4,1\n", "t.csv", {.value = "x", .weight = "w", .group = ""});
  const auto split = parse_places("x\n1\n1\n4\n", "t.csv", {.value = "x", .weight = "", .group = ""});
  CHECK(place_inequality(*weighted).parts.all.theil_t ==
        doctest::Approx(place_inequality(*split).parts.all.theil_t).epsilon(1e-14));
}

TEST_CASE("every fault of a table is said where it stands") {
  const std::string said = refusal("x,w,g\n-1,2,a\n3,0,a\nabc,1,a\n4,1,\n5,1\n1e300,1,b\n",
                                   {.value = "x", .weight = "w", .group = "g"});
  for (const char* part : {"t.csv:2: x: '-1' is no number", "t.csv:3: w: '0' is no number",
                           "t.csv:4: x: 'abc'", "t.csv:5: g: the place is in no group",
                           "t.csv:6: 2 cells where the header has 3", "t.csv:7: x: '1e300'"}) {
    CAPTURE(said);
    CAPTURE(part);
    CHECK(said.find(part) != std::string::npos);
  }
  CHECK(std::ranges::count(said, '\n') == 6);
  // Sums of products of such would be 0, and their shares no numbers.
  const std::string tiny =
      refusal("x,w\n1,1e-200\n2,1e-18\n1e-300,1\n0,1\n", {.value = "x", .weight = "w", .group = ""});
  CHECK(tiny.find("t.csv:2: w: '1e-200' is no number from 1e-18 to 1e18") != std::string::npos);
  CHECK(tiny.find("t.csv:4: x: '1e-300' is no number") != std::string::npos);
  CHECK(std::ranges::count(tiny, '\n') == 2);
  CHECK(refusal("x,w\n1,1\n", {.value = "y", .weight = "v", .group = ""}).find("there is no such column") !=
        std::string::npos);
  CHECK(refusal("x\n0\n0\n", {.value = "x", .weight = "", .group = ""}).find("all values are 0") !=
        std::string::npos);
  CHECK(refusal("x\n", {.value = "x", .weight = "", .group = ""}).find("there is no row") !=
        std::string::npos);
  CHECK(refusal("", {.value = "x", .weight = "", .group = ""}).find("the file is empty") !=
        std::string::npos);
}
