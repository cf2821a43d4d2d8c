#include "hinterland/impact/site_capacity.hpp"

#include <doctest/doctest.h>

using namespace hinterland;

namespace {

constexpr const char* kResult =
    R"({"name": "n", "hours": 48, "objective": 5.0, "sites": [
  {"id": "guian", "kept_kw": 10, "filled_kw": 20, "new_kw": 30, "idle_kw": 4, "served_kwh": 960},
  {"id": "zhongwei", "kept_kw": 0, "filled_kw": 0, "new_kw": 0, "idle_kw": 0, "served_kwh": 0}]})";

std::string complaints(const std::string& text) {
  const auto found = parse_planned_capacity(text, "r.json");
  std::string said;
  if (!found) {
    for (const Error& error : found.error()) said += describe(error) + "\n";
  }
  return said;
}

std::string with(std::string_view from, std::string_view to) {
  std::string text = kResult;
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a result's capacities are read, and its hours stand for a year") {
  const PlannedCapacity plan = parse_planned_capacity(kResult, "r.json").value();
  REQUIRE(plan.sites.size() == 2);
  CHECK(plan.name == "n");
  CHECK(plan.sites[0].site.text == "guian");
  CHECK(plan.sites[0].added() == Kilowatts{50});
  CHECK(plan.sites[0].used() == Kilowatts{60});
  CHECK(plan.sites[0].idle == Kilowatts{4});
  CHECK(plan.sites[0].served->value == doctest::Approx(960 * 8760 / 48.0));
}

TEST_CASE("what the gap leaves of capacity is none") {
  const PlannedCapacity plan =
      parse_planned_capacity(with("\"hours\"", "\"demand_peak_kw\": 2500000, \"hours\""), "r.json").value();
  CHECK(plan.sites[0].filled == Kilowatts{0});  // below 25 kW
  CHECK(plan.sites[0].fresh == Kilowatts{30});
}

TEST_CASE("what is no result is refused where it is not one") {
  CHECK(complaints("{\n  \"a\": 1,,\n}").contains("r.json:2:10: is no JSON"));
  CHECK(complaints("[]").contains("r.json: is no result of a plan"));
  CHECK(complaints("{}").contains("r.json: objective: is missing"));
  CHECK(complaints(with("48", "0")).contains("r.json: hours: are none"));
  CHECK(complaints(with("5.0", "null")).contains("the result holds no plan"));
  CHECK(complaints(with("960", "1e999")).contains("holds a number that is too large"));
  const std::string two =
      complaints(with("\"kept_kw\": 10, \"filled_kw\": 20", "\"kept_kw\": -1, \"filled_kw\": \"x\""));
  CHECK(two.contains("r.json: sites[0].kept_kw: -1 is not from 0"));
  CHECK(two.contains("r.json: sites[0].filled_kw: is no number"));
  CHECK(complaints(with("zhongwei", "guian")).contains("r.json: sites[1].id: 'guian' stands there twice"));
}

TEST_CASE("MW at a site, written by hand") {
  CHECK(parse_site_megawatts("guian=0.5", "--mw").value() == std::pair{SiteId{"guian"}, Kilowatts{500}});
  for (const char* text :
       {"guian", "=3", "guian=", "guian=0", "guian=-1", "guian=nan", "guian=1e9", "guian=3MW"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_site_megawatts(text, "--mw"));
  }
}
