// Skilled people of a real site under their ranges.
#include "hinterland/impact/hub_talent.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "hinterland/impact/hub_talent_page.hpp"
#include "hinterland/report/terminal.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

Expected<HubTalent> hub_talent(const Atlas& atlas, const HubTalentQuestion& question) {
  SilentProgress silent;
  return hinterland::hub_talent(atlas, question, silent);
}

}  // namespace

TEST_CASE("Gui'an: what stands unsold, by people of Guizhou, in bands that hold the atlas's own values") {
  const auto result = hub_talent(china(), {.site = {"guian"}});
  REQUIRE(result.has_value());
  const Site& site = china().sites.at({"guian"});
  CHECK(result->hub.wanted == site.unsold());
  CHECK((result->hub.present + site.unsold()).value == doctest::Approx(site.capacity.value));
  CHECK(result->hub.people == 3860e4);
  CHECK(result->mean_fill.low < result->central_mean_fill);
  CHECK(result->central_mean_fill < result->mean_fill.high);
  for (const TalentPoint& one : result->points) {
    CHECK(one.fill.low <= one.fill.median);
    CHECK(one.fill.median <= one.fill.high);
  }
  CHECK(result->points.back().fill.median >= result->points.front().fill.median);
  REQUIRE(result->drivers.size() > 4);
  const auto width = [](const FigureSwing& one) { return std::abs(one.at_high - one.at_low); };
  CHECK(width(result->drivers.front()) >= width(result->drivers.back()));
}

TEST_CASE("what is set has no range, and with all set there is one case") {
  Atlas atlas = china();
  for (const char* one : {"staffing.china.staff_per_mw=6", "skilled_flows.china.skilled_share=0.5",
                          "skilled_flows.china.graduates_per_1e4=8", "skilled_flows.china.retention=0.4",
                          "skilled_flows.china.hired_share=0.03", "skilled_flows.china.returners_per_1e4=1",
                          "skilled_flows.china.leaving_per_year=0.1", "skilled_flows.china.remote_share=0.3",
                          "skilled_flows.china.skilled_pay_ratio=2"}) {
    CAPTURE(one);
    REQUIRE(set_value(atlas, one).has_value());
  }
  const auto result = hub_talent(atlas, {.site = {"guian"}, .wanted = Kilowatts{300e3}});
  REQUIRE(result.has_value());
  CHECK(result->mean_fill.low == doctest::Approx(result->mean_fill.high));
  CHECK(result->mean_fill.median == doctest::Approx(result->central_mean_fill));
  CHECK(result->drivers.empty());
  CHECK((result->never == 0 || result->never == 1));
}

TEST_CASE("fewer staff a MW fill a hub sooner") {
  Atlas atlas = china();
  const double before = hub_talent(atlas, {.site = {"zhongwei"}})->central_mean_fill;
  REQUIRE(set_value(atlas, "staffing.china.staff_per_mw=3").has_value());
  CHECK(hub_talent(atlas, {.site = {"zhongwei"}})->central_mean_fill > before);
}

TEST_CASE("the same seed gives the same bands, another gives others") {
  const auto one = hub_talent(china(), {.site = {"guian"}, .seed = 7});
  CHECK(one->mean_fill.high == hub_talent(china(), {.site = {"guian"}, .seed = 7})->mean_fill.high);
  CHECK(one->mean_fill.high != hub_talent(china(), {.site = {"guian"}, .seed = 8})->mean_fill.high);
}

TEST_CASE("what is missing is named: site, accounts, staffing, flows") {
  CHECK(hub_talent(china(), {.site = {"guain"}}).error().front().mend == "Did you mean guian?");
  Atlas atlas = china();
  atlas.accounts = {};
  atlas.staffing = {};
  atlas.skilled_flows = {};
  const auto result = hub_talent(atlas, {.site = {"guian"}});
  REQUIRE_FALSE(result.has_value());
  CHECK(result.error().size() == 3);
  CHECK_FALSE(hub_talent(china(), {.site = {"guian"}, .wanted = Kilowatts{0}}).has_value());
}

TEST_CASE("staff that may be none gives numbers all the same") {
  Atlas atlas = china();
  for (Citation& one : atlas.citations) {
    if (one.table == "staffing" && one.column == "staff_per_mw") one.low = 0;
  }
  const auto result = hub_talent(atlas, {.site = {"guian"}});
  REQUIRE(result.has_value());
  const auto driver = std::ranges::find(result->drivers, "staffing.china.staff_per_mw", &FigureSwing::column);
  REQUIRE(driver != result->drivers.end());
  CHECK(driver->low == 0);
  CHECK(driver->at_low == 1);
  CHECK(std::isfinite(result->mean_fill.high));
}

TEST_CASE("the page says what assess plan takes instead, with the atlas's range") {
  const auto result = hub_talent(china(), {.site = {"guian"}}).value();
  const Staffing& staffing = china().staffing.rows().front();
  CHECK(result.staff_leakage.central == staffing.staff_leakage);
  CHECK(result.staff_leakage.low < result.staff_leakage.high);
  const std::string said = render_terminal(hub_talent_page(result), {.width = 400});
  CHECK(said.contains("staff_leakage, and takes as 30 % (10 % to 60 %)"));
  CHECK(said.contains("over the first year\n"));
}
