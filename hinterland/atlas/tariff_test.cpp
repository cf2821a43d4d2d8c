// Tariffs by time of use.
#include "hinterland/atlas/tariff.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "hinterland/atlas/atlas.hpp"
#include "tests/china.hpp"

using namespace hinterland;

TEST_CASE("each site has the tariff of its area, and each tariff a price for every hour") {
  for (const Site& site : china().sites) {
    CAPTURE(site.id.text);
    const Tariff& tariff = china().tariffs.at(site.tariff);
    const auto ratios = price_ratios(china(), tariff);
    REQUIRE(ratios.size() == 8760);
    CHECK(*std::ranges::min_element(ratios) > 0);
    const bool flat = *std::ranges::min_element(ratios) == 1 && *std::ranges::max_element(ratios) == 1;
    CHECK(flat == (site.region.text == "chongqing"));  // the one without periods
  }
}

TEST_CASE("an hour has the mean ratio of its two half hours") {
  Atlas atlas = china();
  TariffMonth july = atlas.tariff_months.at({"guizhou-07"});
  july.periods = std::string("VPVV") + std::string(44, 'F');
  atlas.tariff_months.put(july);
  const Tariff& guizhou = atlas.tariffs.at({"guizhou"});
  const auto ratios = price_ratios(atlas, guizhou);
  const std::size_t first = 181 * 24;  // 1 July
  CHECK(ratios[first] == doctest::Approx((*guizhou.valley + *guizhou.peak) / 2));
  CHECK(ratios[first + 1] == *guizhou.valley);
  CHECK(ratios[first + 2] == 1);
  CHECK(ratios[first + 24] == ratios[first]);
}

TEST_CASE("the Pearl River's sharp hours are noon and afternoon of July to September") {
  const Tariff& tariff = china().tariffs.at({"guangdong-pearl-river"});
  const auto ratios = price_ratios(china(), tariff);
  const std::size_t july = 181 * 24, june = 151 * 24;
  CHECK(ratios[july + 11] == *tariff.sharp);
  CHECK(ratios[july + 15] == *tariff.sharp);
  CHECK(ratios[july + 10] == *tariff.peak);
  CHECK(ratios[june + 11] == *tariff.peak);
  CHECK(ratios[july + 3] == *tariff.valley);
  // The same on every day of the three months, and on no other day.
  CHECK(std::ranges::count(ratios, *tariff.sharp) == (31 + 31 + 30) * 3);
}

TEST_CASE("--set cannot break a tariff") {
  for (const char* bad : {"tariff_periods.guizhou-07.periods=FFF", "tariff_periods.guizhou-07.month=6",
                          "tariff_periods.guizhou-07.month=6.5", "tariffs.guizhou.peak_ratio=-1",
                          "tariffs.guizhou.load_factor=0", "sites.guian.tariff=atlantis"}) {
    CAPTURE(bad);
    Atlas atlas = china();
    CHECK_FALSE(set_value(atlas, bad).has_value());
  }
  Atlas atlas = china();
  CHECK_FALSE(set_value(atlas, "tariff_periods.guizhou-07.periods=" + std::string(48, 'S')).has_value());
  atlas = china();
  REQUIRE(set_value(atlas, "tariffs.guizhou.sharp_ratio=2").has_value());
  REQUIRE(set_value(atlas, "tariff_periods.guizhou-07.periods=" + std::string(48, 'S')).has_value());
  const auto ratios = price_ratios(atlas, atlas.tariffs.at({"guizhou"}));
  CHECK(ratios[181 * 24] == 2);
}
