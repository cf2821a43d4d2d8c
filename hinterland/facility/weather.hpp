// A year of weather, hour by hour.
//
// Exactly 8,760 hours in the place's local standard time, without leap day: hour 0 is 1 January 00:00-01:00. Where it
// comes from (a generator, an EPW file, a CSV file) is another file's business.
#pragma once
#include <vector>

#include "hinterland/base/model_year.hpp"

namespace hinterland {

struct WeatherHour {
  double temperature_c = 0;  // dry bulb
  double humidity_pct = 0;   // relative, 0 to 100
  double pressure_pa = 0;    // of the station, not reduced to the sea
};

using WeatherYear = std::vector<WeatherHour>;

}  // namespace hinterland
