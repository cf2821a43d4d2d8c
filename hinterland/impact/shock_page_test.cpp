// What a shock's page and JSON say, and that they say the same.
#include "hinterland/impact/shock_page.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "hinterland/report/figure.hpp"
#include "hinterland/report/terminal.hpp"
#include "tests/small_economy.hpp"

using namespace hinterland;

namespace {

constexpr const char* kShock =
    "name = \"x\"\nname_zh = \"某\"\ndays = 60\nper_year = 0.1\n"
    "[capacity.mills]\nindustries = [\"1\"]\nregions = [\"coast\"]\nlost = {value = 0.5, low = 0.2, high = "
    "0.8, "
    "source = \"assumed\"}\ndays = 20\nrebuilt = \"yes\"\n"
    "[zones.ready]\nindustries = [\"1\"]\nregions = [\"coast\"]\nshare = 0.2\n"
    "[reserves.parts]\nindustries = [\"5\"]\nextra_days = 5\n";

ShockStudy study(const SmallEconomy& of, std::size_t draws) {
  SilentProgress silent;
  return study_shock(of.atlas, of.economy, parse_shock(kShock, "shock.toml", {}).value(), {.draws = draws},
                     silent)
      .value();
}

std::string page_text(const SmallEconomy& of, const ShockStudy& found) {
  return render_terminal(shock_page(of.atlas, found), {.width = 200});
}

}  // namespace

TEST_CASE("the page names the loss, the sum behind what a zone is worth, and what is left out") {
  const auto small = small_economy(2);
  const ShockStudy found = study(*small, 30);
  const std::string text = page_text(*small, found);
  CHECK(text.contains("In 60 days value added of " + compact(found.course.lost) + " CNY is lost"));
  CHECK(text.contains("Zone ready: 0.1 a year x " + compact(found.kept[0].avoided)));
  CHECK(text.contains("Reserve parts: 0.1 a year x"));
  CHECK(text.contains("50 % (20 % to 80 %)"));
  CHECK(text.contains("until rebuilt"));
  CHECK(text.contains("capital destroyed, beside all this"));
  CHECK(text.contains("Prices do not move"));
}

TEST_CASE("without draws there are no bands, in words or in JSON") {
  const auto small = small_economy(2);
  const ShockStudy found = study(*small, 0);
  const std::string text = page_text(*small, found);
  CHECK_FALSE(text.contains("draws between"));
  CHECK_FALSE(text.contains("of the draws"));
  const auto json = nlohmann::json::parse(shock_json(small->atlas, found));
  CHECK(json["lost"]["value"] == found.course.lost);
  CHECK(json["lost"]["low"].is_null());
  CHECK(json["kept"][0]["worth_share"].is_null());
}

TEST_CASE(
    "JSON adds up: regions and industries to the loss, parts to a cost, avoided less cost to the worth") {
  const auto small = small_economy(4);
  const auto json = nlohmann::json::parse(shock_json(small->atlas, study(*small, 12)));
  const double lost = json["lost"]["value"];
  const auto sum = [](const nlohmann::json& list) {
    double all = 0;
    for (const auto& one : list) all += one["lost"]["value"].get<double>();
    return all;
  };
  CHECK(sum(json["regions"]) == doctest::Approx(lost));
  CHECK(sum(json["industries"]) == doctest::Approx(lost));
  CHECK(json["daily"].size() == 60);
  double made = 0;
  for (const auto& day : json["daily"]) made += day["value"].get<double>();
  CHECK((60 - made) * json["value_added_per_year"].get<double>() / 365 == doctest::Approx(lost));
  for (const auto& kept : json["kept"]) {
    double cost = 0;
    for (const auto& part : kept["cost_parts"]) cost += part.get<double>();
    CHECK(cost == doctest::Approx(kept["cost_per_year"]["value"].get<double>()));
    CHECK(kept["avoided_per_year"]["value"].get<double>() - cost ==
          doctest::Approx(kept["worth_per_year"]["value"].get<double>()));
  }
}

TEST_CASE("a reserve that makes a loss larger stands below 0 in the chart, and rounding is no loss") {
  const auto small = small_economy(2);
  ShockStudy found = study(*small, 12);
  found.kept[1].avoided = -0.01 * found.added();
  const auto marks = [](const Page& page) {
    for (const Block& block : page.blocks)
      if (const auto* bars = std::get_if<BarsBlock>(&block)) return bars->marks.front().at;
    return std::vector<std::optional<double>>{};
  };
  const auto at = marks(shock_page(small->atlas, found));
  REQUIRE(at.size() == 2);
  CHECK(at[1].value() == doctest::Approx(0.1 * found.kept[1].avoided));
  found.course.lost = 2e-13 * found.added();
  found.lost = {-1e-13 * found.added(), 0, 1e-13 * found.added()};
  const std::string text = page_text(*small, found);
  CHECK(text.contains(
      "value added of 0 CNY is lost, 0 % of a year's; in 90 % of 12 draws between 0 CNY and 0 CNY"));
}
