// Stations and the climate of sites.
#include "hinterland/atlas/station.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "hinterland/atlas/atlas.hpp"
#include "tests/china.hpp"

using namespace hinterland;

namespace {

double mean_of(const Climate& climate, double MonthNormal::* member) {
  double sum = 0;
  for (const MonthNormal& month : climate.months) sum += month.*member;
  return sum / 12;
}

}  // namespace

TEST_CASE("every site has the climate of its station, on the atlas's clock") {
  for (const Site& site : china().sites) {
    CAPTURE(site.id.text);
    const Climate climate = climate_of(china(), site);
    const Station& station = china().stations.at(site.climate_station);
    CHECK(climate.latitude_deg == station.latitude_deg);
    CHECK(climate.utc_offset_h == 8);
    CHECK(climate.months[6].mean_c > climate.months[0].mean_c);  // all lie north of the equator
    for (const MonthNormal& month : climate.months) CHECK(month.daily_sd_c > 0);
  }
}

TEST_CASE("Guiyang's January is Guiyang's January") {
  const MonthNormal january = climate_of(china(), china().sites.at({"guian"})).months[0];
  const ClimateMonth& row = china().climate.at({"57816-01"});
  CHECK(january.mean_c == row.mean_c);
  CHECK(january.daily_sd_c == row.daily_sd_c);
  CHECK(january.interannual_sd_c == row.interannual_sd_c);
  CHECK(january.daily_max_c == row.daily_max_c);
  CHECK(january.daily_min_c == row.daily_min_c);
  CHECK(january.vapour_pressure_hpa == row.vapour_pressure_hpa);
  CHECK(january.station_pressure_hpa == row.station_pressure_hpa);
  CHECK(january.vapour_correction == row.vapour_correction);
}

TEST_CASE("pressure is the station's own, as its height would have it") {
  // Hypsometric with the station's mean temperature and 1016 hPa at the sea, within a hundred metres. The list has
  // Yan'an's height of another position, as its citation says.
  for (const Station& station : china().stations) {
    if (station.id.text == "53845") continue;
    CAPTURE(station.id.text);
    Site site;
    site.climate_station = station.id;
    const Climate climate = climate_of(china(), site);
    const double kelvin = 273.15 + mean_of(climate, &MonthNormal::mean_c) + 0.00325 * station.elevation_m;
    const double expected = 1016 * std::exp(-0.0289644 * 9.80665 * station.elevation_m / (8.31446 * kelvin));
    CHECK(mean_of(climate, &MonthNormal::station_pressure_hpa) == doctest::Approx(expected).epsilon(0.012));
  }
}

TEST_CASE("plants of the atlas are the four systems, and each site has one") {
  for (const char* id : {"airside", "evaporative", "seawater", "chiller"}) {
    CAPTURE(id);
    REQUIRE(china().plants.find({id}) != nullptr);
  }
  CHECK(china().plants.at({"chiller"}).system == CoolingSystem::chiller);
  CHECK(china().plants.at({"chiller"}).drives == Drives::fixed);
  CHECK(china().plants.at({"airside"}).system == CoolingSystem::airside);
  for (const Site& site : china().sites) CHECK(china().plants.find(site.cooling) != nullptr);
}
