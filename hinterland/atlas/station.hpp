// Weather stations and their climate: twelve monthly normals each, from which facility draws hourly weather.
#pragma once
#include <string>

#include "hinterland/atlas/place.hpp"
#include "hinterland/base/field.hpp"
#include "hinterland/facility/climate.hpp"

namespace hinterland {

struct Station {
  StationId id;  // its WMO number
  std::string name, name_zh;
  double latitude_deg = 0, longitude_deg = 0;
  double elevation_m = 0;

  [[nodiscard]] Coordinates at() const { return {latitude_deg, longitude_deg}; }
};

// One month of one station.
struct ClimateMonth {
  ClimateMonthId id;
  StationId station;
  double month = 1;  // 1 to 12, whole
  double mean_c = 0, daily_sd_c = 0, interannual_sd_c = 0, daily_max_c = 0, daily_min_c = 0;
  double vapour_pressure_hpa = 0, station_pressure_hpa = 0;
  double vapour_correction = 0;  // calibrate_vapour of the station's twelve months: derived, not a fact
};

Fields<Station> station_fields();
Fields<ClimateMonth> climate_fields();

struct Atlas;

// The climate of the site's station, on the clock of the atlas's time zone. The loader has checked that the station has
// its twelve months. Temperature and pressure are the station's own: nothing is shifted to the site's elevation, of
// which the atlas knows nothing.
Climate climate_of(const Atlas& atlas, const Site& site);

}  // namespace hinterland
