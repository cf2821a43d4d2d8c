#include "hinterland/atlas/station.hpp"

#include "hinterland/atlas/atlas.hpp"
#include "hinterland/base/time.hpp"

namespace hinterland {

Fields<Station> station_fields() {
  return {
      field("id", &Station::id).naming().documented("WMO number of the station"),
      field("name", &Station::name).naming().documented("English name"),
      field("name_zh", &Station::name_zh).naming().documented("Chinese name"),
      field("latitude_deg", &Station::latitude_deg).within(-90, 90).documented("where it stands"),
      field("longitude_deg", &Station::longitude_deg).within(-180, 180).documented("where it stands"),
      field("elevation_m", &Station::elevation_m).within(-500, 6000).documented("above the sea"),
  };
}

Fields<ClimateMonth> climate_fields() {
  return {
      field("id", &ClimateMonth::id).naming().documented("station and month, such as 57816-01"),
      field("station", &ClimateMonth::station).refers("stations").naming().documented("the station"),
      field("month", &ClimateMonth::month).within(1, 12).naming().documented("1 is January"),
      field("mean_c", &ClimateMonth::mean_c).within(-70, 60).documented("mean temperature"),
      field("daily_sd_c", &ClimateMonth::daily_sd_c)
          .above(0, 30)
          .documented("standard deviation of the daily means within the month"),
      field("interannual_sd_c", &ClimateMonth::interannual_sd_c)
          .within(0, 30)
          .documented("standard deviation of the month's mean from year to year"),
      field("daily_max_c", &ClimateMonth::daily_max_c).within(-70, 70).documented("mean daily maximum"),
      field("daily_min_c", &ClimateMonth::daily_min_c).within(-80, 60).documented("mean daily minimum"),
      field("vapour_pressure_hpa", &ClimateMonth::vapour_pressure_hpa)
          .above(0, 60)
          .documented("mean pressure of the water vapour"),
      field("station_pressure_hpa", &ClimateMonth::station_pressure_hpa)
          .within(400, 1100)
          .documented("mean pressure at the station, not reduced to the sea"),
      field("vapour_correction", &ClimateMonth::vapour_correction)
          .within(-1, 1)
          .by_default("0")
          .naming()
          .documented("constant of the weather generator, derived from the station's twelve months"),
  };
}

Climate climate_of(const Atlas& atlas, const Site& site) {
  const Station& station = atlas.stations.at(site.climate_station);
  Climate climate{.latitude_deg = station.latitude_deg,
                  .longitude_deg = station.longitude_deg,
                  .utc_offset_h = standard_offset(atlas.country().time_zone).value,
                  .months = {}};
  for (const ClimateMonth& one : atlas.climate) {
    if (one.station != station.id) continue;
    climate.months.at(static_cast<std::size_t>(one.month) - 1) = {
        .mean_c = one.mean_c,
        .daily_sd_c = one.daily_sd_c,
        .interannual_sd_c = one.interannual_sd_c,
        .daily_max_c = one.daily_max_c,
        .daily_min_c = one.daily_min_c,
        .vapour_pressure_hpa = one.vapour_pressure_hpa,
        .station_pressure_hpa = one.station_pressure_hpa,
        .vapour_correction = one.vapour_correction,
    };
  }
  return climate;
}

}  // namespace hinterland
