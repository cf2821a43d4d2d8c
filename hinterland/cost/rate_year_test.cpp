// The hourly rates of the real atlas: levels, shapes, cache; and the carbon of moving.
#include "hinterland/cost/rate_year.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>

#include "hinterland/base/random.hpp"
#include "hinterland/base/sample.hpp"
#include "hinterland/cost/hour_lists.hpp"
#include "hinterland/cost/rate_cache.hpp"
#include "hinterland/cost/terms.hpp"
#include "tests/china_rates.hpp"

using namespace hinterland;

namespace {

SiteTerms terms(const Atlas& atlas, const RateYear& from, const char* id) {
  const SiteYear& year = from.at({id});
  return site_terms(atlas, atlas.sites.at({id}), year, year.means());
}

// A folder that is gone when the test is over.
struct Folder {
  std::string path = (std::filesystem::temp_directory_path() / "hinterland-rate-cache-test").string();
  Folder() { std::filesystem::remove_all(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

}  // namespace

TEST_CASE("a flat load pays the atlas's price, whatever the periods") {
  for (const Site& site : china().sites) {
    CAPTURE(site.id.text);
    const HourLists lists = hour_lists(china(), site, rates().at(site.id));
    CHECK(mean(lists.price) == doctest::Approx(site.power_price.value).epsilon(1e-12));
    const bool flat = site.power_price_mode != PowerPriceMode::agency;
    const auto [least, most] = std::ranges::minmax(lists.price);
    if (flat) CHECK(least == doctest::Approx(most));
  }
  const auto [least, most] = std::ranges::minmax(
      hour_lists(china(), china().sites.at({"metro-shanghai"}), rates().at({"metro-shanghai"})).price);
  CHECK(most > 2 * least);
}

TEST_CASE("peak is never cheaper than valley, however low the price") {
  for (const double price : {-0.1, 0.0, 0.03, 0.0549, 0.06, 0.3}) {
    CAPTURE(price);
    Atlas atlas = china();
    atlas.sites.edit({"metro-shanghai"}).power_price = MoneyPerKwh{price};
    const Site& site = atlas.sites.at({"metro-shanghai"});
    const RateYear cheap = rate_year(atlas, 1, {});
    const HourLists lists = hour_lists(atlas, site, cheap.at(site.id));
    const HourLists usual = hour_lists(china(), china().sites.at(site.id), rates().at(site.id));
    CHECK(mean(lists.price) == doctest::Approx(price).epsilon(1e-9));
    for (std::size_t h = 1; h < lists.price.size(); ++h)
      if (usual.price[h] > usual.price[h - 1] + 1e-9) CHECK(lists.price[h] >= lists.price[h - 1] - 1e-12);
  }
}

TEST_CASE("a metered PUE is the mean of the hours; without one the plant's hours stand") {
  const auto pue = [&](const char* id) {
    return hour_lists(china(), china().sites.at({id}), rates().at({id})).pue;
  };
  REQUIRE(china().sites.at({"horinger"}).pue_reported.has_value());
  CHECK(mean(pue("horinger")) ==
        doctest::Approx(*china().sites.at({"horinger"}).pue_reported).epsilon(1e-12));
  REQUIRE_FALSE(china().sites.at({"guian"}).pue_reported.has_value());
  const Site& guian = china().sites.at({"guian"});
  const FacilityYear modelled = run_year(china().plants.at(guian.cooling),
                                         typical_weather(climate_of(china(), guian), 1), guian.power_load);
  CHECK(pue("guian")[4000] == modelled.pue[4000]);
  Atlas changed = china();
  REQUIRE(set_value(changed, "sites.guian.overhead_ratio=2").has_value());
  CHECK(terms(changed, rates(), "guian").pue - 1 ==
        doctest::Approx(2 * (terms(china(), rates(), "guian").pue - 1)));
}

TEST_CASE("a year of PUE x price by prefix sums is the hour-by-hour sum, at every site") {
  for (const Site& site : china().sites) {
    CAPTURE(site.id.text);
    const HourLists lists = hour_lists(china(), site, rates().at(site.id));
    double power = 0, carbon = 0, water = 0;
    for (std::size_t i = 0; i < lists.pue.size(); ++i) {
      power += lists.pue[i] * lists.price[i];
      carbon += lists.pue[i] * lists.carbon[i];
      water += lists.water[i];
    }
    const SiteTerms year = terms(china(), rates(), site.id.text.c_str());
    CHECK(std::abs(8760 * year.pue * year.power_price.value / power - 1) < 1e-12);
    CHECK(std::abs(8760 * year.pue * year.location.value / carbon - 1) < 1e-12);
    CHECK(std::abs(8760 * year.water.value / water - 1) < 1e-12);
  }
}

TEST_CASE("same seed, same rates; another seed, other weather of the same climate") {
  const RateYear again = rate_year(china(), 1, ""), other = rate_year(china(), 2, "");
  const auto overhead = [](const RateYear& from) -> const std::vector<double>& {
    return from.at({"guian"}).hours().overhead;
  };
  CHECK(overhead(again) == overhead(rates()));
  CHECK(overhead(other) != overhead(rates()));
  CHECK(other.at({"guian"}).means().overhead ==
        doctest::Approx(rates().at({"guian"}).means().overhead).epsilon(0.05));
}

TEST_CASE(
    "the physics is what the cache was filled by: where this fails on purpose, raise kPhysics of "
    "rate_cache.cpp") {
  struct Known {
    const char* site;
    double pue, water;
  };
  for (const auto& [id, pue, water] : {Known{"guian", 1.1741454638742235, 0.20785052097551032},
                                       Known{"zhangjiakou", 1.1465885286409712, 1.587624597213134},
                                       Known{"metro-shanghai", 1.5886741274562135, 2.029762269400083}}) {
    CAPTURE(id);
    const HourMeans& year = rates().at({id}).means();
    CHECK(1 + year.overhead == doctest::Approx(pue).epsilon(1e-9));
    CHECK(year.water == doctest::Approx(water).epsilon(1e-9));
  }
}

TEST_CASE("from the cache come the same bytes, and a damaged file is worked out anew") {
  const Folder folder;
  const RateYear first = rate_year(china(), 1, folder.path);
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path)) files.push_back(entry.path());
  CHECK(files.size() > 10);
  const auto same = [&](const RateYear& from) {
    for (const Site& site : china().sites) {
      CHECK(from.at(site.id).hours().overhead == rates().at(site.id).hours().overhead);
      CHECK(from.at(site.id).hours().water == rates().at(site.id).hours().water);
    }
  };
  same(first);
  same(rate_year(china(), 1, folder.path));
  {
    std::ofstream(files[0], std::ios::app) << "more";
  }
  std::filesystem::resize_file(files[1], 100);
  {
    std::fstream damaged(files[2], std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(5000);
    damaged.put('x');
  }
  for (std::size_t i = 0; i < 3; ++i)
    CHECK_FALSE(find_year(folder.path, files[i].stem().string()).has_value());
  same(rate_year(china(), 1, folder.path));
  for (std::size_t i = 0; i < 3; ++i) CHECK(find_year(folder.path, files[i].stem().string()).has_value());
}

TEST_CASE("a folder that cannot be one keeps nothing and fails nothing") {
  const RateYear year = rate_year(china(), 1, "/dev/null/no-such-folder");
  CHECK(year.at({"guian"}).hours().overhead == rates().at({"guian"}).hours().overhead);
}

TEST_CASE(
    "carbon of moving, 2022 factors: from Shanghai to Guizhou it falls, from Guangzhou to Horinger it "
    "rises") {
  const auto location = [&](const char* site) {
    return china().grids.at(china().sites.at({site}).grid).location.value;
  };
  CHECK(location("guian") < location("metro-shanghai"));
  CHECK(location("horinger") / location("metro-guangzhou") - 1 == doctest::Approx(0.56).epsilon(0.01));
  // Per IT kWh at PUE 1.42 and 1.20.
  CHECK(location("horinger") * 1.20 / (location("metro-guangzhou") * 1.42) - 1 ==
        doctest::Approx(0.31).epsilon(0.02));
  // And as the hours have it.
  const auto it = [&](const char* site) {
    const SiteTerms year = terms(china(), rates(), site);
    return year.pue * year.location.value;
  };
  CHECK(it("guian") < it("metro-shanghai"));
  CHECK(it("horinger") > 1.25 * it("metro-guangzhou"));
}

TEST_CASE(
    "waiting between the steps of its ladder is near the mean over every hour of the year in which one could "
    "ask") {
  static constexpr int kRuns = 60;
  RandomStream draw(1, "runs");
  std::vector<double> errors;
  for (const Site& site : china().sites) {
    const SiteYear& year = rates().at(site.id);
    const SiteLevels levels = site_levels(china(), site, year);
    const auto cost = [&](const Run& run) {
      const SiteTerms terms = site_terms(levels, year.over(run));
      return terms.pue * terms.power_price.value;
    };
    for (int i = 0; i < kRuns / 18 + 1; ++i) {
      Run run{.length = {std::floor(std::pow(167.0, draw.uniform()))},
              .wait = {std::floor(96 * draw.uniform() * draw.uniform())},
              .start = {},
              .ready_hour = {}};
      const double on_ladder = cost(run);
      double sum = 0;
      for (std::size_t hour = 0; hour < kYearHours; ++hour) {
        run.start = Hours{static_cast<double>(hour)};
        sum += cost(run);
      }
      errors.push_back(std::abs(on_ladder / (sum / kYearHours) - 1));
    }
  }
  CHECK(std::accumulate(errors.begin(), errors.end(), 0.0) / static_cast<double>(errors.size()) < 0.004);
  CHECK(*std::ranges::max_element(errors) < 0.05);
}
