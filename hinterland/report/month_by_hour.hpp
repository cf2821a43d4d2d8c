// Hours of years as a map of months by hours of the day.
#pragma once
#include <string>
#include <vector>

#include "hinterland/report/page.hpp"

namespace hinterland {

// Mean of values by month and hour of the day, 12 x 24, of model years of 8,760 values one behind the other.
HeatBlock month_by_hour(Words caption, std::string unit, const std::vector<double>& values);

}  // namespace hinterland
