// A plant through a year: PUE and WUE of every hour.
//
//   PUE = facility power / IT power      (ISO/IEC 30134-2, here of one hour)
//   WUE = litres on site / IT kWh        (ISO/IEC 30134-9)
#pragma once
#include <vector>

#include "hinterland/facility/plant.hpp"
#include "hinterland/facility/weather.hpp"

namespace hinterland {

struct FacilityYear {
  std::vector<double> pue;            // 8,760
  std::vector<double> wue_l_per_kwh;  // 8,760
  double chiller_hours_share = 0;     // hours in which a chiller runs
};

// `load` is IT power / design IT power, in (0, 1].
FacilityYear run_year(const Plant& plant, const WeatherYear& weather, double load);

struct YearSummary {
  double pue_mean = 1, pue_p95 = 1, pue_p99 = 1, wue_mean = 0, chiller_hours_share = 0;
};
YearSummary summarize(const FacilityYear& year);

}  // namespace hinterland
