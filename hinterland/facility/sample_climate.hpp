// The climate of a place from hourly weather measured there: the monthly normals that a CLIMAT report would give.
//
// Per month, over all years:
//   mean_c                 mean of the hours
//   daily_sd_c             sqrt(mean over years of the sample variance of the daily means within the month)
//   interannual_sd_c       sample sd of the month's mean over the years; 0 of one year, which cannot tell
//   daily_max_c, _min_c    mean of each day's highest and lowest hour
//   vapour_pressure_hpa    mean of RH/100 ps(T)
//   station_pressure_hpa   mean of the hours
// vapour_correction stays 0: calibrated() of climate.hpp finds it.
#pragma once
#include <vector>

#include "hinterland/facility/climate.hpp"

namespace hinterland {

// Requires years of 8,760 hours each; of none, all is 0.
Climate sample_climate(const std::vector<WeatherYear>& years, double latitude_deg, double longitude_deg,
                       double utc_offset_h);

}  // namespace hinterland
