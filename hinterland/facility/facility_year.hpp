// A plant through a year: PUE and WUE of every hour.
//
//   PUE = facility power / IT power      (ISO/IEC 30134-2, here of one hour)
//   WUE = litres on site / IT kWh        (ISO/IEC 30134-9)
#pragma once
#include <span>
#include <vector>

#include "hinterland/facility/plant.hpp"
#include "hinterland/facility/plant_hour.hpp"
#include "hinterland/facility/weather.hpp"

namespace hinterland {

struct FacilityYear {
  std::vector<double> pue;            // 8,760
  std::vector<double> wue_l_per_kwh;  // 8,760
  double chiller_hours_share = 0;     // hours in which a chiller runs at all, be it for a part of the heat
};

// `load` is IT power / design IT power, in (0, 1]. A seawater plant takes sea_from_air(weather).
FacilityYear run_year(const Plant& plant, const WeatherYear& weather, double load);

// The same for several years, one behind the other, and what their hours are made of in the mean.
struct FacilityYears {
  FacilityYear hours;
  PlantHour mean;
};
FacilityYears run_years(const Plant& plant, std::span<const WeatherYear> years, double load);

// The sea's temperature where only the air's is known: the mean of the air over 30 days around the hour, wrapping at
// the year's ends, never below -1.8 degC, where sea water freezes. Assumed, not measured: real seas lag the air by weeks
// and swing less, so summers come out too warm and winters too cold.
std::vector<double> sea_from_air(const WeatherYear& weather);

// p95 and p99 are quantile()s (base/sample.hpp) of PUE over the hours.
struct YearSummary {
  double pue_mean = 1, pue_p95 = 1, pue_p99 = 1, wue_mean = 0, chiller_hours_share = 0;
};
YearSummary summarize(const FacilityYear& year);

}  // namespace hinterland
